import type { Item } from '../runbook/choice.ts';
import type { Step } from '../runbook/step.ts';

/** Every step of a procedure, with those of every option. */
export function stepsOf(items: readonly Item[]): readonly Step[] {
  return items.flatMap((item) =>
    item.kind === 'step' ? [item] : item.options.flatMap((option) => stepsOf(option.items)),
  );
}
