import type pg from 'pg';
import type { Backup } from '../../catalog.ts';
import { BackupError } from '../../error.ts';
import { withConnection } from './connect.ts';
import type { Login } from './login.ts';
import { identifier } from './quote.ts';

/** What a server lacks to take a backup whole. */
export interface Readiness {
  readonly serverMajor: number;
  /** Roles that own or are granted something in the dump and are not on this server. */
  readonly missingRoles: readonly string[];
  readonly missingExtensions: readonly string[];
}

/** Asks a server whether it can take a backup; `client` may be connected to any database of it. */
export async function readReadiness(client: pg.Client, backup: Backup): Promise<Readiness> {
  const roles = backup.manifest?.contents.roles ?? [];
  const extensions = backup.manifest?.contents.extensions.map((one) => one.name) ?? [];
  const { rows } = await client.query(
    `select pg_catalog.current_setting('server_version_num')::int / 10000 as major,
            array(select r from unnest($1::text[]) r where not exists (select from pg_catalog.pg_roles where rolname = r)) as roles,
            array(select e from unnest($2::text[]) e where not exists (select from pg_catalog.pg_available_extensions where name = e)) as extensions`,
    [roles, extensions],
  );
  return { serverMajor: rows[0].major, missingRoles: rows[0].roles, missingExtensions: rows[0].extensions };
}

/**
 * Makes a new, empty database ready for a dump: refuses where an extension is not installed on the server, takes
 * away the `public` schema where the dumped database had none, and makes the schemas that a dump of single tables
 * does not bring.
 */
export async function prepareFresh(client: pg.Client, fresh: Login, backup: Backup): Promise<Readiness> {
  const readiness = await readReadiness(client, backup);
  if (readiness.missingExtensions.length > 0)
    throw new BackupError(
      'version',
      `The server has no ${readiness.missingExtensions.join(', ')}, which the dump wants. Install the extension's package on the server, then try again.`,
    );
  const { manifest } = backup;
  if (manifest === undefined) return readiness;
  const tables = manifest.selection?.tables ?? [];
  await withConnection(fresh, {}, async (own) => {
    if (
      manifest.selection === undefined &&
      !manifest.contents.objects.some((one) => one.kind === 'schema' && one.name === 'public')
    )
      await own.query('drop schema if exists public');
    for (const schema of new Set(tables.map((one) => one.split('.', 1)[0]!)))
      await own.query(`create schema if not exists ${identifier(schema)}`);
  });
  return readiness;
}
