import { isShellLoaded } from '../syntax/shell.ts';
import { asksForSomething, byHand, isByHand } from './asking-step.ts';
import type { Block } from './block.ts';
import type { Item } from './choice.ts';
import type { GuessedBlock, PlacedParts } from './guess.ts';
import { type Places, readInputs } from './input-reading.ts';
import type { Command, Part, PartChoice } from './part.ts';
import type { Use, Variable } from './placeholder.ts';
import type { Procedure } from './procedure.ts';
import type { Range } from './range.ts';
import type { Step } from './step.ts';

/**
 * The procedure with one of its guessed blocks (`procedure.guesses`) read as `role`: as what it is read as now (then
 * nothing changes) or as the other thing that it may be. Undefined where the block is none of them, or was never guessed
 * to be that. Pure, and needs nothing but the value, so that a fold of a run's events can call it. The ids of all
 * other parts stay; those of the block's parts are the same each time it is read that way, so that a second call with
 * the first role gives the first procedure back. What the procedure has to be told is read anew, where the shell
 * grammar is loaded.
 */
export function rereadBlock(procedure: Procedure, block: string, role: Block['role']): Procedure | undefined {
  const guessed = procedure.guesses?.find((one) => one.block === block);
  if (!guessed) return undefined;
  if (guessed.role === role) return procedure;
  if (guessed.other.role !== role) return undefined;
  const taken: PlacedParts[] = [];
  const items = rereadItems(procedure.items, guessed, taken);
  const swapped: GuessedBlock = {
    ...guessed,
    role,
    guess: { reason: guessed.guess.reason, otherwise: guessed.role },
    other: { role: guessed.role, places: taken },
  };
  return {
    ...withItems(procedure, items),
    guesses: procedure.guesses!.map((one) => (one === guessed ? swapped : one)),
  };
}

/**
 * The procedure with other items: what it has to be told is read anew. Where the shell grammar is not loaded it stays as
 * it was: who only looks how far a run is asks for nothing, and nothing can be run without the grammar.
 */
export function withItems(procedure: Procedure, items: readonly Item[]): Procedure {
  if (!isShellLoaded()) return { ...procedure, items };
  const { placeholders, variables } = readInputs(items, placesKnown(procedure));
  const earlier = new Map(procedure.variables.map((variable) => [variable.name, variable.earlier]));
  return {
    ...procedure,
    items,
    placeholders,
    variables: variables.map((variable): Variable => {
      const known = earlier.get(variable.name);
      return known ? { ...variable, earlier: known } : variable;
    }),
  };
}

function rereadItems(items: readonly Item[], guessed: GuessedBlock, taken: PlacedParts[]): readonly Item[] {
  return items.map((item): Item => {
    if (item.kind === 'choice')
      return {
        ...item,
        options: item.options.map((option) => ({
          ...option,
          items: rereadItems(option.items, guessed, taken),
        })),
      };
    return rereadStep(item, guessed, taken);
  });
}

function rereadStep(step: Step, guessed: GuessedBlock, taken: PlacedParts[]): Step {
  const given = guessed.other.places.find((place) => place.step === step.id)?.parts ?? [];
  const old: Part[] = [];
  const asked = step.parts.filter((part) => !isByHand(part, step));
  const own = exchange(asked, guessed.range, given, old);
  if (old.length === 0 && given.length === 0) return step;
  if (old.length > 0) taken.push({ step: step.id, parts: old });
  return {
    ...step,
    parts: asksForSomething(own) ? own : [...own, byHand(`${step.id}/manual`, step.title, step.range)],
  };
}

/** Puts the given parts where those of the block are, or would be; what stood there goes to `old`. */
function exchange(
  parts: readonly Part[],
  block: Range,
  given: readonly Part[],
  old: Part[],
): readonly Part[] {
  const around = parts.find(
    (part): part is PartChoice =>
      part.kind === 'choice' &&
      !within(part.range, block) &&
      part.options.some((option) => within(block, option.range)),
  );
  if (around)
    return parts.map((part) =>
      part === around
        ? {
            ...around,
            options: around.options.map((option) =>
              within(block, option.range)
                ? { ...option, parts: exchange(option.parts, block, given, old) }
                : option,
            ),
          }
        : part,
    );
  const of = (part: Part) => within(part.range, block);
  old.push(...parts.filter(of));
  const at = parts.findIndex((part) => of(part) || part.range.start >= block.end);
  const kept = (some: readonly Part[]) => some.filter((part) => !of(part));
  return at < 0 ? [...parts, ...given] : [...kept(parts.slice(0, at)), ...given, ...kept(parts.slice(at))];
}

function within(inner: Range, outer: Range): boolean {
  return inner.start >= outer.start && inner.end <= outer.end;
}

/**
 * Places in a procedure whose source is not at hand: on the first line of a command counted from where it starts; below
 * that as they were read before; else the whole command.
 */
function placesKnown({ placeholders, variables }: Procedure): Places {
  const known = new Map<string, Range[]>();
  for (const { text, uses } of placeholders)
    for (const use of uses) add(known, `${use.command} ${text}`, use);
  for (const { name, uses } of variables) for (const use of uses) add(known, `${use.command} ${name}`, use);
  return (command, start, end) => {
    const words = command.text.slice(start, end);
    const name = /^\$\{?[#!]?(\w+)/.exec(words)?.[1] ?? words;
    const before = known.get(`${command.id} ${words}`) ?? known.get(`${command.id} ${name}`);
    // The uses of one name come in the order in which they were read.
    const found = before?.shift();
    return onFirstLine(command, start, end) ?? found ?? command.range;
  };
}

function add(known: Map<string, Range[]>, key: string, { range }: Use): void {
  const ranges = known.get(key);
  if (ranges) ranges.push(range);
  else known.set(key, [range]);
}

function onFirstLine(command: Command, start: number, end: number): Range | undefined {
  const first = command.text.indexOf('\n');
  if (first >= 0 && end > first) return undefined;
  const { range } = command;
  return {
    start: range.start + start,
    end: range.start + end,
    line: range.line,
    column: range.column + start,
    endLine: range.line,
    endColumn: range.column + end,
  };
}
