import { performance } from 'node:perf_hooks';
import type pg from 'pg';
import type { Backup } from './catalog.ts';
import { type Comparison, compareContents } from './compare.ts';
import type { Contents } from './contents.ts';
import { withConnection } from './engines/postgres/connect.ts';
import { readContents } from './engines/postgres/contents.ts';
import { readDatabase } from './engines/postgres/database.ts';
import { createFresh, dropDatabase } from './engines/postgres/fresh.ts';
import { load } from './engines/postgres/load.ts';
import { type Login, parseLogin, withDatabase } from './engines/postgres/login.ts';
import { commentOn, connectMaintenance, lockDatabase } from './engines/postgres/maintenance.ts';
import { contentsOfTables } from './engines/postgres/part.ts';
import { prepareFresh, type Readiness, readReadiness } from './engines/postgres/prepare.ts';
import { identifier } from './engines/postgres/quote.ts';
import { freeId, type SwapRecord, sideName, writeRecord } from './engines/postgres/record.ts';
import { openSnapshot } from './engines/postgres/snapshot.ts';
import { type SwapResult, swapIn } from './engines/postgres/swap.ts';
import { isSqlite } from './engines/sqlite/file.ts';
import { restoreSqlite } from './engines/sqlite/restore.ts';
import { BackupError, firstLine } from './error.ts';
import { chosenTables, refuseReplica, refuseUnfinished, refuseUnfit } from './refusal.ts';
import type { Store } from './store.ts';

export type RestorePlace =
  /** Beside the live database, which is then swapped out; the default and the safe way. */
  | { readonly kind: 'swap' }
  /** Into a new database of that name; nothing else is touched. */
  | { readonly kind: 'into'; readonly database: string }
  /** Over what is there, in one transaction. No way back but another backup. */
  | { readonly kind: 'in-place' };

export interface RestoreRequest {
  /** Of the live database. */
  readonly url: string;
  readonly store: Store;
  readonly backup: Backup;
  readonly place: RestorePlace;
  readonly jobs?: number;
  /** Only the rows of these tables (`schema.table`), into a new database. */
  readonly tables?: readonly string[];
  /** Go on although the restored database is not what the manifest says. */
  readonly acceptDifferences?: boolean;
  /** Go on with a dump that has no (whole) manifest, so that nothing can be compared. */
  readonly withoutManifest?: boolean;
  /** Leave owners and grants out where roles are missing on the server. */
  readonly withoutOwners?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: RestoreProgress) => void;
}

export interface RestoreProgress {
  readonly phase: 'create' | 'load' | 'compare' | 'analyze' | 'swap';
  readonly words: string;
}

export interface RestoreResult {
  /** The database that now holds the backup's data. */
  readonly database: string;
  /** The fenced database that was live before. */
  readonly old?: string;
  readonly comparison?: Comparison;
  readonly sessionsEnded: number;
  /** From the fence to the end of the swap; ms. */
  readonly downtimeMs: number;
  readonly durationMs: number;
  /** What the operator must know, in sentences. */
  readonly warnings?: readonly string[];
}

/**
 * Restores a backup. Until the swap the live database is not touched at all, and a failure or an abort drops what was
 * loaded. Throws a `BackupError`.
 */
export async function restoreBackup(request: RestoreRequest): Promise<RestoreResult> {
  const began = performance.now();
  if (isSqlite(request.url))
    return { ...(await restoreSqlite(request)), durationMs: Math.round(performance.now() - began) };
  const login = parseLogin(request.url);
  const client = await connectMaintenance(login);
  try {
    await lockDatabase(client, login);
    await refuseReplica(client, login);
    const readiness = await readReadiness(client, request.backup);
    refuseUnfit(request, readiness);
    chosenTables(request);
    if (request.place.kind === 'swap') await refuseUnfinished(client, login);
    const done = await carryOut(request, client, login, readiness);
    return { ...done, durationMs: Math.round(performance.now() - began) };
  } catch (error) {
    if (request.signal?.aborted && !(error instanceof BackupError))
      throw new BackupError(
        'aborted',
        'The restore was stopped as asked; the live database was not touched.',
        error,
      );
    throw error instanceof BackupError
      ? error
      : new BackupError('server', `The restore failed: ${firstLine(error)}.`, error);
  } finally {
    await client.end().catch(() => {});
  }
}

type Done = Omit<RestoreResult, 'durationMs'>;

async function carryOut(
  request: RestoreRequest,
  client: pg.Client,
  login: Login,
  readiness: Readiness,
): Promise<Done> {
  const { place } = request;
  switch (place.kind) {
    case 'in-place':
      await load(loadOf(request, login, readiness, true));
      return {
        database: login.database,
        ...(await judge(request, login, false)),
        sessionsEnded: 0,
        downtimeMs: 0,
      };
    case 'into': {
      const fresh = withDatabase(login, place.database);
      const comparison = await fill(request, client, login, fresh, readiness, undefined);
      return { database: fresh.database, ...comparison, sessionsEnded: 0, downtimeMs: 0 };
    }
    case 'swap': {
      const record: SwapRecord = {
        schema: 1,
        id: await freeId(client, login.database),
        role: 'new',
        live: login.database,
        backup: request.backup.name,
        phase: 'loading',
        at: new Date().toISOString(),
        comment: null,
      };
      const fresh = withDatabase(login, sideName(login.database, 'new', record.id));
      const comparison = await fill(request, client, login, fresh, readiness, record);
      request.onProgress?.({ phase: 'swap', words: `fencing ${login.database} and swapping` });
      const swapped: SwapResult = await swapIn(client, login.database, fresh.database, {
        ...record,
        phase: 'ready',
      }).catch(async (error) => {
        await dropDatabase(client, fresh.database).catch(() => {});
        throw error;
      });
      return { database: login.database, ...comparison, ...swapped };
    }
  }
}

/** Creates, loads, compares and analyses a new database; drops it again when any of that fails. */
async function fill(
  request: RestoreRequest,
  client: pg.Client,
  login: Login,
  fresh: Login,
  readiness: Readiness,
  record: SwapRecord | undefined,
): Promise<{ comparison?: Comparison }> {
  request.onProgress?.({ phase: 'create', words: `creating ${fresh.database}` });
  const like = (await readDatabase(client, login.database)) ?? request.backup.manifest?.database;
  await createFresh(client, fresh.database, like);
  try {
    if (record !== undefined) await client.query(commentOn(identifier(fresh.database), writeRecord(record)));
    await prepareFresh(client, fresh, request.backup);
    await load(loadOf(request, fresh, readiness, false));
    const judged = await judgeAndAnalyse(request, fresh);
    request.signal?.throwIfAborted();
    if (record !== undefined)
      await client.query(commentOn(identifier(fresh.database), writeRecord({ ...record, phase: 'ready' })));
    return judged;
  } catch (error) {
    await dropDatabase(client, fresh.database).catch(() => {});
    throw error;
  }
}

function loadOf(request: RestoreRequest, login: Login, readiness: Readiness, clean: boolean) {
  return {
    login,
    serverMajor: readiness.serverMajor,
    store: request.store,
    backup: request.backup,
    jobs: request.jobs,
    tables: chosenTables(request),
    withoutOwners: request.withoutOwners,
    clean,
    signal: request.signal,
    onProgress: (words: string, bytes: number) =>
      request.onProgress?.({ phase: 'load', words: `${words} ${bytes} of ${request.backup.bytes} bytes` }),
  };
}

/** Both read every table once; at the same time, the second reader finds what the first one brought in. */
async function judgeAndAnalyse(request: RestoreRequest, fresh: Login): Promise<{ comparison?: Comparison }> {
  const analysing = withConnection(fresh, {}, async (own) => {
    request.onProgress?.({ phase: 'analyze', words: `analysing ${fresh.database}` });
    await own.query('analyze');
  });
  const [judged, analysed] = await Promise.allSettled([judge(request, fresh, true), analysing]);
  if (judged.status === 'rejected') throw judged.reason;
  if (analysed.status === 'rejected') throw analysed.reason;
  return judged.value;
}

/** Holds a restored database against the manifest; throws where it is not the same and nobody accepts that. */
async function judge(
  request: RestoreRequest,
  login: Login,
  freshlyLoaded: boolean,
): Promise<{ comparison?: Comparison }> {
  const { manifest } = request.backup;
  if (manifest === undefined) return {};
  request.onProgress?.({ phase: 'compare', words: `comparing ${login.database} with the manifest` });
  const snapshot = await openSnapshot(login, Math.max(2, request.jobs ?? 1), { lockTables: false });
  try {
    const contents = await readContents(snapshot, {
      selection: manifest.selection,
      freshlyLoaded,
      like: manifest.contents,
      signal: request.signal,
    });
    const chosen = chosenTables(request);
    const part = (all: Contents) => (chosen === undefined ? all : contentsOfTables(all, chosen));
    const comparison = compareContents(part(manifest.contents), part(contents), {
      left: `backup ${manifest.name}`,
      right: login.database,
      ignoreGrants: request.withoutOwners,
    });
    if (comparison.equal || request.acceptDifferences) return { comparison };
    const failures = comparison.differences.filter((one) => one.severity === 'failure');
    throw new BackupError(
      'different',
      `What was restored is not what the manifest says (${failures.length} differences): ${failures
        .slice(0, 5)
        .map((one) => one.words)
        .join(
          ' ',
        )} ${aftermath(request.place)} Use another backup, or accept the differences knowingly (--accept-differences).`,
    );
  } finally {
    await snapshot.close();
  }
}

function aftermath(place: RestorePlace): string {
  switch (place.kind) {
    case 'swap':
      return 'The live database was not touched; what was loaded is dropped.';
    case 'into':
      return `${place.database} is dropped again.`;
    case 'in-place':
      return 'The live database WAS changed by the load.';
  }
}
