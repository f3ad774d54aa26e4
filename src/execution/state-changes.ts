import type { ShellDump } from './shell-dump.ts';
import { isCarried } from './shell-restore.ts';
import type { ShellState } from './shell-state.ts';

/**
 * What a command changed in its shell, a few words each: `sets BACKUP_NAME`, `unsets X`, `cd /x`, `defines function f`,
 * `alias ll`, `set -o pipefail`, `umask 0077`. Names only, never values; the folder is not masked. `names` are those that
 * `advance` told.
 */
export function stateChanges(
  names: readonly string[],
  old: ShellState,
  before: ShellDump,
  after: ShellDump,
): readonly string[] {
  const told = names.map((name) => {
    if (name === '(folder)') return `cd ${utf8(after.folder)}`;
    const called = /^(.*)\(\)$/s.exec(name)?.[1];
    if (called !== undefined)
      return `${after.functions.has(latin1(called)) ? 'defines' : 'removes'} function ${called}`;
    return `${after.variables.has(latin1(name)) ? 'sets' : 'unsets'} ${name}`;
  });
  const aliases = difference(aliasesOf(old.aliases), aliasesOf(after.aliases));
  for (const [name, value] of aliases)
    told.push(`${value === undefined ? 'unalias' : 'alias'} ${utf8(name)}`);
  const options = difference(switches(old.options || before.options), switches(after.options));
  for (const [name, value] of options)
    if (value !== undefined && isCarried(name)) told.push(`${value} ${name}`);
  const shopt = difference(switches(old.shopt || before.shopt), switches(after.shopt));
  // Aliases work in every command of ours, as they do for a person at a prompt.
  for (const [name, value] of shopt)
    if (value !== undefined && name !== 'expand_aliases') told.push(`${value} ${name}`);
  if (after.umask !== (old.umask ?? before.umask)) told.push(`umask ${after.umask}`);
  return told;
}

/** The entries of `after` that are new or different, and those of `before` that are gone, without a value. */
function difference(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): ReadonlyMap<string, string | undefined> {
  const found = new Map<string, string | undefined>();
  for (const [name, value] of after) if (before.get(name) !== value) found.set(name, value);
  for (const name of before.keys()) if (!after.has(name)) found.set(name, undefined);
  return found;
}

/** What `alias -p` prints, by name: each value in single quotes, a quote in it as `'\\''`, over as many lines as it has. */
function aliasesOf(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [, name, value] of text.matchAll(/alias (?:-- )?([^=\s]+)=((?:'[^']*'|\\')*)/g))
    found.set(name!, value!);
  return found;
}

/** What `set +o` or `shopt -p` prints: `set -o pipefail` as `pipefail` with `set -o`. */
function switches(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [, how, name] of text.matchAll(/^(set [-+]o|shopt -[su]) (\S+)$/gm)) found.set(name!, how!);
  return found;
}

function utf8(text: string): string {
  return Buffer.from(text, 'latin1').toString('utf8');
}

function latin1(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}
