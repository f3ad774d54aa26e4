import type { Recorded } from '../run/event.ts';
import { between } from './measured.ts';

/**
 * Seconds spent in each step that was entered, by its id, over all visits. The time in which the run was stopped,
 * handed over, or dead does not count. `end`: when the run ended, or now.
 */
export function spentIn(events: readonly Recorded[], end: string): ReadonlyMap<string, number> {
  const spent = new Map<string, number>();
  let step: string | undefined;
  let since: string | undefined;
  let last: string | undefined;
  const leave = (at: string): void => {
    if (step !== undefined && since !== undefined)
      spent.set(step, (spent.get(step) ?? 0) + between(since, at));
    since = undefined;
  };
  for (const event of events) {
    switch (event.type) {
      case 'step-entered':
        leave(event.time);
        step = event.step;
        since = event.time;
        break;
      case 'run-stopped':
      case 'handed-over':
      case 'run-finished':
        leave(event.time);
        break;
      case 'run-taken-over':
        leave(last ?? event.time);
        break;
      case 'run-resumed':
        leave(last ?? event.time);
        since = event.time;
        break;
      default:
    }
    last = event.time;
  }
  leave(end);
  return spent;
}
