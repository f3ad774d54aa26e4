import { isAlive } from '../execution/process-fate.ts';
import type { Refused } from '../run/decision.ts';
import type { RunEvent } from '../run/event.ts';
import type { Intent } from '../run/intent.ts';
import type { RunState } from '../run/state.ts';
import { endsOfBackground } from './background-ends.ts';
import { goneUnseen } from './gone-unseen.ts';

export interface Outside {
  /** What was found out, to be journaled before anything is decided. */
  readonly events: readonly RunEvent[];
  readonly refusal?: Refused;
}

/** What only the world outside the state knows of an intent: which processes still live. */
export async function hindranceOf(
  state: RunState,
  intent: Intent,
  mask: (text: string) => string,
): Promise<Outside> {
  switch (intent.type) {
    case 'settle':
      return stillAlive(state, mask);
    case 'finish':
    case 'stop-background':
    case 'leave-background':
      return { events: await endsOfBackground(state) };
    default:
      return { events: [] };
  }
}

async function stillAlive({ interrupted }: RunState, mask: (text: string) => string): Promise<Outside> {
  if (!interrupted?.alive || interrupted.pid === undefined) return { events: [] };
  const { pid, birth } = interrupted;
  if (!(await isAlive(pid, birth))) return { events: [await goneUnseen(interrupted, mask)] };
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
