import type { Effect } from '../effects/effect.ts';
import { readEffects } from '../effects/read.ts';
import { knownValues } from './known-values.ts';
import type { SimpleCommand } from './simple-command.ts';
import type { RunState } from './state.ts';

/** Commands that only read a file which they name as a source, or change no byte of it, whatever else they do. */
const keeping =
  /^(?:cp|install|scp|rsync|ln|chmod|chown|chgrp|touch|sync|pg_restore|psql|drillbook|aws|gsutil|rclone|age|gpg|openssl|tar|curl)$/;

/** Words with which one of those does away with its source after all, or writes into it. */
const taking = /^(?:mv|move|moveto|rm|delete|purge|sync|--remove-source-files|--remove-files|--delete\S*)$/;

/** Of these the path that an effect names is one whose bytes stay. */
const marking = /^(?:chmod|chown|chgrp|touch|sync|drillbook)$/;

/**
 * Says of each command of a text whether it may change, move or remove a file of this machine: where an effect hits the
 * file or a folder around it, and where a command that does more than read names it. Names are compared as written and
 * with the values that are known; the doubtful ones count, for a new dump is cheap.
 */
export function dumpChanges(
  state: RunState,
  text: string,
  commands: readonly SimpleCommand[],
): (command: SimpleCommand, file: string) => boolean {
  const { values, functions, startings } = knownValues(state);
  const { effects } = readEffects(text, 'shell', { variables: values, functions, startings });
  // A redirection stands behind its command, so an effect is of the last one that began before it.
  const own = (command: SimpleCommand) =>
    effects.filter((effect) => commands.findLast(({ start }) => start <= effect.start) === command);
  return (command, file) => {
    const path = filled(file, values);
    const found = own(command).filter((effect) => effect.class !== 'reads');
    const tool = keeping.test(command.tool) ? command : behindWrapper(command);
    if (found.some((effect) => hits(effect, path, values) && !marking.test(tool.tool))) return true;
    // What is left is of the command itself: `sha256sum FILE > FILE.sha256` writes, but another file.
    if (!found.some(({ start }) => start < command.end)) return false;
    const words = command.words.map((word) => filled(word, values));
    const destroys = found.some((effect) => effect.class === 'destroys');
    if (tool.tool === 'mv' || (destroys && !keeping.test(tool.tool))) {
      if (words.some((word) => isFolderOf(word, path))) return true;
    }
    if (!words.some((word) => names(word, path))) return false;
    return !keeping.test(tool.tool) || tool.words.some((word) => taking.test(word));
  };
}

function hits(
  { class: effect, hits }: Effect,
  path: string,
  values: Readonly<Record<string, string>>,
): boolean {
  if (hits?.kind !== 'path' && hits?.kind !== 'bucket') return false;
  const name = filled(hits.name, values);
  return names(name, path) || (effect === 'destroys' && isFolderOf(name, path));
}

/** The command that `sudo` and its kin start. */
function behindWrapper({ tool, words }: Pick<SimpleCommand, 'tool' | 'words'>) {
  if (!/^(?:sudo|doas|nice|ionice|time|nohup|env)$/.test(tool)) return { tool, words };
  const at = words.findIndex(
    (word, index) => !/^-|^\w+=/.test(word) && !/^-[ugnc]$/.test(words[index - 1] ?? ''),
  );
  return { tool: words[at]?.split('/').at(-1) ?? '', words: words.slice(at + 1) };
}

/** A name without quotes and a leading `./`, with what its variables hold where that is known. */
function filled(text: string, values: Readonly<Record<string, string>>): string {
  return text
    .replace(/["']/g, '')
    .replace(/\$(?:\{(\w+)\}|(\w+))/g, (_, braced?: string, bare?: string) => {
      const name = (braced ?? bare)!;
      return values[name] ?? `$${name}`;
    })
    .replace(/\/{2,}/g, '/')
    .replace(/(^|[\s=])(?:\.\/)+/g, '$1');
}

/** Whether a word is the path, holds it (`of=PATH`, a script), is its last part after a `cd`, or a pattern that fits it. */
function names(word: string, path: string): boolean {
  const last = path.slice(path.lastIndexOf('/') + 1);
  const literal = path.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return (
    word === last || new RegExp(`(?<![\\w./-])${literal}(?![\\w./-])`).test(word) || fits(word, path, last)
  );
}

function fits(word: string, path: string, last: string): boolean {
  if (!/[*?[]/.test(word) || /\s/.test(word)) return false;
  const pattern = word
    .replace(/[.+^${}()|\]\\]/g, '\\$&')
    .replace(/\[[^\]]*\\\]/g, '.')
    .replaceAll('[', '\\[')
    .replace(/\*+/g, '.*')
    .replaceAll('?', '.');
  const whole = new RegExp(`^${pattern}$`);
  return whole.test(path) || whole.test(last);
}

function isFolderOf(word: string, path: string): boolean {
  const folder = word.replace(/\/\*?$/, '');
  if (word === '.' || word === '..' || word === '*') return !path.startsWith('/');
  return word !== '' && path.startsWith(`${folder}/`);
}
