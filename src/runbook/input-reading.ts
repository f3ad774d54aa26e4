import type { Item } from './choice.ts';
import { type Excerpt, placeBehind, placeOf } from './excerpt.ts';
import type { Command, Part } from './part.ts';
import type { Placeholder, Use, Variable } from './placeholder.ts';
import { isVague, kindOf, placeholderSigns, type Sign } from './placeholder-signs.ts';
import type { Range } from './range.ts';
import type { Source } from './source.ts';
import { isOrdinaryVariable, readVariables } from './variable-reading.ts';

/** What a walk through the commands of a procedure tells: each command, and where alternatives start and end. */
export type Walk =
  | { readonly at: 'command'; readonly command: Command }
  | {
      readonly at: 'choice';
      readonly id: string;
      readonly options: readonly { readonly id: string; readonly walk: readonly Walk[] }[];
    };

/** The commands of a procedure's items in document order, alternatives kept apart. */
export function walkItems(items: readonly Item[]): readonly Walk[] {
  return items.flatMap((item): readonly Walk[] =>
    item.kind === 'step'
      ? walkParts(item.parts)
      : [
          {
            at: 'choice',
            id: item.id,
            options: item.options.map((option) => ({ id: option.id, walk: walkItems(option.items) })),
          },
        ],
  );
}

function walkParts(parts: readonly Part[]): readonly Walk[] {
  return parts.flatMap((part): readonly Walk[] => {
    if (part.kind === 'command') return [{ at: 'command', command: part }];
    if (part.kind === 'choice')
      return [
        {
          at: 'choice',
          id: part.id,
          options: part.options.map((option) => ({ id: option.id, walk: walkParts(option.parts) })),
        },
      ];
    return [];
  });
}

/** Every command in a walk, whatever is chosen. */
export function commandsOf(walk: readonly Walk[]): readonly Command[] {
  return walk.flatMap((step) =>
    step.at === 'command' ? [step.command] : step.options.flatMap((option) => commandsOf(option.walk)),
  );
}

interface VariableFound {
  readonly name: string;
  fallback?: string;
  sourced?: string;
  readonly uses: { command: string; start: number; end: number }[];
}

/** Variables read before they are written, in the order of their first use. Offsets count within the commands. */
export function unsetVariables(walk: readonly Walk[]): readonly VariableFound[] {
  const found = new Map<string, VariableFound>();
  follow(walk, { written: new Set(), sourced: undefined }, found);
  return [...found.values()];
}

interface Known {
  readonly written: Set<string>;
  sourced: string | undefined;
}

function follow(walk: readonly Walk[], known: Known, found: Map<string, VariableFound>): void {
  for (const step of walk) {
    if (step.at === 'choice') {
      const ends = step.options.map((option) => {
        const own: Known = { written: new Set(known.written), sourced: known.sourced };
        follow(option.walk, own, found);
        return own;
      });
      // Only what every way sets is set behind the choice.
      const [first, ...others] = ends;
      for (const name of first?.written ?? [])
        if (others.every((other) => other.written.has(name))) known.written.add(name);
      known.sourced ??= ends.find((end) => end.sourced)?.sourced;
      continue;
    }
    const { command } = step;
    if (command.language !== 'shell') continue;
    for (const event of readVariables(command.text)) {
      if (event.kind === 'source') known.sourced = event.file;
      // A command that only stands in a sentence is not run unasked, so it sets nothing.
      else if (event.kind === 'write') {
        if (!command.offered) known.written.add(event.name);
      } else if (!known.written.has(event.name) && !isOrdinaryVariable(event.name)) {
        const variable = found.get(event.name) ?? { name: event.name, uses: [] };
        variable.uses.push({ command: command.id, start: event.start, end: event.end });
        if (event.fallback !== undefined && variable.fallback === undefined)
          variable.fallback = event.fallback;
        if (known.sourced && variable.uses.length === 1) variable.sourced = known.sourced;
        found.set(event.name, variable);
      }
    }
  }
}

/** Where in the source a stretch of a command stands. Offsets count within the command's text. */
export type Places = (command: Command, start: number, end: number) => Range;

/** The places of commands in a document that is being compiled: exact, whatever was stripped from their lines. */
export function placesIn(source: Source, excerpts: ReadonlyMap<string, Excerpt>): Places {
  return (command, start, end) => {
    const excerpt = excerpts.get(command.id)!;
    const from = placeOf(excerpt, start) ?? excerpt.lines.find((line) => line.at >= 0)?.at ?? 0;
    return source.range(from, placeBehind(excerpt, Math.max(start, end - 1)) ?? from + 1);
  };
}

/** The placeholders and variables of a procedure, with the place of every use in the source. */
export function readInputs(
  items: readonly Item[],
  places: Places,
): { readonly placeholders: readonly Placeholder[]; readonly variables: readonly Variable[] } {
  const walk = walkItems(items);
  const all = commandsOf(walk);
  const named = new Map(all.map((command) => [command.id, command]));
  const use = (command: string, start: number, end: number): Use => ({
    command,
    range: places(named.get(command)!, start, end),
  });
  const placeholders = new Map<
    string,
    { -readonly [K in keyof Placeholder]: Placeholder[K] } & { uses: Use[] }
  >();
  const names = new Map<string, string>();
  const signed = all
    .filter((command) => command.text.length <= 100_000)
    .map((command) => ({ command, signs: placeholderSigns(command.text) }));
  const shared = sharedByHolders(signed);
  for (const { command, signs } of signed) {
    for (const found of signs) {
      const sign = shared.has(found.text) ? heldBy(found) : { ...found, key: found.text };
      const known = placeholders.get(sign.key);
      if (known) {
        known.uses.push(use(command.id, sign.start, sign.end));
        if (known.value === 'text') known.value = sign.value;
        continue;
      }
      let name = sign.name;
      for (let count = 2; names.has(name); count++) name = `${sign.name} ${count}`;
      names.set(name, sign.text);
      placeholders.set(sign.key, {
        kind: 'placeholder',
        text: sign.text,
        name,
        value: sign.value,
        uses: [use(command.id, sign.start, sign.end)],
      });
    }
  }
  const variables = unsetVariables(walk).map(
    (found): Variable => ({
      kind: 'variable',
      name: found.name,
      value: kindOf(found.name),
      ...(found.fallback !== undefined && { fallback: found.fallback }),
      ...(found.sourced && { sourced: found.sourced }),
      uses: found.uses.map((one) => use(one.command, one.start, one.end)),
    }),
  );
  return { placeholders: [...placeholders.values()], variables };
}

/**
 * Texts that say only that something goes there, and that stand as the values of different options or variables: each
 * of these is asked for by itself, as long as no command has two of them.
 */
function sharedByHolders(
  signed: readonly { readonly command: Command; readonly signs: readonly Sign[] }[],
): ReadonlySet<string> {
  const holders = new Map<string, Set<string>>();
  const mixed = new Set<string>();
  for (const { signs } of signed) {
    const own = new Map<string, string>();
    for (const { text, name, holder } of signs) {
      if (!isVague(name)) continue;
      const of = wordsOf(holder);
      if (of === '' || (own.get(text) ?? of) !== of) mixed.add(text);
      own.set(text, of);
      holders.set(text, (holders.get(text) ?? new Set()).add(of));
    }
  }
  return new Set([...holders].flatMap(([text, of]) => (of.size > 1 && !mixed.has(text) ? [text] : [])));
}

function heldBy(sign: Sign): Sign & { readonly key: string } {
  const name = wordsOf(sign.holder);
  return { ...sign, key: `${sign.text} ${name}`, name, value: kindOf(name) };
}

/** `--vpc-id` and `VPC_ID` hold the same. */
function wordsOf(holder: string): string {
  return holder.replace(/[-_]+/g, ' ').toLowerCase();
}
