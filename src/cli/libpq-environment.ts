import { parseLogin } from '../backup/engines/postgres/login.ts';

/** What libpq takes from the environment where a command does not say it ("Environment Variables" of libpq). */
const whereTo = ['PGHOST', 'PGHOSTADDR', 'PGPORT', 'PGUSER', 'PGDATABASE', 'PGSERVICE', 'PGOPTIONS'] as const;

/** Parameters of a URL and the variables of the same meaning. */
const parameters: readonly (readonly [parameter: string, variable: string])[] = [
  ['sslmode', 'PGSSLMODE'],
  ['sslrootcert', 'PGSSLROOTCERT'],
  ['sslcert', 'PGSSLCERT'],
  ['sslkey', 'PGSSLKEY'],
  ['channel_binding', 'PGCHANNELBINDING'],
  ['options', 'PGOPTIONS'],
];

/**
 * The variables that make a bare `psql` or `dropdb members` go to the server, the user and the database of a URL.
 * Throws a `BackupError` for a URL that names no single one.
 */
export function libpqVariables(url: string, environment: NodeJS.ProcessEnv): Record<string, string> {
  const login = parseLogin(url, environment);
  return {
    PGHOST: login.host,
    PGPORT: String(login.port),
    PGUSER: login.user,
    PGDATABASE: login.database,
    ...Object.fromEntries(
      parameters.flatMap(([parameter, variable]) => {
        const value = login.parameters[parameter];
        return value === undefined ? [] : [[variable, value]];
      }),
    ),
  };
}

/**
 * The operator's environment without what would lead commands to another server than that of the URL. Removed and
 * not emptied: libpq takes an empty PGSERVICE for a service without a name. PGSERVICEFILE leads nowhere by itself.
 * The operator's password stays where the URL has none.
 */
export function withoutLibpq(url: string, environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const left = { ...environment };
  for (const name of whereTo) delete left[name];
  if (parseLogin(url, environment).password !== undefined) delete left.PGPASSWORD;
  return left;
}
