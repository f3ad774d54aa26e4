import { guardOf } from '../run/decide-command.ts';
import { elsewhere } from '../run/elsewhere.ts';
import { here } from '../run/here.ts';
import type { Intent } from '../run/intent.ts';
import type { RunState } from '../run/state.ts';
import type { Overlay } from './overlay.ts';
import type { Readings } from './readings.ts';

/** An override with its reason, of a command that wants its phrase as well: the guard that asks for it. */
export function phraseOfOverride(
  state: RunState,
  readings: Readings,
  intent: Intent,
): Pick<Extract<Overlay, { kind: 'guard' }>, 'intent' | 'guarded'> | undefined {
  if (intent.type !== 'run' || intent.confirmation?.by !== 'override') return undefined;
  if (intent.confirmation.phrase !== undefined || intent.confirmation.reason.trim() === '') return undefined;
  const at = here(state);
  if (at.kind !== 'part' || at.part.kind !== 'command') return undefined;
  const { reading } = readings.of(state, at.part);
  const guard = guardOf(state, at.step, reading);
  if (guard.kind !== 'phrase') return undefined;
  return {
    intent,
    guarded: { kind: 'guarded', command: at.part.id, guard, reading, cautions: elsewhere(state, reading) },
  };
}
