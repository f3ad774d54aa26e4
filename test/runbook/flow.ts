import type { Item } from '../../src/runbook/choice.ts';
import type { Command, Part } from '../../src/runbook/part.ts';
import type { Procedure } from '../../src/runbook/procedure.ts';
import type { Runbook } from '../../src/runbook/runbook.ts';
import type { Step } from '../../src/runbook/step.ts';

/** Every step of a procedure, whatever is chosen, in document order. */
export function stepsOf(items: readonly Item[]): readonly Step[] {
  return items.flatMap((item) =>
    item.kind === 'step' ? [item] : item.options.flatMap((option) => stepsOf(option.items)),
  );
}

/** Every part, those inside choices too. */
export function partsOf(parts: readonly Part[]): readonly Part[] {
  return parts.flatMap((part) =>
    part.kind === 'choice' ? [part, ...part.options.flatMap((option) => partsOf(option.parts))] : [part],
  );
}

export function allParts(runbook: Runbook): readonly Part[] {
  return [
    ...runbook.procedures.flatMap((procedure) =>
      stepsOf(procedure.items).flatMap((step) => partsOf(step.parts)),
    ),
    ...runbook.symptoms.flatMap((symptom) => partsOf(symptom.remedy)),
  ];
}

export function commandsIn(parts: readonly Part[]): readonly Command[] {
  return parts.filter((part) => part.kind === 'command');
}

/** The procedure of that title; fails the test where there is none. */
export function procedureOf(runbook: Runbook, title: string): Procedure {
  const found = runbook.procedures.find((procedure) => procedure.title === title);
  if (!found)
    throw new Error(`no procedure "${title}" among ${runbook.procedures.map((one) => one.title).join(', ')}`);
  return found;
}
