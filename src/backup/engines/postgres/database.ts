import type pg from 'pg';
import type { DatabaseFacts } from '../../manifest.ts';

/** A setting with such a name is kept out of the manifest. */
const secretName = /secret|passw|token|private|credential|api_?key|jwt/i;

/**
 * What stands outside a dump of one database: owner, encoding, grants and ALTER DATABASE … SET. Values of settings
 * whose name says that they are secret are left out unless asked for.
 */
export async function readDatabase(
  client: pg.Client,
  database: string,
  withSecrets = false,
): Promise<(DatabaseFacts & { readonly connections: boolean }) | undefined> {
  // datlocprovider came with 15, daticulocale with 15, datlocale replaced it with 17: read by name from the row.
  const { rows } = await client.query(
    `select pg_catalog.row_to_json(d) as d, pg_catalog.pg_get_userbyid(d.datdba) as owner, pg_catalog.pg_encoding_to_char(d.encoding) as encoding,
            coalesce((select pg_catalog.array_agg(x::text order by x::text) from pg_catalog.unnest(d.datacl) x), '{}')::text[] as grants,
            case when pg_catalog.has_database_privilege(d.oid, 'connect') or pg_catalog.pg_has_role('pg_read_all_stats', 'member')
                 then pg_catalog.pg_database_size(d.oid) else 0 end::float8 as bytes
       from pg_catalog.pg_database d where d.datname = $1`,
    [database],
  );
  const row = rows[0];
  if (row === undefined) return undefined;
  const settings = await client.query(
    `select r.rolname as role, c as setting
       from pg_catalog.pg_db_role_setting s
       join pg_catalog.pg_database d on d.oid = s.setdatabase
       left join pg_catalog.pg_roles r on r.oid = s.setrole
       cross join lateral pg_catalog.unnest(s.setconfig) with ordinality u (c, place)
      where d.datname = $1 order by r.rolname nulls first, u.place`,
    [database],
  );
  return {
    owner: row.owner,
    encoding: row.encoding,
    collate: row.d.datcollate,
    ctype: row.d.datctype,
    ...(row.d.datlocprovider == null ? {} : { provider: row.d.datlocprovider }),
    ...((row.d.datlocale ?? row.d.daticulocale) == null
      ? {}
      : { locale: row.d.datlocale ?? row.d.daticulocale }),
    connectionLimit: row.d.datconnlimit,
    connections: row.d.datallowconn,
    grants: row.grants,
    settings: settings.rows.map(({ role, setting }) => {
      const cut = setting.indexOf('=');
      const name = setting.slice(0, cut);
      return {
        ...(role === null ? {} : { role }),
        name,
        ...(secretName.test(name) && !withSecrets ? {} : { value: setting.slice(cut + 1) }),
      };
    }),
    bytes: row.bytes,
  };
}
