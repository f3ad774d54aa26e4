import { setTimeout } from 'node:timers/promises';
import type pg from 'pg';
import { connect } from './engines/postgres/connect.ts';
import { addressOf, type Login, parseLogin } from './engines/postgres/login.ts';
import { BackupError, firstLine } from './error.ts';

/** Tells the locks of runs from those of restores and of others: the letters "drun". */
const lockClass = 0x6472756e;

/** PostgreSQL cuts an application name off at NAMEDATALEN - 1 bytes. */
const longestName = 63;

/** What the other end needs to know: who goes through which run. */
export interface RunLockHolder {
  /** Id of the run. */
  readonly run: string;
  readonly operator: string;
}

/** The lock of a database on its server, for as long as its connection lives. */
export interface RunLock {
  /** Gives it back. May be called twice; never rejects. */
  release(): Promise<void>;
}

export type RunLocking =
  | { readonly kind: 'locked'; readonly lock: RunLock }
  /** `message`: who holds it since when, and what to do. */
  | { readonly kind: 'held'; readonly message: string }
  /** The server could not be asked; `message` says why. */
  | { readonly kind: 'unavailable'; readonly message: string };

/**
 * Takes the lock that lets one run at a time change a database, whichever machine it runs on: a session-level advisory
 * lock (pg_try_advisory_lock) on a connection to the maintenance database, which a restore of the other database does
 * not disturb. Advisory locks count within one database, so everybody must come by the same: it is always `postgres`.
 * Takes at most about ten seconds. The connection does not keep the process alive, and ends with it.
 */
export async function lockDatabase(
  adminUrl: string,
  database: string,
  who: RunLockHolder,
  signal?: AbortSignal,
): Promise<RunLocking> {
  let client: pg.Client | undefined;
  try {
    const login = named(parseLogin(adminUrl), who);
    signal?.throwIfAborted();
    client = await connect(login, { database: 'postgres', timeoutMs: 5_000, queryTimeoutMs: 5_000 });
    signal?.throwIfAborted();
    // It is idle for the whole run. PostgreSQL 13 does not know the setting and ends nobody for it.
    await client.query('set idle_session_timeout = 0').catch(() => {});
    if (await tryLock(client, database)) return { kind: 'locked', lock: lockOn(client, database) };
    const message = await heldBy(client, login, database);
    await client.end();
    return { kind: 'held', message };
  } catch (error) {
    await client?.end().catch(() => {});
    signal?.throwIfAborted();
    const reason = error instanceof BackupError ? error.message : firstLine(error);
    return {
      kind: 'unavailable',
      message: `Nothing keeps another machine from a run on ${database} at the same time: its server could not be asked for a lock. ${reason}`,
    };
  }
}

/** Shown in pg_stat_activity: the run first, because it tells more when the name is cut off. */
function named(login: Login, { run, operator }: RunLockHolder): Login {
  const name = `drillbook ${run} ${operator}`.replace(/[^\x20-\x7e]/g, '?').slice(0, longestName);
  return { ...login, parameters: { ...login.parameters, application_name: name } };
}

async function tryLock(client: pg.Client, database: string): Promise<boolean> {
  const { rows } = await client.query(
    'select pg_catalog.pg_try_advisory_lock($1, pg_catalog.hashtext($2)) as ours',
    [lockClass, database],
  );
  return rows[0].ours;
}

/** The driver has them; its types do not show them. */
type Unrefable = pg.Client & { ref(): void; unref(): void };

function lockOn(client: pg.Client, database: string): RunLock {
  // A server that ends the connection has taken the lock back: `connect` listens, so that is no fault of the process.
  (client as Unrefable).unref();
  let releasing: Promise<void> | undefined;
  const release = async () => {
    (client as Unrefable).ref();
    try {
      // Behind a pooler the session would outlive the connection, with the lock.
      await client.query('select pg_catalog.pg_advisory_unlock($1, pg_catalog.hashtext($2))', [
        lockClass,
        database,
      ]);
    } catch {
      // The server has ended the connection, and with it the lock.
    }
    await client.end().catch(() => {});
  };
  return {
    release: () => {
      releasing ??= release();
      return releasing;
    },
  };
}

/** pg_locks shows the two halves of the key as unsigned `classid` and `objid`. */
const holderQuery = `
  select a.pid, a.application_name as name, a.usename as role, host(a.client_addr) as client,
         pg_catalog.to_char(a.backend_start at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS') as since
    from pg_catalog.pg_locks l
    join pg_catalog.pg_stat_activity a using (pid)
   where l.locktype = 'advisory' and l.granted and l.objsubid = 2
     and l.database = (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database())
     and l.classid = $1::bigint::oid
     and l.objid = (pg_catalog.hashtext($2)::bigint & 4294967295)::oid`;

/** Whether somebody has the lock of a database now, and who. */
export type RunLockLook =
  | { readonly kind: 'free' }
  /** `run` is missing where another program holds it, or where the role is not shown whose session it is. */
  | {
      readonly kind: 'held';
      readonly pid: number;
      readonly run?: string;
      readonly client: string;
      /** UTC, to the second. */
      readonly since?: string;
    }
  | { readonly kind: 'unavailable'; readonly message: string };

/** Looks who has the lock of a database, without taking it. Never rejects; takes at most about ten seconds. */
export function lookAtLock(adminUrl: string, database: string): Promise<RunLockLook> {
  return withHolder(adminUrl, database, async (_client, found) => found);
}

/**
 * Ends the session that holds the lock of a database (pg_terminate_backend), if it is still the one with that number, and
 * waits up to five seconds until it is gone. Resolves to who holds it then.
 */
export function endLockHolder(adminUrl: string, database: string, pid: number): Promise<RunLockLook> {
  return withHolder(adminUrl, database, async (client, found) => {
    if (found.kind !== 'held' || found.pid !== pid) return found;
    await client.query('select pg_catalog.pg_terminate_backend($1)', [pid]);
    let now = await holderSeenBy(client, database);
    for (let waited = 0; waited < 5000 && now.kind === 'held' && now.pid === pid; waited += 100) {
      await setTimeout(100);
      now = await holderSeenBy(client, database);
    }
    return now;
  });
}

async function withHolder(
  adminUrl: string,
  database: string,
  task: (client: pg.Client, found: RunLockLook) => Promise<RunLockLook>,
): Promise<RunLockLook> {
  let client: pg.Client | undefined;
  try {
    client = await connect(parseLogin(adminUrl), {
      database: 'postgres',
      timeoutMs: 5_000,
      queryTimeoutMs: 5_000,
    });
    return await task(client, await holderSeenBy(client, database));
  } catch (error) {
    return { kind: 'unavailable', message: error instanceof BackupError ? error.message : firstLine(error) };
  } finally {
    await client?.end().catch(() => {});
  }
}

async function holderSeenBy(client: pg.Client, database: string): Promise<RunLockLook> {
  const { rows } = await client.query(holderQuery, [lockClass, database]);
  const row = rows[0];
  if (row === undefined) return { kind: 'free' };
  const run = /^drillbook (\S+) /.exec(row.name ?? '')?.[1];
  return {
    kind: 'held',
    pid: row.pid,
    client: row.client ?? 'the server itself',
    ...(run === undefined ? {} : { run }),
    ...(row.since ? { since: row.since } : {}),
  };
}

async function heldBy(client: pg.Client, login: Login, database: string): Promise<string> {
  const what = `A run on ${database} at ${addressOf(login)}`;
  const { rows } = await client.query(holderQuery, [lockClass, database]);
  const row = rows[0];
  if (row === undefined) return `${what} is being ended or begun by somebody else. Try again in a moment.`;
  // A role without pg_read_all_stats is shown less of the sessions of other roles.
  const [, run, operator] = /^drillbook (\S+) (.*)$/.exec(row.name ?? '') ?? [];
  const by = run ? `${operator} (run ${run})` : row.name || row.role || 'a session of another role';
  const from = row.client ?? 'the server itself';
  const since = row.since ? ` since ${row.since} UTC` : '';
  return `${what} is in the hands of ${by}${since}, from ${from}. Go on there, or stop that run first; if that machine is gone for good, end its session: select pg_terminate_backend(${row.pid}).`;
}
