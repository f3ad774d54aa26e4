import { randomBytes } from 'node:crypto';
import { open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { BackupError, codeOf } from '../../error.ts';
import { stamp } from '../../name.ts';

/**
 * A restore of an SQLite file, kept beside it as `.{file}.drillbook-restore.json` from its first to its last moment:
 * the lock against a second one, and what a killed one is continued or undone by.
 */
const recordSchema = z.object({
  schema: z.literal(1),
  id: z.string(),
  backup: z.string(),
  /** `loading` until the new file is whole and compared; `ready` until it has the live name. */
  phase: z.enum(['loading', 'ready']),
  /** What the live file is called afterwards: `old` in a restore, `undone` in an undo. */
  word: z.enum(['old', 'undone']),
  /** The path of the file that gets the live name; gone once it has it. */
  fresh: z.string(),
  host: z.string(),
  pid: z.number(),
  at: z.string(),
});

export type FileRecord = z.infer<typeof recordSchema>;

/** What SQLite keeps beside a file: changes that are not in it yet. */
export const companions = ['-wal', '-journal', '-shm'] as const;

/** Makes names that belong to a file's name durable. */
export async function syncFolderOf(path: string): Promise<void> {
  const handle = await open(dirname(path), 'r').catch(() => undefined);
  if (handle === undefined) return;
  await handle.sync().catch(() => {});
  await handle.close();
}

function recordFile(live: string): string {
  return join(dirname(live), `.${basename(live)}.drillbook-restore.json`);
}

/** `shop.db.old-20260131-120000`, beside the live file: only there can a rename take its place at once. */
export function besideName(live: string, word: 'new' | 'old' | 'undone', id: string): string {
  return `${live}.${word}-${id}`;
}

/** The record beside a live file; undefined where there is none. One that can't be read counts as `loading`. */
export async function readFileRecord(live: string): Promise<FileRecord | undefined> {
  const text = await readFile(recordFile(live), 'utf8').catch((error) => {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  try {
    return recordSchema.parse(JSON.parse(text));
  } catch {
    // Killed while it was written: nothing else had been done by then.
    return { ...newRecord(live, 'an unknown backup'), id: 'unknown', fresh: '', host: '', pid: 0 };
  }
}

/** A record for a restore of a live file that begins now, or for an undo, where an old file is given. */
export function newRecord(live: string, backup: string, old?: string): FileRecord {
  const id = `${stamp(new Date())}-${randomBytes(2).toString('hex')}`;
  return {
    schema: 1,
    id,
    backup,
    phase: old === undefined ? 'loading' : 'ready',
    word: old === undefined ? 'old' : 'undone',
    fresh: old ?? besideName(live, 'new', id),
    host: hostname(),
    pid: process.pid,
    at: new Date().toISOString(),
  };
}

/** True while the process of a record is at work; one on another machine counts as at work: nobody here can tell. */
export function atWork(record: FileRecord): boolean {
  if (record.host === '') return false;
  if (record.host !== hostname()) return true;
  try {
    process.kill(record.pid, 0);
    return record.pid !== process.pid;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/** Takes the record, which only one can create. Throws a `BackupError` that says who has it. */
export async function takeRecord(live: string, record: FileRecord): Promise<void> {
  const handle = await open(recordFile(live), 'wx', 0o600).catch(async (error) => {
    if (codeOf(error) !== 'EEXIST') throw error;
    const other = await readFileRecord(live);
    throw new BackupError(
      'unsafe',
      other !== undefined && atWork(other)
        ? `Another restore or undo of ${live} is at work (process ${other.pid} on ${other.host} since ${other.at}). Wait for it.`
        : `A restore of ${live} from ${other?.backup ?? 'a backup'} was interrupted. Continue it or undo it first.`,
      error,
    );
  });
  try {
    await handle.writeFile(`${JSON.stringify(record)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await syncFolderOf(live);
}

/** Replaces the record at once: it is never half of one. */
export async function changeRecord(live: string, record: FileRecord): Promise<void> {
  const next = `${recordFile(live)}.next`;
  const handle = await open(next, 'w', 0o600);
  try {
    await handle.writeFile(`${JSON.stringify(record)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(next, recordFile(live));
  await syncFolderOf(live);
}

/** Ends a restore: its record goes last, or stays beside the old file, to say what replaced it. */
export async function dropRecord(live: string, beside?: string): Promise<void> {
  await rm(`${recordFile(live)}.next`, { force: true });
  if (beside === undefined) await rm(recordFile(live), { force: true });
  else await rename(recordFile(live), noteFile(beside));
  await syncFolderOf(live);
}

/** What replaced an old file, as its restore noted it. */
export async function readNote(old: string): Promise<FileRecord | undefined> {
  try {
    return recordSchema.parse(JSON.parse(await readFile(noteFile(old), 'utf8')));
  } catch {
    return undefined;
  }
}

function noteFile(old: string): string {
  return `${old}.restore.json`;
}

/** Removes the note of an old file that is live again. */
export async function removeNote(old: string): Promise<void> {
  await rm(noteFile(old), { force: true });
}

/** Every file that was live once, the newest last. */
export async function oldFiles(live: string): Promise<string[]> {
  const pattern = /^\.old-(\d{8}-\d{6}-[0-9a-f]{4})$/;
  const names = await readdir(dirname(live));
  return names
    .filter((name) => name.startsWith(basename(live)) && pattern.test(name.slice(basename(live).length)))
    .sort()
    .map((name) => join(dirname(live), name));
}

/** Removes a file that is ours, with what SQLite may have made beside it. */
export async function removeFile(path: string): Promise<void> {
  for (const ending of ['', ...companions]) await rm(`${path}${ending}`, { force: true });
}
