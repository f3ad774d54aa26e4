import type pg from 'pg';
import { BackupError, codeOf, firstLine } from '../../error.ts';
import { connect } from './connect.ts';
import { addressOf, type Login } from './login.ts';
import { identifier, literal, qualifiedIdentifier } from './quote.ts';

/** One moment of a database, seen by several connections at once and, through `id`, by pg_dump. */
export interface Snapshot {
  /** For `SET TRANSACTION SNAPSHOT` and `pg_dump --snapshot`; good until `close`. */
  readonly id: string;
  readonly clients: readonly pg.Client[];
  /** By the server's clock, UTC, ISO 8601 with milliseconds. */
  readonly takenAt: string;
  readonly lsn: string;
  readonly serverMajor: number;
  close(): Promise<void>;
}

/**
 * Everything that changes how a value is written as text, so that checksums are equal on any server; and everything
 * that would end a long transaction.
 */
const session = `
  set search_path = '';
  set datestyle = 'ISO, MDY';
  set intervalstyle = 'postgres';
  set timezone = 'UTC';
  set extra_float_digits = 1;
  set bytea_output = 'hex';
  set lc_monetary = 'C';
  set xmloption = 'content';
  set quote_all_identifiers = off;
  set standard_conforming_strings = on;
  set row_security = off;
  set statement_timeout = 0;
  set idle_in_transaction_session_timeout = 0;
  set lock_timeout = '60s';
  select set_config(name, '0', false) from pg_catalog.pg_settings where name in ('transaction_timeout', 'idle_session_timeout');
`;

export interface SnapshotOptions {
  /** Hold a read lock on every table, so that no TRUNCATE, DROP or ALTER changes what is seen; unless told not to. */
  readonly lockTables?: boolean;
  /** Something more urgent works on the same server: every query keeps to one process. */
  readonly beside?: boolean;
}

/**
 * Takes a snapshot over `connections` connections. Throws a `BackupError`; nothing stays open then.
 */
export async function openSnapshot(
  login: Login,
  connections: number,
  { lockTables = true, beside = false }: SnapshotOptions = {},
): Promise<Snapshot> {
  const setup = beside ? `${session} set max_parallel_workers_per_gather = 0;` : session;
  const clients: pg.Client[] = [];
  const close = async () => {
    await Promise.all(clients.map((client) => client.end().catch(() => {})));
  };
  try {
    const leader = await connect(login);
    clients.push(leader);
    await leader.query(setup);
    await leader.query('begin isolation level repeatable read read only');
    const { rows } = await leader.query(`
      select pg_catalog.pg_export_snapshot() as id,
             pg_catalog.current_setting('server_version_num')::int / 10000 as major,
             pg_catalog.to_char(pg_catalog.now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as taken,
             (case when pg_catalog.pg_is_in_recovery() then pg_catalog.pg_last_wal_replay_lsn()
                   else pg_catalog.pg_current_wal_lsn() end)::text as lsn`);
    if (lockTables) await lock(leader);
    for (let more = 1; more < connections; more += 1) {
      const client = await connect(login);
      clients.push(client);
      await client.query(setup);
      await client.query('begin isolation level repeatable read read only');
      await client.query(`set transaction snapshot ${literal(rows[0].id)}`);
    }
    return {
      id: rows[0].id,
      clients,
      takenAt: rows[0].taken,
      lsn: rows[0].lsn ?? '',
      serverMajor: rows[0].major,
      close,
    };
  } catch (error) {
    await close();
    throw snapshotTrouble(error, login);
  }
}

async function lock(leader: pg.Client): Promise<void> {
  const { rows } = await leader.query(`
    select n.nspname as schema, c.relname as name
      from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
     order by c.oid`);
  for (let start = 0; start < rows.length; start += 200) {
    const some = rows
      .slice(start, start + 200)
      .map((row) => `only ${qualifiedIdentifier(row.schema, row.name)}`);
    await leader.query(`lock table ${some.join(', ')} in access share mode`);
  }
}

/** Names the trouble behind a failed query of a snapshot. */
export function snapshotTrouble(error: unknown, login: Login): unknown {
  if (error instanceof BackupError) return error;
  const where = `${identifier(login.database)} on ${addressOf(login)}`;
  switch (codeOf(error)) {
    case '55P03':
      return new BackupError(
        'server',
        `A table of ${where} stayed locked for a minute: ${firstLine(error)}. Another session changes its structure; see pg_locks, then try again.`,
        error,
      );
    case '42501':
      return new BackupError(
        'denied',
        `${login.user} may not read all of ${where}: ${firstLine(error)}. Use the owner, or a member of pg_read_all_data.`,
        error,
      );
    case '42P01':
      return new BackupError(
        'server',
        `A table of ${where} was dropped at this moment: ${firstLine(error)}. Try again.`,
        error,
      );
    default:
      return new BackupError('server', `Reading ${where} failed: ${firstLine(error)}.`, error);
  }
}
