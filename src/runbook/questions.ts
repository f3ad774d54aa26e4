import { commandsOf, unsetVariables, type Walk, walkItems } from './input-reading.ts';
import type { Placeholder, Variable } from './placeholder.ts';
import type { Procedure } from './procedure.ts';

/** Something that a run has to be told before it can run its commands. */
export type Question = Placeholder | Variable;

/**
 * What a run of the procedure would ask for, in the order of first use, with only the uses that lie on the
 * chosen way. `chosen` maps a choice's id to an option's id; where it says nothing, every option counts. The
 * shell grammar must be loaded.
 */
export function questions(
  procedure: Procedure,
  chosen: Readonly<Record<string, string>> = {},
): readonly Question[] {
  const walk = choose(walkItems(procedure.items), chosen);
  const order = new Map(commandsOf(walk).map((command, index) => [command.id, index]));
  const unset = new Map(
    unsetVariables(walk).map((variable) => [variable.name, new Set(variable.uses.map((use) => use.command))]),
  );
  const asked: Question[] = [];
  for (const placeholder of procedure.placeholders) {
    const uses = placeholder.uses.filter((use) => order.has(use.command));
    if (uses.length > 0) asked.push({ ...placeholder, uses });
  }
  for (const variable of procedure.variables) {
    const commands = unset.get(variable.name);
    const uses = commands ? variable.uses.filter((use) => commands.has(use.command)) : [];
    if (uses.length > 0) asked.push({ ...variable, uses });
  }
  const place = (question: Question) => question.uses[0]!;
  return asked.sort(
    (a, b) =>
      order.get(place(a).command)! - order.get(place(b).command)! ||
      place(a).range.start - place(b).range.start,
  );
}

/** Leaves out the ways that were not taken. */
function choose(walk: readonly Walk[], chosen: Readonly<Record<string, string>>): readonly Walk[] {
  return walk.flatMap((step): readonly Walk[] => {
    if (step.at === 'command') return [step];
    const taken = step.options.find((option) => option.id === chosen[step.id]);
    if (taken) return choose(taken.walk, chosen);
    return [
      { ...step, options: step.options.map((option) => ({ ...option, walk: choose(option.walk, chosen) })) },
    ];
  });
}
