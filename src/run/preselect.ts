import type { Choice, Option } from '../runbook/choice.ts';
import type { PartChoice, PartOption } from '../runbook/part.ts';
import type { Procedure } from '../runbook/procedure.ts';
import { choicesOf } from './plan.ts';
import type { RunState } from './state.ts';
import type { Target } from './target.ts';

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
  const { procedure, target } = state.started;
  const before = takenBefore(procedure, state.options, choice);
  if (before) return { option: before.id, certain: true };
  return byTarget(target, choice);
}

/** The options that a target decides by itself, before a run: choice → option. */
export function targetOptions(
  procedure: Procedure,
  target: Target | undefined,
): Readonly<Record<string, string>> {
  const decided = choicesOf(procedure.items).map((choice) => ({ choice, ...byTarget(target, choice) }));
  return Object.fromEntries(
    decided.filter(({ certain }) => certain).map(({ choice, option }) => [choice.id, option]),
  );
}

function byTarget(target: Target | undefined, choice: Choice | PartChoice): Preselection {
  const words = new Set([...(target?.tags ?? []), target?.environment ?? '']);
  const fitting = choice.options.filter((option) => tagsOf(option).some((tag) => words.has(tag)));
  if (fitting.length === 1) return { option: fitting[0]!.id, certain: true };
  return { option: (fitting[0] ?? choice.options[0])!.id, certain: false };
}

function tagsOf(option: Option | PartOption): readonly string[] {
  return 'tags' in option ? option.tags : option.title.toLowerCase().split(/[^a-z0-9]+/);
}

function takenBefore(
  procedure: Procedure,
  options: Readonly<Record<string, string>>,
  choice: Choice | PartChoice,
): Option | PartOption | undefined {
  const titles = new Set(
    choicesOf(procedure.items).flatMap((other) =>
      other.options.filter((option) => options[other.id] === option.id).map((option) => option.title),
    ),
  );
  const same = choice.options.filter((option) => titles.has(option.title));
  return same.length === 1 ? same[0] : undefined;
}
