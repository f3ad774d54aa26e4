import { cp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';
import { connected } from './connection.ts';
import type { Place } from './place.ts';
import { readRecord, writeRecord } from './record.ts';
import { applicationRole, database, template } from './sample/seed.ts';

/** What a snapshot needs to know of a sandbox. */
export type SnapshotPlace = Pick<Place, 'socket' | 'home' | 'store'>;

/** A database as a snapshot keeps it: its copy is a template of its own. */
interface KeptDatabase {
  readonly name: string;
  readonly limit: number;
  /** `name=value`, as pg_db_role_setting has them. */
  readonly settings: readonly string[];
}

const prefix = 'snapshot_of_';
const recordOf = (home: string) => join(home, 'snapshot.json');
const storeOf = (home: string) => join(home, 'snapshot-store');

/** Settings whose value is a list of identifiers: quoted as a whole they would mean one strange name. */
const lists = new Set(['search_path', 'temp_tablespaces']);

/**
 * Keeps the sandbox's databases (as template databases) and its store as they are now, instead of an earlier snapshot.
 * Sessions of the databases are ended: a database that somebody uses cannot be copied. Throws what the server says.
 */
export async function takeSnapshot(place: SnapshotPlace): Promise<void> {
  await forgetSnapshot(place);
  const kept = await connected(place, 'postgres', async (client) => {
    const { rows } = await client.query<KeptDatabase>(
      `SELECT datname AS name, datconnlimit AS limit, coalesce(setconfig, '{}') AS settings
       FROM pg_database d LEFT JOIN pg_db_role_setting s ON s.setdatabase = d.oid AND s.setrole = 0
       WHERE datname <> ALL (ARRAY['postgres', 'template0', 'template1', '${template}']) AND NOT datistemplate`,
    );
    for (const { name } of rows) await copy(client, name, prefix + name);
    for (const { name } of rows)
      await client.query(
        `ALTER DATABASE ${quoted(prefix + name)} WITH IS_TEMPLATE true ALLOW_CONNECTIONS false`,
      );
    return rows;
  });
  await cp(place.store, storeOf(place.home), { recursive: true, preserveTimestamps: true });
  await writeRecord(recordOf(place.home), kept);
}

/**
 * Brings databases and store back to the snapshot; every database that came since goes. False where there is no
 * snapshot. Throws what the server says.
 */
export async function bringBack(place: SnapshotPlace): Promise<boolean> {
  const kept = await readRecord<readonly KeptDatabase[]>(recordOf(place.home));
  if (kept === undefined) return false;
  await connected(place, 'postgres', async (client) => {
    const { rows } = await client.query<{ name: string }>(
      `SELECT datname AS name FROM pg_database WHERE datname <> ALL (ARRAY['postgres', 'template0', 'template1'])
       AND NOT datistemplate`,
    );
    for (const { name } of rows) await client.query(`DROP DATABASE ${quoted(name)} WITH (FORCE)`);
    for (const one of kept) {
      await client.query(`CREATE DATABASE ${quoted(one.name)} TEMPLATE ${quoted(prefix + one.name)}`);
      await client.query(`ALTER DATABASE ${quoted(one.name)} CONNECTION LIMIT ${Number(one.limit)}`);
      for (const setting of one.settings) await client.query(settingOf(one.name, setting));
      if (one.name === database) {
        await client.query(`REVOKE ALL ON DATABASE ${database} FROM PUBLIC`);
        await client.query(`GRANT CONNECT, TEMPORARY ON DATABASE ${database} TO ${applicationRole}`);
      }
    }
  });
  await rm(place.store, { recursive: true, force: true });
  await mkdir(place.store, { recursive: true, mode: 0o700 });
  await cp(storeOf(place.home), place.store, { recursive: true, preserveTimestamps: true });
  return true;
}

/** Removes the snapshot, if there is one. */
export async function forgetSnapshot(place: SnapshotPlace): Promise<void> {
  const kept = await readRecord<readonly KeptDatabase[]>(recordOf(place.home));
  await rm(recordOf(place.home), { force: true });
  await rm(storeOf(place.home), { recursive: true, force: true });
  if (kept === undefined) return;
  await connected(place, 'postgres', async (client) => {
    const { rows } = await client.query<{ name: string }>(
      'SELECT datname AS name FROM pg_database WHERE starts_with(datname, $1)',
      [prefix],
    );
    for (const { name } of rows) {
      await client.query(`ALTER DATABASE ${quoted(name)} WITH IS_TEMPLATE false`);
      await client.query(`DROP DATABASE ${quoted(name)} WITH (FORCE)`);
    }
  });
}

/** Copies a database; who uses it is ended and kept out for that long. */
export async function copy(client: pg.Client, from: string, to: string): Promise<void> {
  const { rows } = await client.query<{ open: boolean }>(
    'SELECT datallowconn AS open FROM pg_database WHERE datname = $1',
    [from],
  );
  await client.query(`ALTER DATABASE ${quoted(from)} WITH ALLOW_CONNECTIONS false`);
  try {
    await client.query('SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1', [
      from,
    ]);
    await client.query(`CREATE DATABASE ${quoted(to)} TEMPLATE ${quoted(from)}`);
  } finally {
    await client.query(`ALTER DATABASE ${quoted(from)} WITH ALLOW_CONNECTIONS ${rows[0]?.open === true}`);
  }
}

function settingOf(name: string, setting: string): string {
  const at = setting.indexOf('=');
  const [variable, value] = [setting.slice(0, at), setting.slice(at + 1)];
  const text = lists.has(variable) ? value : `'${value.replaceAll("'", "''")}'`;
  return `ALTER DATABASE ${quoted(name)} SET ${quoted(variable)} = ${text}`;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
