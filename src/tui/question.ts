import { here } from '../run/here.ts';
import { measure } from '../run/measure.ts';
import type { RunState } from '../run/state.ts';
import type { Context } from './keymap.ts';

/** What the run wants to know next: the context that its keys belong to, and a name that no other question has. */
export interface Question {
  readonly context: Context;
  readonly id: string;
}

/** The one thing that a run asks of its operator now. */
export function questionOf(state: RunState): Question {
  const context = contextOf(state);
  const at = here(state);
  const part = at.kind === 'part' ? at.part.id : at.kind === 'choice' ? at.choice.id : at.kind;
  const tries = at.kind === 'part' ? (state.parts[at.part.id]?.attempts.length ?? 0) : 0;
  return { context, id: [context, state.step ?? '', part, tries, state.status].join('/') };
}

function contextOf(state: RunState): Context {
  if (state.interrupted) return 'interrupted';
  if (state.running) return 'running';
  if (state.runbookChanged) return 'changed';
  const at = here(state);
  switch (at.kind) {
    case 'choice':
      return 'choice';
    case 'end':
      return 'end';
    case 'step-done':
      return state.step === undefined ? 'begin' : 'step-done';
    case 'part':
      if (state.started.mode === 'preview') return 'preview';
      if (at.part.kind === 'criterion') return measure(state, at.part) ? 'measured' : 'criterion';
      if (at.part.kind !== 'command') return at.part.kind;
      return at.status === 'failed' ? 'failed' : 'command';
  }
}
