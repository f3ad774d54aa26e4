import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import { BackupError } from '../backup/error.ts';
import type { Store } from '../backup/store.ts';
import { directoryStore } from '../backup/stores/directory.ts';
import { resolveReference } from '../settings/reference.ts';
import { sanitise, sanitiseLine } from '../terminal/sanitise.ts';
import { exit, Refusal } from './exit.ts';
import { isTerminal } from './terminal.ts';

/** Flags that say which database and which store; every backup command takes those it needs. */
export function urlOption(command: Command): Command {
  return command.option(
    '--url <url>',
    'the database: env:NAME, file:PATH or a URL (a URL shows in the process list)',
    'env:DATABASE_URL',
  );
}

export function storeOption(command: Command): Command {
  return command.option(
    '--store <folder>',
    'the folder of the backups: env:NAME or a path',
    'env:BACKUP_DIR',
  );
}

/** The URL that a flag names. Throws a `Refusal` that says what to set. */
export async function urlOf(reference: string, flag = '--url'): Promise<string> {
  const resolved = await resolveReference(reference, process.env);
  if ('problem' in resolved)
    throw new Refusal(`No database: ${resolved.problem}. Set it, or give ${flag} env:NAME.`, exit.usage);
  return resolved.value;
}

/** The store that a flag names. Throws a `Refusal` that says what to set. */
export async function storeOf(reference: string): Promise<Store> {
  const resolved = await resolveReference(reference, process.env);
  if ('problem' in resolved)
    throw new Refusal(`No store: ${resolved.problem}. Set it, or give --store FOLDER.`, exit.usage);
  return directoryStore(resolved.value);
}

/**
 * Runs a task that Ctrl+C stops in an orderly way (a second one ends at once), with a progress line on a terminal's
 * stderr. Returns the task's exit code. What a person can act on becomes a `Refusal`.
 */
export async function carryOut(
  task: (signal: AbortSignal, progress: (words: string) => void) => Promise<number>,
): Promise<number> {
  const stop = new AbortController();
  const onSignal = () => {
    if (stop.signal.aborted) process.exit(exit.interrupted);
    process.stderr.write('\nStopping; nothing half-done will be left. Once more ends at once.\n');
    stop.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  const line = progressLine();
  try {
    return await task(stop.signal, line.show);
  } catch (error) {
    line.clear();
    if (stop.signal.aborted) {
      say(error instanceof BackupError ? error.message : 'Stopped as asked.');
      return exit.interrupted;
    }
    if (!(error instanceof BackupError)) throw error;
    throw new Refusal(sanitise(error.message), error.kind === 'url' ? exit.usage : exit.failed);
  } finally {
    line.clear();
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  }
}

/** One line that is written over on a terminal; elsewhere a line now and then, so that a log shows life. */
function progressLine(): { show: (words: string) => void; clear: () => void } {
  const live = process.stderr.isTTY === true && process.env.TERM !== 'dumb';
  const every = live ? 100 : 15_000;
  let last = live ? 0 : Date.now();
  let shown = false;
  return {
    show: (words) => {
      if (Date.now() - last < every) return;
      last = Date.now();
      const text = sanitiseLine(words);
      process.stderr.write(
        live ? `\r\x1b[2K${text.slice(0, (process.stderr.columns ?? 80) - 1)}` : `${text}\n`,
      );
      shown = live;
    },
    clear: () => {
      if (shown) process.stderr.write('\r\x1b[2K');
      shown = false;
    },
  };
}

/**
 * Asks for a phrase at the terminal, or takes it from `--confirm`. Throws a `Refusal`: code 3 where nobody is
 * there to type, 2 where the phrase is not the one.
 */
export async function confirm(phrase: string, given: string | undefined): Promise<void> {
  let answer = given;
  if (answer === undefined) {
    if (!isTerminal())
      throw new Refusal(
        `This wants a person. Where that is meant, give --confirm "${phrase}".`,
        exit.needsPerson,
      );
    const prompt = createInterface({ input: process.stdin, output: process.stderr });
    try {
      answer = await prompt.question(`Type ${phrase} to go on: `);
    } finally {
      prompt.close();
    }
  }
  if (answer.trim() !== phrase)
    throw new Refusal(`Nothing was done: the confirmation must be exactly "${phrase}".`, exit.usage);
}

/** Data, for stdout. */
export function print(text: string): void {
  process.stdout.write(`${sanitise(text)}\n`);
}

/** JSON for stdout; as it is, because JSON escapes controls by itself. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`);
}

/** Everything else, for stderr. */
export function say(text: string): void {
  process.stderr.write(`${sanitise(text)}\n`);
}

/** `1.5 MB`; decimal units, as disks and bills have them. */
export function bytesText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 99.5 ? Math.round(value) : value.toPrecision(2)} ${units[unit]}`;
}

/** `3.2 s`, `4 min 10 s`. */
export function durationText(ms: number): string {
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** Rows of cells as lines, columns aligned; the columns named in `right` to the right. */
export function tableText(rows: readonly (readonly string[])[], right: readonly number[] = []): string {
  const clean = rows.map((row) => row.map((cell) => sanitiseLine(cell)));
  const widths = (clean[0] ?? []).map((_, column) =>
    Math.max(...clean.map((row) => (row[column] ?? '').length)),
  );
  return clean
    .map((row) =>
      row
        .map((cell, column) =>
          right.includes(column) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
