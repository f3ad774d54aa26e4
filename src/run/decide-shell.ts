import type { Reading } from '../effects/effect.ts';
import { accepted, refused } from './answer.ts';
import type { Asked } from './decide.ts';
import type { Decision } from './decision.ts';
import type { RunEvent } from './event.ts';
import { guardFor } from './guard.ts';
import type { Intent } from './intent.ts';
import type { RunState } from './state.ts';
import { identityDifference } from './target.ts';

/** What is known of a shell before it opens. */
const reading: Reading = {
  class: 'unknown',
  effects: [
    {
      class: 'unknown',
      reason: 'a shell of your own: what is typed there is neither read first nor guarded',
      start: 0,
      end: 0,
    },
  ],
  connections: [],
  interactive: true,
  background: false,
  longRunning: false,
};

/**
 * A shell is guarded like a command that nobody knows: anything can be typed there. A server that does not answer stops
 * nobody from opening one, because finding out why may be what it is for; another server than the run's does.
 */
export function decideShell(
  state: RunState,
  intent: Extract<Intent, { type: 'open-shell' }>,
  { serverAsked }: Asked,
): Decision {
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
  const open: RunEvent = { type: 'shell-opened' };
  if (guard.kind === 'run') return { kind: 'accepted', events: [open], action: { kind: 'open-shell' } };
  if (!intent.confirmation)
    return {
      kind: 'guarded',
      command: 'shell',
      shell: true,
      guard: {
        kind: 'enter',
        caution: `Every command in it goes where you send it: nothing asks again before it destroys${target ? ` something of ${target.database}` : ''}.`,
      },
      reading,
      cautions: [],
    };
  if (target?.engine === 'postgres' && !serverAsked) return { ...accepted([]), action: { kind: 'identify' } };
  const now = state.lastIdentity?.identity;
  const difference = state.identity && now && identityDifference(state.identity, now);
  if (difference)
    return refused(
      `this is not the server that the run began with: ${difference}`,
      'find out why; if it is the right one after all, accept it with a reason',
      { needsPerson: true },
    );
  const by = intent.confirmation.by === 'flag' ? 'flag' : 'enter';
  return {
    kind: 'accepted',
    events: [{ type: 'guard-confirmed', command: 'shell', effect: 'unknown', by }, open],
    action: { kind: 'open-shell' },
  };
}
