import { stat } from 'node:fs/promises';
import type { Contents } from '../../contents.ts';
import { BackupError } from '../../error.ts';
import { type ReadOptions, readSqlite } from './contents.ts';
import { sqliteFile } from './file.ts';
import { openLive, sqliteTrouble } from './library.ts';

/** What is in a live SQLite file, from one read transaction. Throws a `BackupError`. */
export async function readSqliteFile(url: string, options: ReadOptions): Promise<Contents> {
  const path = sqliteFile(url);
  if ((await stat(path).catch(() => undefined)) === undefined)
    throw new BackupError('missing-database', `There is no file ${path}. Check the path in the URL.`);
  const database = await openLive(path);
  try {
    database.exec('begin');
    return await readSqlite(database, options);
  } catch (error) {
    throw sqliteTrouble(error, path);
  } finally {
    database.close();
  }
}
