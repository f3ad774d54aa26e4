import type pg from 'pg';
import { BackupError, firstLine } from '../../error.ts';
import { identifier } from './quote.ts';

/** How long one session may take to end; ms. */
const patience = 5_000;

/** Sessions of other processes on a database. */
export async function countSessions(client: pg.Client, database: string): Promise<number> {
  const { rows } = await client.query(
    `select pg_catalog.count(*)::int as n from pg_catalog.pg_stat_activity
      where datname = $1 and pid <> pg_catalog.pg_backend_pid() and backend_type = 'client backend'`,
    [database],
  );
  return rows[0].n;
}

/**
 * Keeps everybody out of a database and ends who is in it, superusers included. Returns how many sessions were
 * ended. Throws a `BackupError` where one stays; the fence is then still up, and the caller takes it down.
 */
export async function fence(client: pg.Client, database: string): Promise<number> {
  await client.query(`alter database ${identifier(database)} with allow_connections false`);
  return endSessions(client, database);
}

/** Ends all other sessions on a database and waits for each. */
export async function endSessions(client: pg.Client, database: string): Promise<number> {
  let ended = 0;
  try {
    // A session that was connecting while the fence went up shows only now: look again until nobody is left.
    for (let round = 0; round < 5; round += 1) {
      // The signature with a timeout came with 14; before, `true` means only that the signal was sent.
      const { rows } = await client.query(
        `select pg_catalog.pg_terminate_backend(pid${Number((await client.query('show server_version_num')).rows[0].server_version_num) >= 140_000 ? `, ${patience}` : ''}) as gone
           from pg_catalog.pg_stat_activity
          where datname = $1 and pid <> pg_catalog.pg_backend_pid() and backend_type = 'client backend'`,
        [database],
      );
      if (rows.length === 0) return ended;
      ended += rows.filter((row) => row.gone).length;
    }
  } catch (error) {
    throw new BackupError(
      'denied',
      `The sessions on ${database} could not be ended: ${firstLine(error)}. Use a role that may (pg_signal_backend, or the sessions' own role).`,
      error,
    );
  }
  const left = await countSessions(client, database);
  if (left === 0) return ended;
  throw new BackupError(
    'server',
    `${left} sessions on ${database} did not end. Stop the application first, then try again.`,
  );
}

/** Lets everybody in again. */
export async function unfence(client: pg.Client, database: string): Promise<void> {
  await client.query(`alter database ${identifier(database)} with allow_connections true`);
}
