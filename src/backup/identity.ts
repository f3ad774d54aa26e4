import type { Identity } from '../run/target.ts';
import { connect } from './engines/postgres/connect.ts';
import { addressOf, type Login, parseLogin } from './engines/postgres/login.ts';
import { isSqlite } from './engines/sqlite/file.ts';
import { sqliteIdentity } from './engines/sqlite/identity.ts';
import { BackupError, firstLine, type TroubleKind } from './error.ts';

const query = `
  select coalesce(host(inet_server_addr()) || ':' || inet_server_port(), '') as address,
         exists (select from pg_catalog.pg_database where datname = $1) as present,
         pg_catalog.pg_is_in_recovery() as replica,
         pg_catalog.current_setting('server_version') as version,
         pg_catalog.has_function_privilege('pg_catalog.pg_control_system()', 'execute') as permitted`;

/**
 * Asks a PostgreSQL server who it is; an SQLite URL is answered from its file. Goes over the maintenance database `postgres`, because a fenced database
 * takes no connections, and falls back to the database itself where there is none. Takes at most about ten
 * seconds; a failure comes as a sentence, never with the password in it.
 */
export async function readIdentity(
  url: string,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<Identity | { readonly failure: string; readonly kind?: TroubleKind }> {
  try {
    if (isSqlite(url)) return await sqliteIdentity(url);
    const login = parseLogin(url, environment);
    const client = await maintenance(login);
    try {
      const { rows } = await client.query(query, [login.database]);
      const row = rows[0];
      const system: string | undefined = row.permitted
        ? (await client.query('select system_identifier::text as id from pg_catalog.pg_control_system()'))
            .rows[0].id
        : undefined;
      return {
        ...(system === undefined ? {} : { system }),
        address: row.address || addressOf(login),
        database: login.database,
        exists: row.present,
        replica: row.replica,
        version: String(row.version).split(' ', 1)[0] ?? '',
      };
    } finally {
      await client.end().catch(() => {});
    }
  } catch (error) {
    return error instanceof BackupError
      ? { failure: error.message, kind: error.kind }
      : { failure: `The server did not say who it is: ${firstLine(error)}.` };
  }
}

/** A connection to `postgres`, or to the database itself where that is missing or closed to this role. */
async function maintenance(login: Login) {
  const options = { timeoutMs: 5_000, queryTimeoutMs: 5_000 };
  try {
    return await connect(login, { ...options, database: 'postgres' });
  } catch (error) {
    const other =
      error instanceof BackupError && ['missing-database', 'denied', 'fenced', 'server'].includes(error.kind);
    if (!other || login.database === 'postgres') throw error;
    return await connect(login, options);
  }
}
