import { realpath } from 'node:fs/promises';
import { BackupError } from '../../error.ts';
import type { UndoResult, WayBack } from '../../undo.ts';
import { sqliteFile } from './file.ts';
import { atWork, newRecord, oldFiles, readFileRecord, readNote, takeRecord } from './record.ts';
import { endKilledSwap, isSwapped, swapFiles, unswap } from './swap.ts';

type Done = Omit<UndoResult, 'durationMs'>;

/** Looks only: what restores of this file have left. Throws a `BackupError` while one is at work. */
export async function sqliteWayBack(url: string): Promise<WayBack> {
  return wayBack(await liveOf(url));
}

/** Takes the last restore of a file back, or cleans up after an interrupted one. Throws a `BackupError`. */
export async function undoSqlite(url: string): Promise<Done> {
  const live = await liveOf(url);
  await endKilledSwap(live);
  const way = await wayBack(live);
  switch (way.kind) {
    case 'swap-back': {
      const record = newRecord(live, way.backup, way.old);
      await takeRecord(live, record);
      try {
        const { warnings, ...done } = await swapFiles(live, record);
        const words = [
          `${live} is again what it was before the restore of ${way.backup}.`,
          ...(done.old === undefined ? [] : [`What was restored stays as ${done.old}.`]),
          ...warnings,
        ];
        return { way, words: words.join(' '), sessionsEnded: 0, downtimeMs: done.downtimeMs };
      } catch (error) {
        await unswap(live, record);
        throw error;
      }
    }
    case 'ready':
    case 'unfinished':
      await unswap(live, (await readFileRecord(live))!);
      return {
        way,
        words: `${live} is what it was; what was loaded from ${way.backup} is removed.`,
        sessionsEnded: 0,
        downtimeMs: 0,
      };
    case 'nothing':
      throw nothing(live);
  }
}

/** Goes on with an interrupted restore whose new file is whole. Throws a `BackupError`. */
export async function continueSqlite(url: string): Promise<Done> {
  const live = await liveOf(url);
  await endKilledSwap(live);
  const way = await wayBack(live);
  switch (way.kind) {
    case 'ready': {
      const { warnings, ...done } = await swapFiles(live, (await readFileRecord(live))!);
      return {
        way,
        words: [
          `${live} now holds ${way.backup}.`,
          ...(done.old === undefined ? [] : [`The old one stays as ${done.old}.`]),
          ...warnings,
        ].join(' '),
        sessionsEnded: 0,
        downtimeMs: done.downtimeMs,
      };
    }
    case 'unfinished':
      throw new BackupError(
        'unsafe',
        `The restore of ${live} from ${way.backup} was interrupted before all was there; there is nothing to continue with. Undo it, then restore again.`,
      );
    case 'swap-back':
      throw new BackupError(
        'unsafe',
        `The restore of ${live} from ${way.backup} is finished. Undo is what can be done.`,
      );
    case 'nothing':
      throw nothing(live);
  }
}

async function wayBack(live: string): Promise<WayBack> {
  const record = await readFileRecord(live);
  if (record !== undefined && atWork(record))
    throw new BackupError(
      'unsafe',
      `A restore or undo of ${live} is at work (process ${record.pid} on ${record.host} since ${record.at}). Wait for it.`,
    );
  if (record !== undefined && !(await isSwapped(record)))
    return record.word === 'old' && record.phase === 'ready'
      ? { kind: 'ready', fresh: record.fresh, backup: record.backup, fenced: false }
      : { kind: 'unfinished', backup: record.backup, fenced: false };
  const old = (await oldFiles(live)).at(-1);
  if (old === undefined) return { kind: 'nothing' };
  const note = (await readNote(old)) ?? record;
  return {
    kind: 'swap-back',
    old,
    backup: note?.backup ?? 'an earlier backup',
    at: note?.at ?? old.slice(-20),
  };
}

async function liveOf(url: string): Promise<string> {
  const named = sqliteFile(url);
  return realpath(named).catch(() => named);
}

function nothing(live: string): BackupError {
  return new BackupError('not-found', `No restore of ${live} left anything to undo or continue.`);
}
