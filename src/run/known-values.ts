import { type Node, parseShell } from '../syntax/shell.ts';
import { secretVariable } from './prepare.ts';
import { ShellNames } from './shell-names.ts';
import { startingValues } from './starting-values.ts';
import type { RunState } from './state.ts';

/** What the shell variables of a run hold now, as far as inputs and the texts of commands say it. */
export interface KnownValues {
  /** Plain values by name. A secret URL stands here without its credentials. */
  readonly values: Readonly<Record<string, string>>;
  /** Variables that a command has set to something that its text does not tell. */
  readonly unknown: ReadonlySet<string>;
  /**
   * What the commands of the run have made of names that others use as commands: bodies of functions and aliases, as
   * `readEffects` wants them.
   */
  readonly functions: Readonly<Record<string, string>>;
  /** Variables that make other commands start something and that commands of the run have set, as written. */
  readonly startings: Readonly<Record<string, string>>;
}

const remembered = new WeakMap<
  RunState['parts'],
  { readonly inputs: RunState['inputs']; readonly known: KnownValues }
>();

/**
 * Goes through the run's commands in their order: a variable that one of them changed holds what was assigned to it
 * there, where that is plain text, and is unknown where it is not. A function is what the newest text says that defined
 * it, and unknown where none does: a sourced file may have.
 */
export function knownValues(state: RunState): KnownValues {
  const before = remembered.get(state.parts);
  if (before?.inputs === state.inputs) return before.known;
  const known = follow(state);
  remembered.set(state.parts, { inputs: state.inputs, known });
  return known;
}

function follow(state: RunState): KnownValues {
  const values = new Map<string, string>();
  const unknown = new Set<string>();
  for (const [name, input] of Object.entries(state.inputs)) {
    const value = input.value ?? (input.points && `postgresql://${authority(input.points)}`);
    if (value === undefined) continue;
    values.set(name, value);
    if (input.secret) values.set(secretVariable(name), value);
  }
  const attempts = Object.values(state.parts)
    .flatMap((part) => part.attempts)
    .filter((attempt) => attempt.finished)
    .sort((a, b) => a.finished!.seq - b.finished!.seq);
  const shellNames = new ShellNames();
  const startings = new Map<string, string>();
  for (const { text, finished } of attempts) {
    shellNames.follow(text, finished!, Object.fromEntries(values));
    for (const [name, value] of startingValues(text, finished!.changed)) {
      if (value === null) startings.delete(name);
      // `PATH=./bin:$PATH` adds to what it was.
      else
        startings.set(
          name,
          value.replace(new RegExp(`\\$\\{?${name}\\b\\}?`), (own) => startings.get(name) ?? own),
        );
    }
    if (finished!.changed.length === 0) continue;
    const assigned = assignments(text, values);
    for (const name of finished!.changed) {
      if (/\W/.test(name)) continue;
      const value = assigned.get(name);
      if (value === undefined) {
        values.delete(name);
        unknown.add(name);
      } else {
        values.set(name, value);
        unknown.delete(name);
      }
    }
  }
  return {
    values: Object.fromEntries(values),
    unknown,
    functions: shellNames.functions(),
    startings: Object.fromEntries(startings),
  };
}

/** A socket's folder goes where libpq looks for it. */
function authority({ address, database }: { readonly address: string; readonly database: string }): string {
  return address.startsWith('/') ? `/${database}?host=${address}` : `${address}/${database}`;
}

/** The last plain value that a text assigns to each name; undefined where it assigns something else. */
function assignments(text: string, known: ReadonlyMap<string, string>): Map<string, string | undefined> {
  const found = new Map<string, string | undefined>();
  const tree = parseShell(text);
  const visit = (node: Node): void => {
    if (node.type === 'variable_assignment') {
      const name = node.childForFieldName('name')?.text;
      const value = node.childForFieldName('value')?.text ?? '';
      if (name) found.set(name, node.text.includes('+=') ? undefined : plain(value, known));
    }
    for (const child of node.namedChildren) if (child) visit(child);
  };
  visit(tree.rootNode);
  tree.delete();
  return found;
}

/** What a word of shell stands for, where it is text and known variables only. */
function plain(word: string, known: ReadonlyMap<string, string>): string | undefined {
  if (/^'[^']*'$/.test(word)) return word.slice(1, -1);
  const bare = /^"(?:[^"\\]|\\.)*"$/s.test(word) ? word.slice(1, -1) : word;
  if (/[`'"\\]|\$\(|\$\{[^}]*\W[^}]*\}/.test(bare)) return undefined;
  let open = false;
  const filled = bare.replace(/\$\{?(\w+)\}?/g, (_whole, name: string) => {
    const value = known.get(name);
    if (value === undefined) open = true;
    return value ?? '';
  });
  return open ? undefined : filled;
}
