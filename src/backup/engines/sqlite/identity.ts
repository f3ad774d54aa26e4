import { stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import type { Identity } from '../../../run/target.ts';
import { sqliteFile, sqliteName } from './file.ts';

/**
 * Who an SQLite database is: its file on this machine. There is no server to tell two of them apart, so the address is
 * host and path. Throws a `BackupError` where the URL names no file.
 */
export async function sqliteIdentity(url: string): Promise<Identity> {
  const path = sqliteFile(url);
  const facts = await stat(path).catch(() => undefined);
  return {
    address: `${hostname()}:${path}`,
    database: sqliteName(url),
    exists: facts?.isFile() === true,
    replica: false,
    version: process.versions.sqlite ?? '3',
  };
}
