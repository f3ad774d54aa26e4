import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeWhole } from './atomic-file.ts';
import { openState } from './open-state.ts';
import type { ShellDump } from './shell-dump.ts';

/**
 * What the commands of a run changed in their shell, to be laid over the environment of the next one. Texts are
 * bash's own (`declare -p`, `declare -f` …) in latin1, one character a byte.
 */
export interface ShellState {
  readonly folder?: string;
  readonly umask?: string;
  readonly lastBackground?: number;
  readonly options: string;
  readonly shopt: string;
  readonly aliases: string;
  readonly stack: readonly string[];
  readonly positional: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
  readonly unset: readonly string[];
  readonly functions: Readonly<Record<string, string>>;
  readonly exportedFunctions: readonly string[];
  readonly unsetFunctions: readonly string[];
  readonly status: number;
  readonly pipeStatus: readonly number[];
  /** Variables that were set and are secret: a Drillbook that was ended has taken their values with it. */
  readonly withheld?: readonly string[];
}

const texts = z.array(z.string());
const schema = z.object({
  folder: z.string().optional(),
  umask: z.string().optional(),
  lastBackground: z.number().optional(),
  options: z.string(),
  shopt: z.string(),
  aliases: z.string(),
  stack: texts,
  positional: texts,
  variables: z.record(z.string(), z.string()),
  unset: texts,
  functions: z.record(z.string(), z.string()),
  exportedFunctions: texts,
  unsetFunctions: texts,
  status: z.number(),
  pipeStatus: z.array(z.number()),
  withheld: texts.optional(),
});

export const freshState: ShellState = {
  options: '',
  shopt: '',
  aliases: '',
  stack: [],
  positional: [],
  variables: {},
  unset: [],
  functions: {},
  exportedFunctions: [],
  unsetFunctions: [],
  status: 0,
  pipeStatus: [],
};

const fileName = 'shell.json';

/** The states of this process's own runs, whole: what is secret in them is in no file. By their folders. */
const whole = new Map<string, ShellState>();

/**
 * The state that the last command left in a folder; as far as it is no secret, where another process ran it. Throws
 * where the file is there and cannot be understood.
 */
export async function loadState(folder: string): Promise<ShellState> {
  const own = whole.get(folder);
  if (own) return own;
  let text: string;
  try {
    text = await readFile(join(folder, fileName), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return freshState;
    throw error;
  }
  const read = schema.safeParse(JSON.parse(text));
  if (!read.success)
    throw new Error(`${join(folder, fileName)} is not a shell state; move it away to start afresh`);
  return read.data as ShellState;
}

/**
 * Replaces the state as a whole: a crash leaves the old one or the new one. What `mask` or its name tells to be secret
 * is kept by this process alone, until it forgets it.
 */
export async function saveState(
  folder: string,
  state: ShellState,
  mask: (text: string) => string,
): Promise<void> {
  whole.set(folder, state);
  await writeWhole(join(folder, fileName), JSON.stringify(openState(state, mask)));
}

/** Lets go of what this process knows of a folder's state: whoever goes on reads what was written down. */
export function forgetState(folder: string): void {
  whole.delete(folder);
}

/** The value of a plain variable that a command of the run set; undefined where it has quotes or escapes inside, or is none. */
export function plainValue(state: ShellState, name: string): string | undefined {
  const value = /^declare -[-x]+ \w+="([^"\\$`]*)"\n?$/.exec(state.variables[name] ?? '')?.[1];
  return value === undefined ? undefined : Buffer.from(value, 'latin1').toString('utf8');
}

/** Names that belong to the shell itself, or change by themselves. */
const internal =
  /^(_|__drillbook_.*|BASH|BASHOPTS|BASHPID|BASH_(?!REMATCH$|ENV$|COMPAT$).*|COLUMNS|COMP_.*|COPROC|COPROC_PID|DIRSTACK|DRILLBOOK_(REPORT|SHELL)|EPOCH.*|EUID|FUNCNAME|GROUPS|HISTCMD|LINENO|LINES|PIPESTATUS|PPID|PWD|RANDOM|SECONDS|SHELLOPTS|SHLVL|SRANDOM|UID)$/;

/** Changed by nearly every command without anybody meaning it: carried on, but not told. */
const unremarkable = new Set(['OLDPWD', 'BASH_REMATCH', 'OPTIND', 'OPTARG', 'OPTERR', 'IFS', 'REPLY']);

export interface Change {
  readonly state: ShellState;
  /** For a person: variable names, `name()` for functions, `(folder)`. */
  readonly names: readonly string[];
}

/**
 * Lays what a command did over the state before it. `before` is the bare shell that the command began in, without
 * `old`; `after` is the shell at its end. A value that is the environment's own stays out of the state: it is given
 * anew each time.
 */
export function advance(old: ShellState, before: ShellDump, after: ShellDump): Change {
  const variables: Record<string, string> = { ...old.variables };
  const unset = new Set(old.unset);
  const names: string[] = [];
  const locals = localNames(after);
  const known = (name: string) =>
    old.variables[name] ?? (unset.has(name) ? undefined : before.variables.get(name));

  for (const [name, text] of after.variables) {
    if (internal.test(name) || locals.has(name)) continue;
    const value = withoutReadonly(text);
    if (value === undefined || known(name) === text || known(name) === value) continue;
    variables[name] = value;
    unset.delete(name);
    if (!unremarkable.has(name)) names.push(name);
  }
  for (const name of new Set([...before.variables.keys(), ...Object.keys(old.variables)])) {
    if (internal.test(name) || after.variables.has(name) || unset.has(name) || locals.has(name)) continue;
    delete variables[name];
    if (before.variables.has(name)) unset.add(name);
    if (!unremarkable.has(name)) names.push(name);
  }

  const functions: Record<string, string> = { ...old.functions };
  const unsetFunctions = new Set(old.unsetFunctions);
  for (const [name, text] of after.functions) {
    const known = old.functions[name] ?? (unsetFunctions.has(name) ? undefined : before.functions.get(name));
    if (known === text) continue;
    functions[name] = text;
    unsetFunctions.delete(name);
    names.push(`${name}()`);
  }
  for (const name of new Set([...before.functions.keys(), ...Object.keys(old.functions)])) {
    if (after.functions.has(name) || unsetFunctions.has(name)) continue;
    delete functions[name];
    if (before.functions.has(name)) unsetFunctions.add(name);
    names.push(`${name}()`);
  }

  const lastBackground = after.lastBackground ?? old.lastBackground;
  const withheld = (old.withheld ?? []).filter((name) => variables[name] === undefined);
  if (after.folder !== before.folder) names.push('(folder)');
  return {
    names: names.map((name) => Buffer.from(name, 'latin1').toString('utf8')),
    state: {
      folder: after.folder,
      umask: after.umask,
      ...(lastBackground === undefined ? {} : { lastBackground }),
      options: after.options,
      shopt: after.shopt,
      aliases: after.aliases,
      stack: after.stack.slice(1),
      positional: after.frames.length > 0 ? old.positional : after.positional,
      variables,
      unset: [...unset],
      functions,
      exportedFunctions: Object.keys(functions).filter((name) => after.exportedFunctions.has(name)),
      unsetFunctions: [...unsetFunctions],
      status: after.status,
      pipeStatus: after.pipeStatus,
      ...(withheld.length > 0 ? { withheld } : {}),
    },
  };
}

/**
 * Variables that are local to a function which called `exit`: bash shows them like any other to an EXIT trap. They
 * are told by the declarations in the bodies of the functions that were being called.
 */
function localNames(dump: ShellDump): ReadonlySet<string> {
  const names = new Set<string>();
  for (const frame of dump.frames) {
    const body = dump.functions.get(frame) ?? '';
    for (const [, words] of body.matchAll(/\b(?:local|declare|typeset)\s+([^;\n]*)/g)) {
      if (/(^|\s)-\w*g/.test(words!)) continue;
      for (const [, name] of words!.matchAll(/(?:^|\s)([A-Za-z_]\w*)(?==|\s|\[|\+=|$)/g)) names.add(name!);
    }
  }
  return names;
}

/**
 * A read-only variable goes on as an ordinary one, so that a command which makes it can be run again. Those that bash
 * makes read-only itself are not ours; undefined stands for a text that is not a declaration.
 */
function withoutReadonly(text: string): string | undefined {
  const match = /^declare -([A-Za-z-]+) ([\s\S]*)$/.exec(text);
  if (!match) return undefined;
  const flags = match[1]!.replace('r', '');
  return `declare -${flags === '' ? '-' : flags} ${match[2]}`;
}
