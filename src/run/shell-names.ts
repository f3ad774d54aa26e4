import { resolveWord } from '../effects/word.ts';
import { liftHeredocs } from '../syntax/heredoc.ts';
import { type Node, parseShell } from '../syntax/shell.ts';
import type { CommandFinished } from './event.ts';

/** A body that nobody can read: the command that it stands for is unknown. */
const untold = '$FUNCTION_OF_THIS_RUN "$@"';

/** What texts of a shell make of command names: functions and aliases, by what defined them last. */
export class ShellNames {
  readonly #functions = new Map<string, string>();
  readonly #aliases = new Map<string, string>();

  /**
   * Follows a command that has ended. `changed` tells of functions (`name()`) whether they were defined or removed,
   * `stateChanges` of aliases (`alias ll`) that the text may not show, where a sourced file set them; what the text says of
   * aliases counts as done. `values`: the variables before it.
   */
  follow(
    text: string,
    { changed, stateChanges = [] }: Pick<CommandFinished, 'changed' | 'stateChanges'>,
    values: Readonly<Record<string, string>>,
  ): undefined {
    const said = /alias|\(\)|function|unset/.test(text) ? definitions(text, values) : noDefinitions;
    for (const name of changed.flatMap((one) => /^(.+)\(\)$/s.exec(one)?.[1] ?? [])) {
      const body = said.functions.get(name);
      if (body === null) this.#functions.delete(name);
      else this.#functions.set(name, body ?? untold);
    }
    for (const [name, body] of said.aliases) {
      if (name === '*') this.#aliases.clear();
      else if (body === null) this.#aliases.delete(name);
      else this.#aliases.set(name, body);
    }
    const named = new Set(said.aliases.map(([name]) => name));
    for (const [, act, name] of stateChanges.flatMap((words) => [
      /^(alias|unalias) (.+)$/s.exec(words) ?? [],
    ]))
      if (name === undefined || named.has(name)) continue;
      else if (act === 'alias') this.#aliases.set(name, untold);
      else this.#aliases.delete(name);
  }

  /** By name. The shell takes an alias before a function of the same name. */
  functions(): Readonly<Record<string, string>> {
    return Object.fromEntries([...this.#functions, ...this.#aliases]);
  }
}

interface Definitions {
  /** null: removed. */
  readonly functions: ReadonlyMap<string, string | null>;
  /** In their order; the name `*` with null stands for all of them. */
  readonly aliases: readonly (readonly [string, string | null])[];
}

const noDefinitions: Definitions = { functions: new Map(), aliases: [] };

function definitions(text: string, values: Readonly<Record<string, string>>): Definitions {
  const functions = new Map<string, string | null>();
  const aliases: (readonly [string, string | null])[] = [];
  const tree = parseShell(liftHeredocs(text).text);
  const visit = (node: Node, certain: boolean): void => {
    switch (node.type) {
      case 'function_definition': {
        const [name, body] = [node.childForFieldName('name')?.text, node.childForFieldName('body')];
        // A definition inside it comes with its call, which `changed` tells.
        for (const child of body?.namedChildren ?? []) if (child) visit(child, false);
        if (!name || !body) return;
        const before = certain ? null : functions.get(name);
        const now = text.slice(body.startIndex, node.endIndex);
        // Of two that exclude each other, either may be the one: both are read.
        functions.set(name, before ? `${before}\n${now}` : now);
        return;
      }
      case 'unset_command':
        if (!certain) return;
        for (const child of node.namedChildren) {
          const name = child?.text ?? '-';
          if (!name.startsWith('-')) functions.set(name, null);
        }
        return;
      case 'command':
        aliases.push(...aliasesOf(node, values, certain));
    }
    const inner = certain && /^(program|compound_statement|redirected_statement|list)$/.test(node.type);
    for (const [index, child] of node.namedChildren.entries())
      if (child) visit(child, inner && !(node.type === 'list' && index > 0));
  };
  visit(tree.rootNode, true);
  tree.delete();
  return { functions, aliases };
}

/** `alias name=text …`, `unalias name …`, `unalias -a`. */
function aliasesOf(
  command: Node,
  values: Readonly<Record<string, string>>,
  certain: boolean,
): readonly (readonly [string, string | null])[] {
  const nodes = command.namedChildren.filter((child) => child && child.type !== 'variable_assignment');
  const at = nodes.findIndex((child) => !/^(builtin|command)$/.test(child!.text));
  const tool = nodes[at]?.text.replace(/^\\/, '');
  const words = nodes.slice(at + 1).map((node) =>
    resolveWord(node!, { value: (name) => values[name], positional: undefined }, (start, end) => ({
      start,
      end,
    })),
  );
  if (tool === 'unalias' && certain)
    return words.map((word) => [word.text === '-a' ? '*' : word.text, null] as const);
  if (tool !== 'alias') return [];
  return words.flatMap(({ text, known }) => {
    const [, name, body] = /^([^=\s]+)=([\s\S]*)$/.exec(text) ?? [];
    if (!name) return [];
    return [[name, known ? bodyOf(name, body!) : untold] as const];
  });
}

/** An alias is not expanded again in its own text: there the name is the command's. */
function bodyOf(name: string, text: string): string {
  const own = text.trimStart().split(/[\s;|&<>()]/)[0] === name;
  // What follows a blank at its end may be an alias too.
  if (/\s$/.test(text)) return `${own ? 'command ' : ''}${text}"$@"\n"$@"`;
  return `${own ? 'command ' : ''}${text} "$@"`;
}
