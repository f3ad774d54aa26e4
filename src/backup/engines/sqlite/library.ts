import { open } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { BackupError, codeOf, firstLine } from '../../error.ts';

type Sqlite = typeof import('node:sqlite');
export type Database = InstanceType<Sqlite['DatabaseSync']>;

/** Node's own SQLite; loaded when it is first needed, because older Nodes have none. */
export async function sqlite(): Promise<Sqlite> {
  try {
    return await import('node:sqlite');
  } catch (error) {
    throw new BackupError(
      'tool',
      `This Node (${process.versions.node}) has no SQLite of its own. Use Node 24 or newer for SQLite targets.`,
      error,
    );
  }
}

/**
 * Opens a file that nobody else has open, to be read: without locks and without making `-wal` and `-shm` beside it.
 * Throws a `BackupError` where it is no database.
 */
export async function openStill(path: string): Promise<Database> {
  const { DatabaseSync } = await sqlite();
  const place = pathToFileURL(path);
  place.searchParams.set('immutable', '1');
  try {
    const database = new DatabaseSync(place, { readOnly: true, allowExtension: false });
    database.exec('pragma trusted_schema = off');
    return database;
  } catch (error) {
    throw sqliteTrouble(error, path);
  }
}

/** Opens a live file to be read with SQLite's own locks; waits five seconds for a writer. */
export async function openLive(path: string): Promise<Database> {
  const { DatabaseSync } = await sqlite();
  await refuseForeign(path);
  try {
    const database = new DatabaseSync(path, { timeout: 5_000 });
    try {
      // The file is opened by the first statement; a file that is no database shows here.
      database.exec('pragma trusted_schema = off; select count(*) from sqlite_schema');
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  } catch (error) {
    throw sqliteTrouble(error, path);
  }
}

/**
 * A file that does not begin as a database does is not given to SQLite: when it closes such a file, it removes the
 * `-wal` beside it, and with it what might have been saved.
 */
async function refuseForeign(path: string): Promise<void> {
  const handle = await open(path, 'r').catch((error) => {
    throw new BackupError(
      codeOf(error) === 'ENOENT' ? 'missing-database' : 'denied',
      `${path} can't be read: ${firstLine(error)}. Check the path in the URL and who may read it.`,
      error,
    );
  });
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(16), 0, 16, 0);
    // An empty file is an empty database.
    if (bytesRead === 0 || buffer.toString('latin1') === 'SQLite format 3\0') return;
  } finally {
    await handle.close();
  }
  throw new BackupError(
    'damaged',
    `${path} is damaged or no SQLite database: it does not begin like one. Keep a copy of it with its -wal and -shm before anything else.`,
  );
}

/** Rows of a statement. */
export function rowsOf(database: Database, text: string, ...values: (string | number)[]) {
  const statement = database.prepare(text);
  statement.setReadBigInts(false);
  return statement.all(...values) as Record<string, string | number | null>[];
}

/** An identifier in SQLite's quotes. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** SQLite's primary result code of an error, where it has one. */
export function resultCode(error: unknown): number | undefined {
  const code = (error as { errcode?: unknown } | null)?.errcode;
  return typeof code === 'number' ? code & 0xff : undefined;
}

/** Names the trouble behind an SQLite error (https://sqlite.org/rescode.html). */
export function sqliteTrouble(error: unknown, path: string): BackupError {
  if (error instanceof BackupError) return error;
  const said = firstLine(error);
  switch (resultCode(error)) {
    case 5:
    case 6:
      return new BackupError(
        'unsafe',
        `${path} is locked by another process: ${said}. Wait for its writer, or stop the application, then try again.`,
        error,
      );
    case 8:
    case 3:
      return new BackupError(
        'denied',
        `${path} may not be opened: ${said}. Check the owner of the file and of its folder: SQLite wants to write beside it.`,
        error,
      );
    case 10:
      return new BackupError('server', `The disk failed under ${path}: ${said}.`, error);
    case 11:
    case 26:
      return new BackupError(
        'damaged',
        `${path} is damaged or no SQLite database: ${said}. Keep a copy of it with its -wal and -shm before anything else; 'sqlite3 FILE .recover' may save rows.`,
        error,
      );
    case 13:
      return new BackupError(
        'store',
        `No space left beside ${path}: ${said}. Free some, then try again.`,
        error,
      );
    case 14:
      return new BackupError(
        'missing-database',
        `${path} can't be opened: ${said}. Check the path in the URL and who may read it.`,
        error,
      );
    default:
      return new BackupError(
        'server',
        `SQLite failed on ${path}: ${said}${codeOf(error) === undefined ? '' : ` (${codeOf(error)})`}.`,
        error,
      );
  }
}
