import type { RunState } from '../run/state.ts';
import type { Choice } from '../runbook/choice.ts';
import type { PartChoice } from '../runbook/part.ts';

/** The option that the target's words speak for; the first where none does. */
export function preselected(state: RunState, choice: Choice | PartChoice): number {
  const { target } = state.started;
  if (!target) return 0;
  const words = new Set([...target.tags, target.environment, target.name].map((word) => word.toLowerCase()));
  const found = choice.options.findIndex((option) => wordsOf(option).some((word) => words.has(word)));
  return Math.max(0, found);
}

function wordsOf(option: { readonly title: string; readonly tags?: readonly string[] }): readonly string[] {
  return [...(option.tags ?? []), ...option.title.toLowerCase().split(/[^\p{L}\p{N}]+/u)];
}
