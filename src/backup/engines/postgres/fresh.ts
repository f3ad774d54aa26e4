import type pg from 'pg';
import { BackupError, codeOf, firstLine } from '../../error.ts';
import type { DatabaseFacts } from '../../manifest.ts';
import { identifier, literal } from './quote.ts';

/**
 * Creates an empty database with the encoding and the locale of another one. Throws a `BackupError` where the role
 * may not, or the name is taken.
 */
export async function createFresh(
  client: pg.Client,
  name: string,
  like: DatabaseFacts | undefined,
): Promise<void> {
  try {
    await client.query(
      `create database ${identifier(name)} template template0${like === undefined ? '' : locale(like)}`,
    );
  } catch (error) {
    switch (codeOf(error)) {
      case '42501':
        throw new BackupError(
          'denied',
          `The role may not create databases: ${firstLine(error)}. A safe restore loads into a new database: use a role with CREATEDB, or ask for --in-place.`,
          error,
        );
      case '42P04':
        throw new BackupError(
          'already-there',
          `There is a database ${name} already. Take another name, or drop it first.`,
          error,
        );
      default:
        throw new BackupError(
          'server',
          `The database ${name} could not be created: ${firstLine(error)}.`,
          error,
        );
    }
  }
}

/** Drops a database that is ours, with whoever is still in it; quiet where there is none. */
export async function dropDatabase(client: pg.Client, name: string): Promise<void> {
  await client.query(`drop database if exists ${identifier(name)} with (force)`);
}

function locale(like: DatabaseFacts): string {
  const words = [
    ` encoding ${literal(like.encoding)}`,
    `lc_collate ${literal(like.collate)}`,
    `lc_ctype ${literal(like.ctype)}`,
  ];
  if (like.provider === 'i' && like.locale !== undefined)
    words.push('locale_provider icu', `icu_locale ${literal(like.locale)}`);
  if (like.provider === 'b' && like.locale !== undefined)
    words.push('locale_provider builtin', `builtin_locale ${literal(like.locale)}`);
  return words.join(' ');
}
