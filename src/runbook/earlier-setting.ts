import { type Node, parseShell } from '../syntax/shell.ts';
import { commandsOf, type Places, walkItems } from './input-reading.ts';
import type { Command } from './part.ts';
import type { Variable } from './placeholder.ts';
import { maskPlaceholders } from './placeholder-signs.ts';
import type { Procedure } from './procedure.ts';
import type { Range } from './range.ts';

/** Where an earlier section of the document sets a variable that a later one reads. */
export interface EarlierSetting {
  /** As it is written there: `rg-${NAME}-1`. */
  readonly text: string;
  /** What it comes to, where it is plain text, or made of other variables that are. */
  readonly value?: string;
  readonly range: Range;
}

interface Assignment {
  readonly name: string;
  readonly text: string;
  /** Plain, or with `$NAME` of other variables in it. */
  readonly value: string | undefined;
  readonly start: number;
  readonly end: number;
}

/** A longer text is not looked at; code units. */
const longest = 16_000;

/**
 * Procedures of one document are often parts of one sequence: what a later one reads was set by an earlier one, in a
 * shell that is gone when it is run for itself. Each variable that is asked for is told where that was, the last one
 * before it. The shell grammar must be loaded.
 */
export function withEarlierSettings(procedures: readonly Procedure[], places: Places): readonly Procedure[] {
  const wanted = new Set(procedures.flatMap(({ variables }) => variables.map(({ name }) => name)));
  if (wanted.size === 0) return procedures;
  const settings = new Map<string, EarlierSetting>();
  const values = new Map<string, string | undefined>();
  return procedures.map((procedure) => {
    const known = procedure.variables.map((variable): Variable => {
      const earlier = settings.get(variable.name);
      return earlier ? { ...variable, earlier } : variable;
    });
    for (const command of commandsOf(walkItems(procedure.items)))
      if (command.language === 'shell' && !command.offered && mayAssign(command.text))
        for (const { name, text, value: written, start, end } of assignmentsOf(command)) {
          const value = written === undefined ? undefined : settled(written, values);
          values.set(name, value);
          if (!wanted.has(name)) continue;
          const range = places(command, start, end);
          settings.set(name, { text, ...(value !== undefined && { value }), range });
        }
    return known.some((variable) => variable.earlier) ? { ...procedure, variables: known } : procedure;
  });
}

/** Cheap: whether it is worth parsing. */
function mayAssign(text: string): boolean {
  return text.length <= longest && /(?:^|[\s;&|({])[A-Za-z_]\w*=/.test(text);
}

/** The value with those of other variables in it; undefined where one of them is not known. */
function settled(written: string, values: ReadonlyMap<string, string | undefined>): string | undefined {
  let known = true;
  const value = written.replace(expansion, (_, braced: string | undefined, bare: string | undefined) => {
    const other = values.get(braced ?? bare ?? '');
    if (other === undefined) known = false;
    return other ?? '';
  });
  return known && value.length <= 1000 ? value : undefined;
}

/** What stays set when the command is over, with the last value of each name last. */
function assignmentsOf({ text }: Command): readonly Assignment[] {
  const found: Assignment[] = [];
  const tree = parseShell(maskPlaceholders(text));
  const visit = (node: Node, depth: number): void => {
    if (depth > 250 || /^(subshell|command_substitution|process_substitution|pipeline)$/.test(node.type))
      return;
    if (node.type === 'variable_assignment' && node.parent?.type !== 'command') {
      const name = node.childForFieldName('name')?.text ?? '';
      const value = node.childForFieldName('value');
      const written = value ? text.slice(value.startIndex, value.endIndex) : '';
      if (written !== '' && !node.text.startsWith(`${name}+=`))
        found.push({
          name,
          text: written.replace(/^(["'])(.*)\1$/s, '$2'),
          value: plainText(written),
          start: node.startIndex,
          end: node.endIndex,
        });
    }
    for (const child of node.namedChildren) if (child) visit(child, depth + 1);
  };
  visit(tree.rootNode, 0);
  tree.delete();
  return found;
}

const expansion = /\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))/g;

/** A word in which the shell would work out nothing but other variables, and without a place that somebody must fill in. */
function plainText(word: string): string | undefined {
  if (maskPlaceholders(word) !== word || /[\r\n]/.test(word)) return undefined;
  if (/^'[^']*'$/.test(word)) return word.includes('$') ? undefined : word.slice(1, -1);
  const bare = /^"[^"]*"$/.test(word) ? word.slice(1, -1) : word;
  return /[\\"'`$*?~(){}<>|&;]/.test(bare.replace(expansion, '')) ? undefined : bare;
}
