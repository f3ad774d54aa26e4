import { unsettled } from '../run/background.ts';
import type { RunState } from '../run/state.ts';
import { sanitiseLine } from '../terminal/sanitise.ts';

/** What stays in the scrollback of whoever leaves a run: how it stands, and what goes on without anybody looking. */
export function leavingWords(state: RunState): readonly string[] {
  const { status, outcome, started } = state;
  if (status === 'finished') return [`Run ${started.run}: ${outcome ?? 'finished'}.`];
  return [
    `Run ${started.run} is stopped.`,
    ...unsettled(state).map(
      ({ pid, command }) => `Still running in the background: ${sanitiseLine(command)} (pid ${pid})`,
    ),
    `Go on with: drillbook resume ${started.run}`,
  ];
}
