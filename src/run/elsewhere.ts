import { connectionString } from '../effects/database.ts';
import type { Connection, EffectClass, Reading } from '../effects/effect.ts';
import type { Points } from './event.ts';
import { expanded } from './expansion.ts';
import { knownValues } from './known-values.ts';
import type { RunState } from './state.ts';

/**
 * A URL of libpq in a form that every parser of URLs takes: a user without a host (`postgres://ana@/members?host=/run`)
 * goes among the parameters. Anything else is left as it is.
 */
export function parsableUrl(url: string): string {
  const [, scheme, user, password, path, parameters] =
    /^(postgres(?:ql)?:\/\/)([^:@/?#]*)(?::([^@/?#]*))?@(\/[^?#]*)?\?([^#]*)$/i.exec(url) ?? [];
  if (scheme === undefined) return url;
  return `${scheme}${path ?? '/'}?${parameters}&user=${user}${password === undefined ? '' : `&password=${password}`}`;
}

/**
 * The server and database that a PostgreSQL URL names, without its credentials; undefined where it is not one.
 * `host` and `port` given as parameters (libpq's form for sockets) count too.
 */
export function pointsOf(url: string): Points | undefined {
  if (!/^postgres(ql)?:\/\//i.test(url)) return undefined;
  let parsed: URL;
  try {
    parsed = new URL(parsableUrl(url));
  } catch {
    return undefined;
  }
  const host = parsed.searchParams.get('host') ?? decodeURIComponent(parsed.hostname);
  const port = parsed.searchParams.get('port') ?? (parsed.port || '5432');
  const database =
    decodeURIComponent(parsed.pathname.slice(1)) ||
    parsed.searchParams.get('dbname') ||
    parsed.searchParams.get('user') ||
    decodeURIComponent(parsed.username);
  return { address: host.startsWith('/') ? host : `${host || 'localhost'}:${port}`, database };
}

/**
 * The connections of a command that go to another server or database than the run's target, in words. The
 * target's other URLs (its maintenance database, the one that is restored into) are its own. What cannot be told
 * from the text (an unset variable, a service file) is not counted as elsewhere.
 */
export function elsewhere(state: RunState, reading: Reading): readonly string[] {
  const target = state.started.target;
  if (!target) return [];
  const own = new Set([
    target.database,
    'postgres',
    ...Object.values(state.inputs).flatMap(({ source, points }) =>
      source === 'target' && points?.address === target.address ? [points.database] : [],
    ),
  ]);
  const found = reading.connections.flatMap((connection) => {
    if (connection.within) return [`${connection.tool} runs ${connection.within}, not on ${target.address}`];
    const { address, database } = pointsOfConnection(state, connection, reading.class);
    if (address && address !== target.address)
      return [`${connection.tool} connects to ${address}, not to ${target.address}`];
    if (database && !own.has(database))
      return [`${connection.tool} connects to the database ${database}, not to ${target.database}`];
    return [];
  });
  return [...new Set(found)];
}

/**
 * The servers that a command connects to and that are not the target's: their addresses, or the container or
 * machine that it reaches through.
 */
export function otherServers(state: RunState, reading: Reading): readonly string[] {
  const target = state.started.target;
  if (!target) return [];
  const found = reading.connections.flatMap((connection) => {
    if (connection.within) return [`a database ${connection.within}`];
    const { address } = pointsOfConnection(state, connection, reading.class);
    return address && address !== target.address ? [address] : [];
  });
  return [...new Set(found)];
}

/**
 * Where a connection leads, as far as it can be told. What cannot be told (a service file, a variable that the run has
 * set or that nobody has given, what another command prints) has an address of words, which is no target's: it may lead
 * anywhere.
 */
function pointsOfConnection(state: RunState, connection: Connection, effect: EffectClass): Partial<Points> {
  const { host, port, database, url, service } = connection;
  if (service) return { address: `the service ${service}` };
  const { values, unknown } = knownValues(state);
  const leading = host ?? (database === undefined ? url : lone(connection));
  if (leading !== undefined && /[$`]/.test(leading)) {
    const value = expanded(leading, values);
    // The name of a database, as in a loop over several: where it is harmless it is taken for one of this server.
    const name = url === undefined && host === undefined && /^\$(\w+|\{\w+\})$/.test(leading);
    if (value === undefined && name && effect !== 'destroys') return {};
    if (value === undefined) return openPoints(leading, unknown, state);
    const points = host === undefined ? pointsOf(value) : undefined;
    const parsed =
      host === undefined ? connectionString(value) : { host: value, ...(database && { database }) };
    return points && !parsed.service
      ? points
      : pointsOfConnection(state, { ...without(connection), ...parsed }, effect);
  }
  const named = database?.includes('$') ? expanded(database, values) : database;
  if (host) {
    const known = port && expanded(port, values);
    if (port && known === undefined) return openPoints(port, unknown, state);
    return { address: addressOf(host, known, state), ...(named ? { database: named } : {}) };
  }
  if (url && !named) return pointsOf(url) ?? {};
  // Without a host libpq takes it from its variables, which are the target's unless the run has set them.
  const set = ['PGHOST', 'PGHOSTADDR', 'PGPORT', 'PGSERVICE'].find((name) => unknown.has(name));
  const address = set === undefined ? sameHost(port, state) : `the server of $${set}`;
  return { ...(address && { address }), ...(named ? { database: named } : {}) };
}

/** The database of a connection that names no server, for tools to which it may be a whole URL, or words of a connection string. */
function lone({ tool, database, host, url }: Connection): string | undefined {
  const takesUrl = /^(psql|pgcli|pg_dump|pg_restore|pg_isready|vacuumdb|reindexdb|pgbench)$/.test(tool);
  return takesUrl && host === undefined && url === undefined ? database : undefined;
}

/** A connection without the words that lead to a server. */
function without({ url: _url, host: _host, database: _database, ...rest }: Connection): Connection {
  return rest;
}

/** Where a text leads that cannot be filled in. What the target's settings gave is the target's, also in a form that says no server. */
function openPoints(text: string, unknown: ReadonlySet<string>, state: RunState): Partial<Points> {
  const whole = /^\$(?:\{(\w+)\}|(\w+))$/.exec(text);
  const variable = whole?.[1] ?? whole?.[2];
  const fromTarget =
    variable !== undefined && !unknown.has(variable) && state.inputs[variable]?.source === 'target';
  return fromTarget ? {} : { address: `the server of ${variable === undefined ? text : `$${variable}`}` };
}

/** Another port of the target's host; undefined where none is named, or where the host is a socket's folder. */
function sameHost(port: string | undefined, state: RunState): string | undefined {
  if (!port) return undefined;
  const value = expanded(port, knownValues(state).values);
  if (value === undefined) return openPoints(port, new Set(), state).address;
  const host = /^(.*):\d+$/.exec(state.started.target?.address ?? '')?.[1];
  return host && /^\d+$/.test(value) ? `${host}:${value}` : undefined;
}

function addressOf(host: string, port: string | undefined, state: RunState): string {
  if (host.startsWith('/')) return host;
  // PGPORT is the target's for the commands of a run.
  const usual = /:(\d+)$/.exec(state.started.target?.address ?? '')?.[1] ?? '5432';
  return `${host}:${port && /^\d+$/.test(port) ? port : usual}`;
}
