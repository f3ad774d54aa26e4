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
  /** What it comes to, where it is plain text. */
  readonly value?: string;
  readonly range: Range;
}

interface Assignment {
  readonly name: string;
  readonly text: string;
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
  return procedures.map((procedure) => {
    const known = procedure.variables.map((variable): Variable => {
      const earlier = settings.get(variable.name);
      return earlier ? { ...variable, earlier } : variable;
    });
    for (const command of commandsOf(walkItems(procedure.items)))
      if (command.language === 'shell' && !command.offered && mayAssign(command.text, wanted))
        for (const { name, text, value, start, end } of assignmentsOf(command)) {
          if (!wanted.has(name)) continue;
          const range = places(command, start, end);
          settings.set(name, { text, ...(value !== undefined && { value }), range });
        }
    return known.some((variable) => variable.earlier) ? { ...procedure, variables: known } : procedure;
  });
}

/** Cheap: whether it is worth parsing. */
function mayAssign(text: string, wanted: ReadonlySet<string>): boolean {
  if (text.length > longest) return false;
  for (const [, name] of text.matchAll(/(?:^|[\s;&|({])([A-Za-z_]\w*)=/g)) if (wanted.has(name!)) return true;
  return false;
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

/** A word without anything that the shell would work out, and without a place that somebody must fill in. */
function plainText(word: string): string | undefined {
  if (maskPlaceholders(word) !== word || /[\r\n]/.test(word)) return undefined;
  if (/^'[^']*'$/.test(word)) return word.slice(1, -1);
  const bare = /^"[^"]*"$/.test(word) ? word.slice(1, -1) : word;
  return /[\\"'`$*?~(){}<>|&;]/.test(bare) ? undefined : bare;
}
