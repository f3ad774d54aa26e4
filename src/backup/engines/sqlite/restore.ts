import { chmod, chown, open, realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import type { Backup } from '../../catalog.ts';
import { type Comparison, compareContents } from '../../compare.ts';
import { BackupError } from '../../error.ts';
import { hashing } from '../../hash.ts';
import { opened } from '../../opened.ts';
import type { RestoreRequest, RestoreResult } from '../../restore.ts';
import type { Store } from '../../store.ts';
import { readSqlite } from './contents.ts';
import { sqliteFile } from './file.ts';
import { integrityFaults } from './integrity.ts';
import { openStill, sqliteTrouble } from './library.ts';
import { changeRecord, dropRecord, newRecord, removeFile, syncFolderOf, takeRecord } from './record.ts';
import { endKilledSwap, swapFiles } from './swap.ts';

type Done = Omit<RestoreResult, 'durationMs'>;

/**
 * Restores an SQLite backup: into a new file beside the live one, checked and compared, then swapped by name. Until
 * the swap the live file is not touched. Throws a `BackupError`.
 */
export async function restoreSqlite(request: RestoreRequest): Promise<Done> {
  const { backup, place } = request;
  refuseUnfit(request);
  // A link to the live file stays one: what it points to is replaced.
  const named = sqliteFile(request.url);
  const live = await realpath(named).catch(() => named);
  if (place.kind === 'into') {
    const path = isAbsolute(place.database) ? place.database : join(dirname(live), place.database);
    const comparison = await fill(request, path, live);
    return { database: path, ...comparison, sessionsEnded: 0, downtimeMs: 0 };
  }
  const record = newRecord(live, backup.name);
  try {
    await endKilledSwap(live);
    await takeRecord(live, record);
  } catch (error) {
    throw sqliteTrouble(error, live);
  }
  try {
    const comparison = await fill(request, record.fresh, live);
    const ready = { ...record, phase: 'ready' as const };
    await changeRecord(live, ready);
    request.onProgress?.({ phase: 'swap', words: `swapping ${live}` });
    const { warnings, ...swapped } = await swapFiles(live, ready);
    return { database: live, ...comparison, ...swapped, sessionsEnded: 0, warnings };
  } catch (error) {
    await removeFile(record.fresh);
    await dropRecord(live);
    throw error instanceof BackupError ? error : sqliteTrouble(error, live);
  }
}

/** Writes the backup's bytes into a new file and holds it against the manifest; removes it where that fails. */
async function fill(
  request: RestoreRequest,
  path: string,
  like: string,
): Promise<{ comparison?: Comparison }> {
  const { backup, store, signal } = request;
  request.onProgress?.({ phase: 'create', words: `creating ${path}` });
  await writeCopy(store, backup, path, like, signal, (bytes) =>
    request.onProgress?.({ phase: 'load', words: `loading ${bytes} of ${backup.bytes} bytes` }),
  );
  try {
    request.onProgress?.({ phase: 'compare', words: `checking ${path}` });
    const judged = await judgeFile(backup, path, signal);
    if (judged.faults.length > 0 && !request.acceptDifferences)
      throw new BackupError(
        'different',
        `What was restored fails SQLite's integrity check: ${judged.faults.slice(0, 5).join('; ')}. The live file was not touched. Use another backup, or accept the differences knowingly.`,
      );
    const failures = judged.comparison?.differences.filter((one) => one.severity === 'failure') ?? [];
    if (failures.length > 0 && !request.acceptDifferences)
      throw new BackupError(
        'different',
        `What was restored is not what the manifest says (${failures.length} differences): ${failures
          .slice(0, 5)
          .map((one) => one.words)
          .join(
            ' ',
          )} The live file was not touched. Use another backup, or accept the differences knowingly.`,
      );
    signal?.throwIfAborted();
    return judged.comparison === undefined ? {} : { comparison: judged.comparison };
  } catch (error) {
    await removeFile(path);
    throw error;
  }
}

/** The bytes of a backup as a new file, hashed on the way, on disk when this resolves. Nothing is left where it fails. */
export async function writeCopy(
  store: Store,
  backup: Backup,
  path: string,
  like: string | undefined,
  signal: AbortSignal | undefined,
  onBytes?: (bytes: number) => void,
): Promise<void> {
  const facts = like === undefined ? undefined : await stat(like).catch(() => undefined);
  const handle = await open(path, 'wx', 0o600).catch((error) => {
    throw (error as { code?: string }).code === 'EEXIST'
      ? new BackupError(
          'already-there',
          `There is a file ${path} already. Take another name, or move it away.`,
        )
      : error;
  });
  try {
    try {
      const source = hashing(await store.read(backup.file, { signal }), onBytes);
      await handle.writeFile(opened(store, backup, source.bytes), { signal });
      const { sha256 } = source.sum();
      if (backup.manifest !== undefined && sha256 !== backup.manifest.sha256)
        throw new BackupError(
          'damaged',
          `${backup.location} is damaged: its SHA-256 is ${sha256}, the manifest says ${backup.manifest.sha256}. Use another backup.`,
        );
      await handle.sync();
    } finally {
      await handle.close();
    }
    if (facts !== undefined) {
      await chmod(path, facts.mode & 0o777);
      // Only root may give a file away; anybody else's copy is their own already.
      if (process.getuid?.() === 0) await chown(path, facts.uid, facts.gid);
    }
    await syncFolderOf(path);
  } catch (error) {
    await removeFile(path);
    if (signal?.aborted) throw new BackupError('aborted', 'The restore was stopped as asked.', error);
    throw error;
  }
}

/** A restored file by SQLite's own check and against its manifest. */
export async function judgeFile(
  backup: Backup,
  path: string,
  signal: AbortSignal | undefined,
): Promise<{ readonly faults: readonly string[]; readonly comparison?: Comparison }> {
  const database = await openStill(path);
  try {
    const faults = integrityFaults(database);
    if (backup.manifest === undefined) return { faults };
    const comparison = compareContents(
      backup.manifest.contents,
      await readSqlite(database, { signal }).catch((error) => {
        throw sqliteTrouble(error, path);
      }),
      { left: `backup ${backup.manifest.name}`, right: path },
    );
    return { faults, comparison };
  } finally {
    database.close();
  }
}

function refuseUnfit(request: RestoreRequest): void {
  const { backup, place } = request;
  if (place.kind === 'in-place')
    throw new BackupError(
      'unsafe',
      'An SQLite file is not restored in place: the swap by name takes as long and leaves a way back. Leave out --in-place.',
    );
  if (backup.format !== 'sqlite')
    throw new BackupError(
      'dump',
      `${backup.file} is a ${backup.format} dump of PostgreSQL, and ${sqliteFile(request.url)} is an SQLite file. Give the right backup, or the right URL.`,
    );
  if (backup.damage !== undefined && !request.withoutManifest)
    throw new BackupError(
      'damaged',
      `${backup.damage} To take the file all the same, without comparing, ask for it without its manifest.`,
    );
  if (backup.manifest === undefined && !request.withoutManifest)
    throw new BackupError(
      'unsafe',
      `${backup.file} has no manifest, so nobody can say afterwards whether all of it is there. Ask for it without manifest if that is all there is.`,
    );
}
