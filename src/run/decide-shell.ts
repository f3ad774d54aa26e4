import { refused } from './answer.ts';
import type { Decision } from './decision.ts';
import { guardFor } from './guard.ts';
import type { RunState } from './state.ts';

/** In a shell everything can be typed: it is refused where commands that nobody knows would be. */
export function decideShell(state: RunState): Decision {
  const { target, mode } = state.started;
  const guard = guardFor({
    effect: 'unknown',
    environment: target?.environment,
    mode,
    database: target?.database,
    restoring: false,
    thing: undefined,
    elsewhere: undefined,
  });
  if (guard.kind === 'refuse') return refused(guard.reason, guard.next);
  return { kind: 'accepted', events: [{ type: 'shell-opened' }], action: { kind: 'open-shell' } };
}
