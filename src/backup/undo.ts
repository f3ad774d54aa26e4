import { performance } from 'node:perf_hooks';
import type pg from 'pg';
import { dropDatabase } from './engines/postgres/fresh.ts';
import { addressOf, type Login, parseLogin } from './engines/postgres/login.ts';
import { connectMaintenance, lockDatabase, readDatabases } from './engines/postgres/maintenance.ts';
import { type Participant, readParticipants } from './engines/postgres/record.ts';
import { release, swapBack, swapIn } from './engines/postgres/swap.ts';
import { isSqlite } from './engines/sqlite/file.ts';
import { continueSqlite, sqliteWayBack, undoSqlite } from './engines/sqlite/undo.ts';
import { BackupError, firstLine } from './error.ts';

/** What `undo` or `continue` would do, found from what the server says. */
export type WayBack =
  /** A finished restore: the old database can come back. */
  | { readonly kind: 'swap-back'; readonly old: string; readonly backup: string; readonly at: string }
  /** An interrupted one: the new database is whole and can be swapped in; or everything is put back as it was. */
  | { readonly kind: 'ready'; readonly fresh: string; readonly backup: string; readonly fenced: boolean }
  /** Interrupted before the new database was whole: it can only be dropped. */
  | {
      readonly kind: 'unfinished';
      readonly fresh?: string;
      readonly backup: string;
      readonly fenced: boolean;
    }
  | { readonly kind: 'nothing' };

export interface UndoResult {
  readonly way: WayBack;
  /** In plain words, what is so now. */
  readonly words: string;
  readonly sessionsEnded: number;
  readonly downtimeMs: number;
  readonly durationMs: number;
}

/** Looks only: what stands on the server from restores of this database. Throws a `BackupError`. */
export async function readWayBack(url: string): Promise<WayBack> {
  if (isSqlite(url)) return sqliteWayBack(url);
  const login = parseLogin(url);
  const client = await connectMaintenance(login);
  try {
    return wayBack(await readParticipants(client, login.database));
  } finally {
    await client.end().catch(() => {});
  }
}

/**
 * Takes a restore back. A finished one: the old database comes back and the restored one stays beside it, fenced. An
 * interrupted one: the live database is let free and what was loaded is dropped. Throws a `BackupError`.
 */
export async function undoRestore(url: string): Promise<UndoResult> {
  if (isSqlite(url)) return timed(() => undoSqlite(url));
  return change(url, async (client, login, way, participants) => {
    switch (way.kind) {
      case 'swap-back': {
        const old = participants.find((one) => one.name === way.old)!;
        const done = await swapBack(client, login.database, old.name, old.record);
        const beside = done.old === undefined ? '' : ` What was restored stays as ${done.old}, fenced.`;
        return {
          ...done,
          words: `${login.database} is again what it was before the restore of ${way.backup}.${beside}`,
        };
      }
      case 'ready':
      case 'unfinished': {
        await free(client, login, participants);
        if (way.fresh !== undefined) await dropDatabase(client, way.fresh);
        return {
          words: `${login.database} is what it was and takes connections; what was loaded from ${way.backup} is dropped.`,
          sessionsEnded: 0,
          downtimeMs: 0,
        };
      }
      case 'nothing':
        throw nothing(login);
    }
  });
}

/** Goes on with an interrupted restore whose new database is whole: swaps it in. Throws a `BackupError`. */
export async function continueRestore(url: string): Promise<UndoResult> {
  if (isSqlite(url)) return timed(() => continueSqlite(url));
  return change(url, async (client, login, way, participants) => {
    switch (way.kind) {
      case 'ready': {
        const fresh = participants.find((one) => one.name === way.fresh)!;
        const done = await swapIn(client, login.database, fresh.name, fresh.record);
        return {
          ...done,
          words: `${login.database} now holds ${way.backup}.${done.old === undefined ? '' : ` The old one stays as ${done.old}, fenced.`}`,
        };
      }
      case 'unfinished':
        throw new BackupError(
          'unsafe',
          `The restore of ${login.database} from ${way.backup} was interrupted before all was loaded; there is nothing to continue with. Undo it, then restore again.`,
        );
      case 'swap-back':
        throw new BackupError(
          'unsafe',
          `The restore of ${login.database} from ${way.backup} is finished. Undo is what can be done.`,
        );
      case 'nothing':
        throw nothing(login);
    }
  });
}

async function timed(task: () => Promise<Omit<UndoResult, 'durationMs'>>): Promise<UndoResult> {
  const began = performance.now();
  return { ...(await task()), durationMs: Math.round(performance.now() - began) };
}

type Change = (
  client: pg.Client,
  login: Login,
  way: WayBack,
  participants: readonly Participant[],
) => Promise<Omit<UndoResult, 'way' | 'durationMs'>>;

async function change(url: string, task: Change): Promise<UndoResult> {
  const began = performance.now();
  const login = parseLogin(url);
  const client = await connectMaintenance(login);
  try {
    await lockDatabase(client, login);
    const participants = await readParticipants(client, login.database);
    const way = wayBack(participants);
    const done = await task(client, login, way, participants);
    return { ...done, way, durationMs: Math.round(performance.now() - began) };
  } catch (error) {
    throw error instanceof BackupError
      ? error
      : new BackupError('server', `The undo failed: ${firstLine(error)}.`, error);
  } finally {
    await client.end().catch(() => {});
  }
}

/** What the records of the databases add up to. Pure. */
export function wayBack(participants: readonly Participant[]): WayBack {
  const fresh = participants.findLast((one) => one.record.role === 'new');
  const live = participants.findLast((one) => one.record.role === 'live');
  if (fresh !== undefined)
    return {
      kind: fresh.record.phase === 'ready' ? 'ready' : 'unfinished',
      fresh: fresh.name,
      backup: fresh.record.backup,
      fenced: live !== undefined,
    };
  if (live !== undefined) return { kind: 'unfinished', backup: live.record.backup, fenced: true };
  const old = participants.findLast((one) => one.record.role === 'old');
  if (old !== undefined)
    return { kind: 'swap-back', old: old.name, backup: old.record.backup, at: old.record.at };
  return { kind: 'nothing' };
}

async function free(client: pg.Client, login: Login, participants: readonly Participant[]): Promise<void> {
  const live = participants.find((one) => one.record.role === 'live');
  if (live === undefined) return;
  if ((await readDatabases(client)).some((one) => one.name === login.database))
    await release(client, login.database, live.record.comment);
}

function nothing(login: Login): BackupError {
  return new BackupError(
    'not-found',
    `No restore of ${login.database} on ${addressOf(login)} left anything to undo or continue.`,
  );
}
