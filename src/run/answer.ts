import type { Accepted, Action, Refused } from './decision.ts';
import type { RunEvent } from './event.ts';

/** Yes: these events, then the action. */
export function accepted(events: readonly RunEvent[], action?: Action): Accepted {
  return action ? { kind: 'accepted', events, action } : { kind: 'accepted', events };
}

/** No: why, and what to do instead. */
export function refused(reason: string, next: string, more: Partial<Refused> = {}): Refused {
  return { kind: 'refused', reason, next, overridable: false, ...more };
}
