import type { Choice, Item } from '../runbook/choice.ts';
import type { ChecklistItem, Command, Criterion, ManualAction, Part, PartChoice } from '../runbook/part.ts';
import type { Step } from '../runbook/step.ts';

type Options = Readonly<Record<string, string>>;

/** A part that a run waits for. Files and commands that stand only in prose are offered, not waited for. */
export type Doer = Command | ManualAction | ChecklistItem | Criterion;

/** The steps of a procedure in order, with the taken options laid open; a choice not made yet stands for itself. */
export function planned(items: readonly Item[], options: Options): readonly (Step | Choice)[] {
  return items.flatMap((item): readonly (Step | Choice)[] => {
    if (item.kind === 'step') return [item];
    const taken = item.options.find((option) => option.id === options[item.id]);
    return taken ? planned(taken.items, options) : [item];
  });
}

/** The parts of a step in order, with the taken alternatives laid open. */
export function plannedParts(parts: readonly Part[], options: Options): readonly Part[] {
  return parts.flatMap((part): readonly Part[] => {
    if (part.kind !== 'choice') return [part];
    const taken = part.options.find((option) => option.id === options[part.id]);
    return taken ? plannedParts(taken.parts, options) : [part];
  });
}

export function isDoer(part: Part): part is Doer {
  switch (part.kind) {
    case 'command':
      return part.offered !== true;
    case 'manual':
    case 'check':
    case 'criterion':
      return true;
    case 'prose':
    case 'sample':
    case 'file':
    case 'choice':
      return false;
  }
}

/** What a run has to settle in a step, in order: doers, and choices not made yet. */
export function doersOf(step: Step, options: Options): readonly (Doer | PartChoice)[] {
  return plannedParts(step.parts, options).filter((part) => isDoer(part) || part.kind === 'choice') as (
    | Doer
    | PartChoice
  )[];
}

/** Every choice that stands in a procedure, outermost first, whether it can be reached or not. */
export function choicesOf(items: readonly Item[]): readonly (Choice | PartChoice)[] {
  return items.flatMap((item): readonly (Choice | PartChoice)[] =>
    item.kind === 'choice'
      ? [item, ...item.options.flatMap((option) => choicesOf(option.items))]
      : partChoicesOf(item.parts),
  );
}

function partChoicesOf(parts: readonly Part[]): readonly PartChoice[] {
  return parts.flatMap((part) =>
    part.kind === 'choice' ? [part, ...part.options.flatMap((option) => partChoicesOf(option.parts))] : [],
  );
}
