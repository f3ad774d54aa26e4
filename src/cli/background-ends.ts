import { stillRunning } from '../execution/background.ts';
import type { RunEvent } from '../run/event.ts';
import type { RunState } from '../run/state.ts';

/** The facts about background processes of a run that have ended since somebody last looked. */
export async function endsOfBackground({ background }: RunState): Promise<readonly RunEvent[]> {
  const open = background.filter((process) => process.settled === undefined);
  const running = new Set(await stillRunning(open));
  return open
    .filter((process) => !running.has(process))
    .map(({ pid, signalled }) => ({
      type: 'background-settled',
      pid,
      as: signalled === undefined ? 'ended' : 'stopped',
    }));
}
