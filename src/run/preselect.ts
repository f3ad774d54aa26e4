import type { Choice, Option } from '../runbook/choice.ts';
import type { PartChoice, PartOption } from '../runbook/part.ts';
import { choicesOf } from './plan.ts';
import type { RunState } from './state.ts';

export interface Preselection {
  readonly option: string;
  /** True where the target or an earlier choice of this run says so; false where it is only the first of the list. */
  readonly certain: boolean;
}

/**
 * The option to offer first: the one taken before under the same title in this run, else the one whose tags are
 * the target's, else the first.
 */
export function preselect(state: RunState, choice: Choice | PartChoice): Preselection {
  const before = takenBefore(state, choice);
  if (before) return { option: before.id, certain: true };
  const tags = new Set([...(state.started.target?.tags ?? []), state.started.target?.environment ?? '']);
  const fitting = choice.options.filter((option) => tagsOf(option).some((tag) => tags.has(tag)));
  if (fitting.length === 1) return { option: fitting[0]!.id, certain: true };
  return { option: (fitting[0] ?? choice.options[0])!.id, certain: false };
}

function tagsOf(option: Option | PartOption): readonly string[] {
  return 'tags' in option ? option.tags : option.title.toLowerCase().split(/[^a-z0-9]+/);
}

function takenBefore(state: RunState, choice: Choice | PartChoice): Option | PartOption | undefined {
  const titles = new Set(
    choicesOf(state.started.procedure.items).flatMap((other) =>
      other.options.filter((option) => state.options[other.id] === option.id).map((option) => option.title),
    ),
  );
  const same = choice.options.filter((option) => titles.has(option.title));
  return same.length === 1 ? same[0] : undefined;
}
