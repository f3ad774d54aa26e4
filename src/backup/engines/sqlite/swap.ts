import { copyFile, link, realpath, rename, rm, stat } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { BackupError, codeOf } from '../../error.ts';
import { openLive } from './library.ts';
import {
  atWork,
  besideName,
  companions,
  dropRecord,
  type FileRecord,
  readFileRecord,
  removeFile,
  removeNote,
  syncFolderOf,
} from './record.ts';
import { usersOf, usersText } from './users.ts';

export interface FileSwap {
  /** What was live before; absent where there was nothing. */
  readonly old?: string;
  readonly downtimeMs: number;
  /** What the operator must know, in sentences. */
  readonly warnings: readonly string[];
}

/**
 * Gives a whole new file the live name, and what was live the name of an old one. The live name exists at every
 * moment: the old file gets its second name first, then one rename replaces it. Throws a `BackupError` where somebody
 * has the live file open; nothing was changed then.
 */
export async function swapFiles(live: string, record: FileRecord): Promise<FileSwap> {
  const old = besideName(live, record.word, record.id);
  const present = await exists(live);
  const warnings = present ? await settle(live) : [];
  const began = performance.now();
  if (present) {
    await rm(old, { force: true });
    // A second name first: were the live file renamed away, an application could create an empty one in its place.
    await link(live, old).catch(async (error) => {
      if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(codeOf(error) ?? '')) throw error;
      await copyFile(live, old);
    });
    // What could not be settled into the file goes with it: left behind, it would be replayed into the new one.
    for (const ending of companions)
      await rename(`${live}${ending}`, `${old}${ending}`).catch((error) => {
        if (codeOf(error) !== 'ENOENT') throw error;
      });
    await syncFolderOf(live);
  } else for (const ending of companions) await rm(`${live}${ending}`, { force: true });
  await rename(record.fresh, live);
  await finish(live, record);
  const downtimeMs = Math.round(performance.now() - began);
  // Who opened the file in this very moment has the old one, and would write into it unseen.
  const late = present ? await usersOf(old) : [];
  if (late.length > 0)
    warnings.push(
      `${usersText(late)} opened the file at the moment of the swap and has the old one: restart it.`,
    );
  await dropRecord(live, present && record.word === 'old' ? old : undefined);
  return { ...(present ? { old } : {}), downtimeMs, warnings };
}

/** True once the new file has the live name. */
export async function isSwapped(record: FileRecord): Promise<boolean> {
  return record.phase === 'ready' && !(await exists(record.fresh));
}

/** Ends a swap that was killed after its rename: the new file has the live name, only the tidying is missing. */
export async function endKilledSwap(live: string): Promise<void> {
  const record = await readFileRecord(live);
  if (record === undefined || atWork(record) || !(await isSwapped(record))) return;
  const old = besideName(live, record.word, record.id);
  await finish(live, record);
  await dropRecord(live, record.word === 'old' && (await exists(old)) ? old : undefined);
}

/** Takes back a swap that did not come to its rename: the live file's companions return, its second name goes. */
export async function unswap(live: string, record: FileRecord): Promise<void> {
  const old = besideName(live, record.word, record.id);
  if (await exists(old)) {
    for (const ending of companions)
      if ((await exists(`${old}${ending}`)) && !(await exists(`${live}${ending}`)))
        await rename(`${old}${ending}`, `${live}${ending}`);
    if (await exists(live)) await removeFile(old);
    else await rename(old, live);
  }
  // An undo's new file is the one that was live before the restore: that stays.
  if (record.word === 'old' && record.fresh !== '') await removeFile(record.fresh);
  await dropRecord(live);
}

/** What stands beside the new file follows it to its name, where it has anything. */
async function finish(live: string, record: FileRecord): Promise<void> {
  for (const ending of companions)
    if (await exists(`${record.fresh}${ending}`))
      await rename(`${record.fresh}${ending}`, `${live}${ending}`);
  await removeNote(record.fresh);
  await syncFolderOf(live);
}

/**
 * Makes sure that nobody has the live file open and that all of it is in the file itself: what is in the WAL or in a
 * journal is brought in. A file too damaged for that is swapped as it is, with what stands beside it.
 */
async function settle(live: string): Promise<string[]> {
  const users = await usersOf(await realpath(live));
  if (users.length > 0)
    throw new BackupError(
      'unsafe',
      `${live} is open in ${usersText(users)}. Stop the application first: it would go on writing into the old file.`,
    );
  try {
    const database = await openLive(live);
    try {
      // Fails where anybody reads or writes; an idle connection was looked for above.
      database.exec('begin exclusive; rollback; pragma wal_checkpoint(truncate)');
    } finally {
      database.close();
    }
  } catch (error) {
    if (error instanceof BackupError && error.kind === 'damaged')
      return [`${error.message} It was swapped out as it is, with its -wal and -journal.`];
    throw busy(error, live);
  }
  const wal = await stat(`${live}-wal`).catch(() => undefined);
  if (wal !== undefined)
    throw new BackupError(
      'unsafe',
      `${live} is open in another process: its -wal stays after the last connection was closed. Stop the application, then try again.`,
    );
  return [];
}

function busy(error: unknown, live: string): unknown {
  if (error instanceof BackupError) return error;
  return new BackupError(
    'unsafe',
    `${live} is locked by another process (${(error as Error).message}). Stop the application, then try again.`,
    error,
  );
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error) => {
      if (codeOf(error) === 'ENOENT') return false;
      throw error;
    },
  );
}
