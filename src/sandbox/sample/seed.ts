import { connected } from '../connection.ts';
import type { Place } from '../place.ts';
import { rows } from './rows.ts';
import { constraints, tables } from './schema.ts';

/** Rises when the sample data change: a sandbox of an older edition is made anew. */
export const edition = 1;

/** The database of the sample application, and the one that it is copied from. */
export const database = 'members';
export const template = 'members_template';

/** The role of the sample application. It reads and writes, owns nothing, and keeps its rights in a restored database. */
export const applicationRole = 'members_app';

/**
 * Makes the template database and fills it with the sample data; an older one is replaced. `base` is the newest time in the data, UTC ISO 8601.
 */
export async function seed(place: Place, base: string, number = 1): Promise<void> {
  await connected(place, 'postgres', async (client) => {
    await client.query(`DO $$ BEGIN
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${applicationRole}') THEN
        CREATE ROLE ${applicationRole} LOGIN;
        GRANT pg_read_all_data, pg_write_all_data TO ${applicationRole};
      END IF; END $$`);
    await client.query(`UPDATE pg_database SET datistemplate = false WHERE datname = '${template}'`);
    await client.query(`DROP DATABASE IF EXISTS ${template} WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${template} TEMPLATE template0`);
  });
  await connected(place, template, async (client) => {
    await client.query(
      "SET timezone = 'UTC'; SET synchronous_commit = off; SET client_min_messages = warning",
    );
    await client.query('BEGIN');
    await client.query(tables);
    for (const statement of rows(number, base)) await client.query(statement);
    await client.query(constraints);
    await client.query('COMMIT');
    await client.query('VACUUM (ANALYZE)');
  });
  await connected(place, 'postgres', async (client) => {
    await client.query(`ALTER DATABASE ${template} WITH IS_TEMPLATE true ALLOW_CONNECTIONS false`);
  });
}

/**
 * Runs a task that writes much while the server does not wait for the disk. The caller synchronises the cluster
 * before it counts as made; a crash meanwhile leaves one that is half made.
 */
export async function withoutDurability(place: Place, task: () => Promise<void>): Promise<void> {
  const settle = (...changes: readonly string[]) =>
    connected(place, 'postgres', async (client) => {
      for (const change of changes) await client.query(change);
    });
  await settle(
    "ALTER SYSTEM SET fsync = 'off'",
    "ALTER SYSTEM SET full_page_writes = 'off'",
    'SELECT pg_reload_conf()',
  );
  const back = () =>
    settle(
      'ALTER SYSTEM RESET fsync',
      'ALTER SYSTEM RESET full_page_writes',
      'SELECT pg_reload_conf()',
      'CHECKPOINT',
    );
  try {
    await task();
  } catch (error) {
    // The first error counts, also where the server is gone and cannot be set back.
    await back().catch(() => {});
    throw error;
  }
  await back();
}

/**
 * Makes the application's database from the template, after removing it and every other database that was made
 * meanwhile (restored ones, previous ones). The template must exist.
 */
export async function renew(place: Place): Promise<void> {
  await connected(place, 'postgres', async (client) => {
    const { rows: others } = await client.query<{ name: string }>(
      `SELECT quote_ident(datname) AS name FROM pg_database
       WHERE datname <> ALL (ARRAY['postgres', 'template0', 'template1', '${template}'])`,
    );
    for (const { name } of others) {
      await client.query(`ALTER DATABASE ${name} WITH IS_TEMPLATE false`);
      await client.query(`DROP DATABASE ${name} WITH (FORCE)`);
    }
    await client.query(`CREATE DATABASE ${database} TEMPLATE ${template}`);
    await client.query(`ALTER DATABASE ${database} SET idle_in_transaction_session_timeout = '10min'`);
    await client.query(`ALTER DATABASE ${database} SET search_path = public`);
    await client.query(`REVOKE ALL ON DATABASE ${database} FROM PUBLIC`);
    await client.query(`GRANT CONNECT, TEMPORARY ON DATABASE ${database} TO ${applicationRole}`);
  });
  // What the server has counted of a database does not come with the copy.
  await connected(place, database, (client) => client.query('ANALYZE'));
}

/** Takes back what a training has set of the server's archiving. Throws what the server says. */
export async function forgetArchiving(place: Pick<Place, 'socket'>): Promise<void> {
  await connected(place, 'postgres', async (client) => {
    for (const name of ['archive_command', 'archive_mode', 'archive_timeout'])
      await client.query(`ALTER SYSTEM RESET ${name}`);
    await client.query('SELECT pg_reload_conf()');
  });
}

/** What `changeAfterBackup` leaves for a restore to undo. */
export const afterBackup = {
  /** Members with an address in this domain came after the backup: a restore removes them. */
  domain: 'after-backup.example',
  inserted: 25,
  /** Members without orders that were deleted after the backup: a restore brings them back. */
  deleted: 30,
} as const;

/** Changes rows after the backup was made, so that a restore shows. */
export async function changeAfterBackup(place: Place): Promise<void> {
  await connected(place, database, async (client) => {
    await client.query('BEGIN');
    await client.query(
      `INSERT INTO members (first_name, last_name, email)
         SELECT 'Late', 'Comer ' || i, 'late.comer' || i || '@${afterBackup.domain}' FROM generate_series(1, $1::int) i`,
      [afterBackup.inserted],
    );
    await client.query(
      `DELETE FROM members WHERE id IN (
         SELECT m.id FROM members m
         WHERE m.email NOT LIKE '%@${afterBackup.domain}' AND NOT EXISTS (SELECT FROM orders o WHERE o.member_id = m.id)
           AND NOT EXISTS (SELECT FROM memberships s WHERE s.member_id = m.id)
           AND NOT EXISTS (SELECT FROM bookings b WHERE b.member_id = m.id)
         ORDER BY m.id DESC LIMIT $1)`,
      [afterBackup.deleted],
    );
    await client.query(
      `INSERT INTO audit_logs (actor, action, entity, entity_id, detail)
         VALUES ('front desk', 'members.purged', 'member', 0, jsonb_build_object('deleted', $1::int))`,
      [afterBackup.deleted],
    );
    await client.query('COMMIT');
  });
}
