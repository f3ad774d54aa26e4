import type { Call } from './call.ts';
import type { Connection } from './effect.ts';
import type { Database } from './sql.ts';

/**
 * The database that a client of PostgreSQL (or one with the same options) would reach, from its URL or connection
 * string, its options, and the `PG*` variables in front of it. Passwords never get into it.
 */
export function postgresDatabase(
  call: Call,
  positional?: string,
  option: readonly string[] = ['-d', '--dbname'],
): Database {
  const { options } = call;
  const named = options.value(...option)?.text ?? positional;
  const set = (name: string) => call.environment.get(name)?.text ?? call.reader.value(name);
  const parsed = named !== undefined ? connectionString(named) : {};
  const host = options.value('-h', '--host')?.text ?? parsed.host ?? set('PGHOST');
  const port = options.value('-p', '--port')?.text ?? parsed.port ?? set('PGPORT');
  const user = options.value('-U', '--username')?.text ?? parsed.user ?? set('PGUSER');
  const database = parsed.database ?? set('PGDATABASE');
  const service = parsed.service ?? set('PGSERVICE');
  const connection = {
    tool: call.name,
    ...(parsed.url && { url: parsed.url }),
    ...(host && { host }),
    ...(port && { port }),
    ...(user && { user }),
    ...(database && { database }),
    ...(service && { service }),
  };
  call.reader.connect(connection, call.span);
  return { label: label(connection), connection };
}

interface Parsed {
  url?: string;
  host?: string;
  port?: string;
  user?: string;
  database?: string;
  service?: string;
}

/** After libpq's "Connection Strings": a URL, `key=value` pairs, or a database's plain name. */
export function connectionString(text: string): Parsed {
  const url = /^([a-z][a-z0-9+]*):\/\/(?:([^:@/?]*)(?::(.*))?@)?([^@/?]*)(?:\/([^?]*))?(?:\?(.*))?$/i.exec(
    text,
  );
  if (url) {
    const [, scheme, user, password, address = '', database, query] = url;
    const [, host, port] = /^(.*?)(?::(\d+|\$\{?\w+\}?))?$/.exec(address) ?? [];
    const settings = new URLSearchParams(query ?? '');
    const shown = `${scheme}://${user ?? ''}${password === undefined ? '' : ':***'}${user || password ? '@' : ''}${address}${database === undefined ? '' : `/${database}`}`;
    return clean({
      url: shown,
      host: decoded(host) || settings.get('host') || '',
      port: port || settings.get('port') || '',
      user: decoded(user) || settings.get('user') || '',
      database: decoded(database) || settings.get('dbname') || '',
      service: settings.get('service') || '',
    });
  }
  if (/^\s*\w+\s*=/.test(text)) {
    const pairs = new Map<string, string>();
    for (const [, key, quoted, plain] of text.matchAll(/(\w+)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|(\S*))/g))
      pairs.set(key!, quoted ?? plain ?? '');
    return clean({
      host: pairs.get('host') ?? pairs.get('hostaddr') ?? '',
      port: pairs.get('port') ?? '',
      user: pairs.get('user') ?? '',
      database: pairs.get('dbname') ?? '',
      service: pairs.get('service') ?? '',
    });
  }
  // A variable alone may be a URL as well as a name: it stays what it is.
  if (/^\$\{?\w*(URL|URI|DSN|CONN)\w*.*$/i.test(text)) return { url: text };
  return clean({ database: text });
}

/** "railway@db.internal:5432"; the URL where it hides in a variable. */
export function label(connection: Omit<Connection, 'start' | 'end' | 'tool'>): string {
  const { database, host, port, service, url } = connection;
  if (url && !database && !host) return url;
  const address = host ? `${host}${port ? `:${port}` : ''}` : port ? `:${port}` : '';
  const name = database ?? (service ? `service ${service}` : '');
  return address ? `${name}@${address}` : name;
}

function decoded(text: string | undefined): string {
  if (!text) return '';
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function clean(parsed: Parsed): Parsed {
  return Object.fromEntries(Object.entries(parsed).filter(([, value]) => value !== '')) as Parsed;
}
