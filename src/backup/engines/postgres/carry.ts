import type pg from 'pg';
import type { DatabaseFacts } from '../../manifest.ts';
import { identifier, literal } from './quote.ts';

/** Settings whose value is a list of quoted names; a plain literal would make one long name of it. */
const lists = new Set([
  'search_path',
  'temp_tablespaces',
  'session_preload_libraries',
  'local_preload_libraries',
  'shared_preload_libraries',
  'unix_socket_directories',
]);

/** One privilege as aclexplode tells it; an absent grantee is PUBLIC. */
export interface Grant {
  readonly grantee: string | null;
  readonly privilege: string;
  readonly grantable: boolean;
}

/** The grants of a database; undefined where nothing was ever granted or revoked. */
export async function readGrants(client: pg.Client, database: string): Promise<readonly Grant[] | undefined> {
  const { rows } = await client.query(
    `select d.datacl is null as untouched, r.rolname as grantee, x.privilege_type as privilege, x.is_grantable as grantable
       from pg_catalog.pg_database d
       left join lateral pg_catalog.aclexplode(d.datacl) x on true
       left join pg_catalog.pg_roles r on r.oid = x.grantee
      where d.datname = $1`,
    [database],
  );
  return rows[0] === undefined || rows[0].untouched
    ? undefined
    : rows.filter((row) => row.privilege !== null);
}

/**
 * The statements that give a database the owner, grants, limits and settings of another one: none of them comes with
 * a dump. All may run in one transaction, together with the rename.
 */
export function carryStatements(
  name: string,
  facts: DatabaseFacts,
  grants: readonly Grant[] | undefined,
): string[] {
  const quoted = identifier(name);
  return [
    `alter database ${quoted} owner to ${identifier(facts.owner)}`,
    `alter database ${quoted} with connection limit ${Math.max(facts.connectionLimit, -1)}`,
    ...(grants === undefined
      ? []
      : [
          `revoke all on database ${quoted} from public`,
          `revoke all on database ${quoted} from ${identifier(facts.owner)}`,
          ...grants.map(
            (one) =>
              `grant ${one.privilege} on database ${quoted} to ${one.grantee === null ? 'public' : identifier(one.grantee)}${one.grantable ? ' with grant option' : ''}`,
          ),
        ]),
    ...facts.settings
      .filter((one) => one.value !== undefined)
      .map((one) => {
        const subject =
          one.role === undefined
            ? `alter database ${quoted}`
            : `alter role ${identifier(one.role)} in database ${quoted}`;
        return `${subject} set ${settingName(one.name)} = ${settingValue(one.name, one.value!)}`;
      }),
  ];
}

/** A custom setting has a dot between two identifiers. */
function settingName(name: string): string {
  return name.split('.').map(identifier).join('.');
}

function settingValue(name: string, value: string): string {
  if (!lists.has(name.toLowerCase())) return literal(value);
  const names = [...value.matchAll(/\s*(?:"((?:[^"]|"")*)"|([^,"\s]+))\s*(?:,|$)/g)].map(
    (match) => match[1]?.replaceAll('""', '"') ?? match[2] ?? '',
  );
  return names.length === 0 ? "''" : names.map(literal).join(', ');
}
