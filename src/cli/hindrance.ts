import { isAlive } from '../execution/process-fate.ts';
import type { Refused } from '../run/decision.ts';
import type { RunEvent } from '../run/event.ts';
import type { Intent } from '../run/intent.ts';
import type { RunState } from '../run/state.ts';
import { endsOfBackground } from './background-ends.ts';
import type { Surroundings } from './surroundings.ts';

export interface Outside {
  /** What was found out, to be journaled before anything is decided. */
  readonly events: readonly RunEvent[];
  readonly refusal?: Refused;
}

/** What only the world outside the state knows of an intent: secrets that are in no journal, processes that still live. */
export async function hindranceOf(
  state: RunState,
  intent: Intent,
  surroundings: Surroundings,
): Promise<Outside> {
  switch (intent.type) {
    case 'run':
      return missingSecrets(state, surroundings);
    case 'settle':
      return stillAlive(state);
    case 'finish':
    case 'stop-background':
    case 'leave-background':
      return { events: await endsOfBackground(state) };
    default:
      return { events: [] };
  }
}

function missingSecrets(state: RunState, surroundings: Surroundings): Outside {
  const missing = Object.entries(state.inputs)
    .filter(([name, input]) => input.secret && !surroundings.hasSecret(name))
    .map(([name]) => name);
  if (missing.length === 0) return { events: [] };
  return {
    events: [],
    refusal: {
      kind: 'refused',
      reason: `secrets are not kept with a run: ${missing.join(', ')} must be given again`,
      next: 'give the value, then run the command',
      overridable: false,
      needsPerson: true,
    },
  };
}

async function stillAlive({ interrupted }: RunState): Promise<Outside> {
  if (!interrupted?.alive || interrupted.pid === undefined) return { events: [] };
  const { command, attempt, pid, birth } = interrupted;
  if (!(await isAlive(pid, birth)))
    return { events: [{ type: 'command-interrupted', command, attempt, alive: false }] };
  return {
    events: [],
    refusal: {
      kind: 'refused',
      reason: `the interrupted command is still running (pid ${pid})`,
      next: 'wait until it ends, or stop it; then say how it went',
      overridable: false,
      needsPerson: true,
    },
  };
}
