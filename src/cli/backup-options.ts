import type { Command } from 'commander';
import { BackupError } from '../backup/error.ts';
import { readKeys, readRecipients } from '../backup/keys.ts';
import type { Store } from '../backup/store.ts';
import { openStore } from '../backup/stores/open.ts';
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
    '--store <store>',
    'where the backups are: env:NAME, a folder, s3://BUCKET/PREFIX or cloudinary://CLOUD/FOLDER',
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

/** The flag that says what opens encrypted backups. */
export function identityOption(command: Command): Command {
  return command.option(
    '--identity <reference>',
    'what opens encrypted backups: file:PATH or env:NAME with an age identity (default: env:BACKUP_IDENTITY where it is set)',
  );
}

/** The flag that says whom backups are encrypted to. */
export function recipientOption(command: Command): Command {
  return command.option(
    '--recipient <recipient...>',
    'encrypt with age to these: age1…, file:PATH or env:NAME (default: env:BACKUP_RECIPIENTS where it is set)',
  );
}

/**
 * The store that a flag names, with the keys that open what is encrypted in it. Throws a `Refusal` that says what to
 * set.
 */
export async function storeOf(reference: string, identity?: string, flag = '--store'): Promise<Store> {
  const resolved = await resolveReference(reference, process.env);
  if ('problem' in resolved)
    throw new Refusal(
      `No store: ${resolved.problem}. Set it, or give ${flag} with a folder or an address.`,
      exit.usage,
    );
  if (resolved.value.trim() === '')
    throw new Refusal(`No store: ${flag} is empty. Give a folder or an address.`, exit.usage);
  return refusing(async () => {
    const store = await openStore(resolved.value, process.env);
    const key = identity ?? (process.env.BACKUP_IDENTITY ? 'env:BACKUP_IDENTITY' : undefined);
    return key === undefined ? store : { ...store, keys: await readKeys(key, process.env) };
  });
}

/** Whom to encrypt to; nobody where nothing says so. Throws a `Refusal` for what is no recipient. */
export async function recipientsOf(given: readonly string[] | undefined): Promise<readonly string[]> {
  const references = given ?? (process.env.BACKUP_RECIPIENTS ? ['env:BACKUP_RECIPIENTS'] : []);
  const recipients = await refusing(() => readRecipients(references, process.env));
  // Asked for and not done would be worse than refused: the backup would lie there in the clear.
  if (references.length > 0 && recipients.length === 0)
    throw new Refusal(`${references.join(', ')} names nobody to encrypt to.`, exit.usage);
  return recipients;
}

/** What is wrong with an address or a key is a fault of usage. */
async function refusing<T>(task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (error) {
    throw error instanceof BackupError ? new Refusal(error.message, exit.usage) : error;
  }
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
