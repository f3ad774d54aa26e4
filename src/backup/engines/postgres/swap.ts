import type pg from 'pg';
import { BackupError, codeOf, firstLine } from '../../error.ts';

import { carryStatements, readGrants } from './carry.ts';
import { readDatabase } from './database.ts';
import { endSessions, fence, unfence } from './fence.ts';
import { commentOn, readDatabases } from './maintenance.ts';
import { identifier } from './quote.ts';
import { freeId, readRecord, type SwapRecord, sideName, writeRecord } from './record.ts';

export interface SwapResult {
  /** What was live before; absent where there was none. */
  readonly old?: string;
  readonly sessionsEnded: number;
  /** From the fence to the commit; ms. */
  readonly downtimeMs: number;
}

/** When a renamed database must not be in use, the server waits for five seconds by itself; tries, not seconds. */
const tries = 5;

/**
 * Puts a new database in the place of the live one: fence, then both renames, owner, grants and settings in one
 * transaction. Where that fails the live database is let free again and is what it was. Killed in between, it is
 * whole but fenced, and `record` on it says what to do.
 */
export async function swapIn(
  client: pg.Client,
  live: string,
  fresh: string,
  record: SwapRecord,
): Promise<SwapResult> {
  const facts = await readDatabase(client, live, true);
  const grants = await readGrants(client, live);
  const own = await commentOfLive(client, live);
  const began = performance.now();
  let sessionsEnded = 0;
  if (facts === undefined) {
    await transaction(
      client,
      [fresh],
      [
        `alter database ${identifier(fresh)} rename to ${identifier(live)}`,
        commentOn(identifier(live), record.comment),
      ],
    );
    return { sessionsEnded, downtimeMs: Math.round(performance.now() - began) };
  }
  const old = sideName(live, 'old', record.id);
  const fenced: SwapRecord = { ...record, role: 'live', phase: 'fenced', comment: own };
  try {
    // The record goes first: a fence that nobody can explain is worse than a record without a fence.
    await client.query(commentOn(identifier(live), writeRecord(fenced)));
    sessionsEnded = await fence(client, live);
    await transaction(
      client,
      [live, fresh],
      [
        `alter database ${identifier(live)} rename to ${identifier(old)}`,
        `alter database ${identifier(fresh)} rename to ${identifier(live)}`,
        ...carryStatements(live, facts, grants),
        commentOn(identifier(old), writeRecord({ ...fenced, role: 'old', phase: 'replaced' })),
        commentOn(identifier(live), own),
      ],
    );
  } catch (error) {
    throw await retreat(client, live, own, error);
  }
  return { old, sessionsEnded, downtimeMs: Math.round(performance.now() - began) };
}

/**
 * Puts back what was live before. The database that goes out stays, fenced, with all that was written since; it
 * can come back by another undo.
 */
export async function swapBack(
  client: pg.Client,
  live: string,
  old: string,
  record: SwapRecord,
): Promise<SwapResult> {
  const present = await readDatabase(client, live, false);
  const began = performance.now();
  const own = await commentOfLive(client, live);
  if (present === undefined) {
    await transaction(client, [old], returning(live, old, record));
    return { sessionsEnded: 0, downtimeMs: Math.round(performance.now() - began) };
  }
  const out = sideName(live, 'undone', await freeId(client, live));
  const leaving: SwapRecord = {
    ...record,
    role: 'old',
    phase: 'undone',
    at: new Date().toISOString(),
    comment: own,
  };
  let sessionsEnded = 0;
  try {
    await client.query(
      commentOn(identifier(live), writeRecord({ ...leaving, role: 'live', phase: 'fenced' })),
    );
    sessionsEnded = await fence(client, live);
    await transaction(
      client,
      [live, old],
      [
        `alter database ${identifier(live)} rename to ${identifier(out)}`,
        ...returning(live, old, record),
        commentOn(identifier(out), writeRecord(leaving)),
      ],
    );
  } catch (error) {
    throw await retreat(client, live, own, error);
  }
  return { old: out, sessionsEnded, downtimeMs: Math.round(performance.now() - began) };
}

/** Lets a live database free again that an interrupted restore left fenced. */
export async function release(client: pg.Client, live: string, comment: string | null): Promise<void> {
  await unfence(client, live);
  await client.query(commentOn(identifier(live), comment));
}

function returning(live: string, old: string, record: SwapRecord): string[] {
  return [
    `alter database ${identifier(old)} rename to ${identifier(live)}`,
    `alter database ${identifier(live)} with allow_connections true`,
    commentOn(identifier(live), record.comment),
  ];
}

/** The comment that is the database's own, seen through a record of ours. */
async function commentOfLive(client: pg.Client, live: string): Promise<string | null> {
  const comment = (await readDatabases(client)).find((one) => one.name === live)?.comment ?? null;
  const record = readRecord(comment);
  return record === undefined ? comment : record.comment;
}

/** All or nothing, tried again while somebody (autovacuum, a monitor) is still in one of the databases. */
async function transaction(
  client: pg.Client,
  databases: readonly string[],
  statements: readonly string[],
): Promise<void> {
  for (let turn = 1; ; turn += 1) {
    try {
      await client.query('begin');
      for (const statement of statements) await client.query(statement);
      await client.query('commit');
      return;
    } catch (error) {
      await client.query('rollback').catch(() => {});
      if (codeOf(error) !== '55006' || turn >= tries) throw error;
      for (const database of databases) await endSessions(client, database);
    }
  }
}

/** Lets the live database free after a failed swap, and makes the error that says how things stand. */
async function retreat(
  client: pg.Client,
  live: string,
  own: string | null,
  error: unknown,
): Promise<BackupError> {
  const denied = codeOf(error) === '42501' || (error instanceof BackupError && error.kind === 'denied');
  const said = error instanceof BackupError ? error.message : `The swap failed: ${firstLine(error)}.`;
  try {
    await release(client, live, own);
  } catch {
    return new BackupError(
      'fenced',
      `${said} The connection broke as well, so ${live} may still be fenced, or the swap may have been done. Look with 'drillbook backup undo --look', then continue or undo.`,
      error,
    );
  }
  const next = denied ? ' Use the owner of the database, with CREATEDB.' : '';
  return new BackupError(
    denied ? 'denied' : 'server',
    `${said} ${live} is what it was and takes connections again.${next}`,
    error,
  );
}
