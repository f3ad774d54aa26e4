import { userInfo } from 'node:os';
import { BackupError } from '../../error.ts';

/** Everything a connection URL says, taken apart. Holds the password: never print, journal or serialise it. */
export interface Login {
  /** A host name or address, or the absolute path of a socket folder. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  readonly password?: string;
  /** Query parameters in libpq's names: sslmode, sslrootcert, options, … */
  readonly parameters: Readonly<Record<string, string>>;
}

type Environment = Readonly<Record<string, string | undefined>>;

const shape = /^postgres(?:ql)?:\/\/(?:([^/?#@]*(?:@[^/?#@]*)*)@)?([^/?#]*)(?:\/([^?#]*))?(?:\?([^#]*))?$/;

/**
 * libpq takes these from the environment where the URL is silent. Who asked for encryption there must get it on every
 * connection and not only on those of the client tools.
 */
const encryptionDefaults: Readonly<Record<string, string>> = {
  sslmode: 'PGSSLMODE',
  sslrootcert: 'PGSSLROOTCERT',
  sslcert: 'PGSSLCERT',
  sslkey: 'PGSSLKEY',
};

/**
 * Takes a PostgreSQL URL apart (libpq's "Connection URIs"). An empty URL and one without a database are refused,
 * because the client tools would quietly take the default database instead. So is one that gives two answers to where
 * it leads. Throws a `BackupError` that never
 * repeats the URL.
 */
export function parseLogin(url: string, environment: Environment = process.env): Login {
  const text = url.trim();
  if (text === '')
    throw new BackupError(
      'url',
      'The database URL is empty. Set it, e.g. export DATABASE_URL=postgres://user@host:5432/database.',
    );
  const match = shape.exec(text);
  if (match === null)
    throw new BackupError(
      'url',
      'The database URL is not of the form postgres://user:password@host:port/database. Characters such as @ : / ? # in the password must be percent-encoded.',
    );
  const [, authority = '', place = '', path = '', query = ''] = match;
  const given = new URLSearchParams(query.replaceAll('+', '%2B'));
  const parameters = Object.fromEntries(given);
  const colon = authority.indexOf(':');
  const user = decode(colon < 0 ? authority : authority.slice(0, colon)) || parameters.user;
  const password = (colon < 0 ? '' : decode(authority.slice(colon + 1))) || parameters.password;
  const { host, port } = parsePlace(place);
  const database = decode(path) || parameters.dbname || '';
  if (database === '')
    throw new BackupError(
      'url',
      'The database URL names no database. Add it after the host: postgres://user@host:5432/database.',
    );
  refuseTwoAnswers(given, { user, password, host, port, dbname: database });
  for (const name of ['user', 'password', 'host', 'port', 'dbname']) delete parameters[name];
  for (const [name, variable] of Object.entries(encryptionDefaults))
    if (environment[variable]) parameters[name] ??= environment[variable];
  return {
    host: host || given.get('host') || environment.PGHOST || defaultFolder(),
    port: portNumber(port || given.get('port') || environment.PGPORT || '5432'),
    user: user || environment.PGUSER || userInfo().username,
    database,
    ...(password ? { password } : {}),
    parameters,
  };
}

/** The same server and role, another database. */
export function withDatabase(login: Login, database: string): Login {
  return { ...login, database };
}

/** `host:port`, or the socket folder and port; for the screen. */
export function addressOf(login: Login): string {
  return login.host.includes(':') && !login.host.startsWith('/')
    ? `[${login.host}]:${login.port}`
    : `${login.host}:${login.port}`;
}

/** A URL for the same login with another database, for library calls that take URLs. Holds the password. */
export function urlOf(login: Login): string {
  const query = new URLSearchParams({ ...login.parameters, host: login.host, port: String(login.port) });
  const secret = login.password === undefined ? '' : `:${encodeURIComponent(login.password)}`;
  const words = query.toString().replaceAll('+', '%20');
  return `postgres://${encodeURIComponent(login.user)}${secret}@/${encodeURIComponent(login.database)}?${words}`;
}

/** The database that a URL names, or undefined where it is not a PostgreSQL URL with one. */
export function databaseOf(url: string): string | undefined {
  try {
    return parseLogin(url).database;
  } catch {
    return undefined;
  }
}

/**
 * Refuses a URL that says a thing twice and differently, or that leaves the server to a service file: libpq lets the
 * parameter win, another reader the part before it, and the two would talk to different databases.
 */
function refuseTwoAnswers(given: URLSearchParams, said: Readonly<Record<string, string | undefined>>): void {
  for (const name of ['hostaddr', 'service', 'servicefile'])
    if (given.has(name))
      throw new BackupError(
        'url',
        `The database URL has the parameter ${name}, by which the client tools would go elsewhere than the URL says. Take it out and give the host, the port and the database themselves.`,
      );
  for (const [name, taken] of Object.entries(said)) {
    const answers = new Set([...(taken ? [taken] : []), ...given.getAll(name)]);
    if (answers.size > 1)
      throw new BackupError(
        'url',
        `The database URL gives two values for ${name}, and programs differ in which one they take. Give it once.`,
      );
  }
  if (given.get('host')?.includes(',')) throw severalHosts();
}

function severalHosts(): BackupError {
  return new BackupError(
    'url',
    'The database URL names several hosts. Give one of them: a backup and a restore must know which server they talk to.',
  );
}

function parsePlace(place: string): { host: string; port: string } {
  if (place.includes(',')) throw severalHosts();
  const bracket = /^\[([^\]]*)\](?::(\d*))?$/.exec(place);
  if (bracket !== null) return { host: bracket[1] ?? '', port: bracket[2] ?? '' };
  const colon = place.lastIndexOf(':');
  if (colon < 0) return { host: decode(place), port: '' };
  return { host: decode(place.slice(0, colon)), port: place.slice(colon + 1) };
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65535)
    throw new BackupError('url', 'The port in the database URL is not a number from 1 to 65535.');
  return port;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new BackupError(
      'url',
      'The database URL has a percent sign that is not followed by two hexadecimal digits. Write %25 for a percent sign.',
    );
  }
}

function defaultFolder(): string {
  return process.platform === 'linux' ? '/var/run/postgresql' : '/tmp';
}
