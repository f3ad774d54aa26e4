import { parsableUrl, pointsOf } from '../run/elsewhere.ts';

/** A PostgreSQL URL taken apart so that its password can travel by password file instead of by argument list. */
export interface Connection {
  /** Without a password. */
  readonly url: string;
  readonly password: string | undefined;
  readonly database: string;
  /** `host:port`, or the socket's folder. */
  readonly address: string;
  /** A line of a libpq password file, where there is a password. */
  readonly passwordLine: string | undefined;
}

/** Undefined where the text is no PostgreSQL URL. */
export function connectionOf(url: string): Connection | undefined {
  const points = pointsOf(url);
  if (!points) return undefined;
  const parsed = new URL(parsableUrl(url));
  const password = decodeURIComponent(parsed.password) || parsed.searchParams.get('password') || undefined;
  parsed.password = '';
  dropParameter(parsed, 'password');
  const host = parsed.searchParams.get('host') ?? decodeURIComponent(parsed.hostname);
  const port = parsed.searchParams.get('port') ?? (parsed.port || '5432');
  const user = parsed.searchParams.get('user') ?? decodeURIComponent(parsed.username);
  return {
    url: parsed.toString(),
    password,
    ...points,
    passwordLine: password && [host || 'localhost', port, '*', user || '*', password].map(escaped).join(':'),
  };
}

/** The same server and credentials, another database. */
export function withDatabase(url: string, database: string): string {
  const parsed = new URL(parsableUrl(url));
  parsed.pathname = `/${encodeURIComponent(database)}`;
  dropParameter(parsed, 'dbname');
  return parsed.toString();
}

/** Only where it is there: any change writes all parameters anew, and a socket's folder would be shown encoded. */
function dropParameter(url: URL, name: string): void {
  if (url.searchParams.has(name)) url.searchParams.delete(name);
}

/** libpq's password file escapes backslash and colon. */
function escaped(field: string): string {
  return field.replace(/[\\:]/g, '\\$&');
}
