import type { Command } from 'commander';
import type { Store } from '../backup/store.ts';
import { directoryStore } from '../backup/stores/directory.ts';
import { resolveReference } from '../settings/reference.ts';
import { exit, Refusal } from './exit.ts';

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

/** A subcommand with the house's way of telling usage faults. */
export function subcommand(command: Command, name: string, description: string): Command {
  return command
    .command(name)
    .description(description)
    .configureOutput({ writeErr: () => {} })
    .exitOverride();
}

/** A flag that must be one of some words. */
export function oneOf<T extends string>(flag: string, value: string, words: readonly T[]): T {
  const found = words.find((word) => word === value);
  if (found === undefined)
    throw new Refusal(`${flag} is one of ${words.join(', ')}, not ${value}.`, exit.usage);
  return found;
}

/** A flag that must be a number from 1. */
export function count(flag: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1 || number > 64)
    throw new Refusal(`${flag} is a number from 1 to 64, not ${value}.`, exit.usage);
  return number;
}
