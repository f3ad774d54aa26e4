import type pg from 'pg';
import { BackupError } from '../../error.ts';
import { connect } from './connect.ts';
import { addressOf, type Login } from './login.ts';
import { literal } from './quote.ts';

/** Tells our advisory locks from those of others: the letters "drbk". */
const lockClass = 0x6472626b;

/**
 * A connection to the server beside a database: to `postgres`, or to `template1` where that is the database itself
 * or is missing. From here a database can be created, fenced, renamed and dropped.
 */
export async function connectMaintenance(login: Login): Promise<pg.Client> {
  let failure: unknown;
  for (const database of ['postgres', 'template1']) {
    if (database === login.database) continue;
    try {
      const client = await connect(login, { database });
      await client.query(
        "set standard_conforming_strings = on; set lock_timeout = '30s'; set statement_timeout = 0",
      );
      return client;
    } catch (error) {
      failure ??= error;
      if (error instanceof BackupError && error.kind === 'unreachable') break;
    }
  }
  throw failure;
}

/**
 * Takes the lock of a database name for the life of the connection; false where another process has it. It ends with
 * its process, however that ends, so a held lock means that somebody is at work.
 */
export async function tryLock(client: pg.Client, name: string): Promise<boolean> {
  const { rows } = await client.query(
    'select pg_catalog.pg_try_advisory_lock($1, pg_catalog.hashtext($2)) as ours',
    [lockClass, name],
  );
  return rows[0].ours;
}

/** Gives a lock back. */
export async function unlock(client: pg.Client, name: string): Promise<void> {
  await client.query('select pg_catalog.pg_advisory_unlock($1, pg_catalog.hashtext($2))', [lockClass, name]);
}

/** Takes the lock of a database or throws a `BackupError` that says who is at work. */
export async function lockDatabase(client: pg.Client, login: Login): Promise<void> {
  if (await tryLock(client, login.database)) return;
  throw new BackupError(
    'unsafe',
    `Another restore or undo of ${login.database} on ${addressOf(login)} is at work. Wait for it, or find it: select pid, client_addr, application_name from pg_stat_activity join pg_locks using (pid) where locktype = 'advisory'.`,
  );
}

/** The databases of the server with their comments. */
export async function readDatabases(
  client: pg.Client,
): Promise<
  readonly { readonly name: string; readonly connections: boolean; readonly comment: string | null }[]
> {
  const { rows } = await client.query(
    `select d.datname as name, d.datallowconn as connections, pg_catalog.shobj_description(d.oid, 'pg_database') as comment
       from pg_catalog.pg_database d order by d.datname`,
  );
  return rows;
}

/** `COMMENT ON DATABASE`, which takes no parameters. */
export function commentOn(quotedName: string, comment: string | null): string {
  return `comment on database ${quotedName} is ${comment === null ? 'null' : literal(comment)}`;
}
