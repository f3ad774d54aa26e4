import type { Connection, Reading } from '../effects/effect.ts';
import type { Points } from './event.ts';
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
    const { address, database } = pointsOfConnection(state, connection);
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
    const { address } = pointsOfConnection(state, connection);
    return address && address !== target.address ? [address] : [];
  });
  return [...new Set(found)];
}

/**
 * Where a connection leads, as far as it can be told. What cannot be told (a service file, a variable that the run has
 * set or that nobody has given) has an address of words, which is no target's: it may lead anywhere.
 */
function pointsOfConnection(state: RunState, connection: Connection): Partial<Points> {
  const { host, port, database, url, service } = connection;
  if (service) return { address: `the service ${service}` };
  const { values, unknown } = knownValues(state);
  const variable = /\$\{?(\w+)/.exec(host ?? (database || !url ? '' : url))?.[1];
  if (variable !== undefined) {
    const known = url && /^\$\{?\w+\}?$/.test(url) && values[variable];
    const points = known ? pointsOf(known) : undefined;
    if (points) return points;
    // What the target's settings gave is the target's, also in a form that says no server.
    const fromTarget = !unknown.has(variable) && state.inputs[variable]?.source === 'target';
    return fromTarget ? {} : { address: `the server of $${variable}` };
  }
  const named = database?.includes('$') ? undefined : database;
  if (host) return { address: addressOf(host, port, state), ...(named ? { database: named } : {}) };
  if (url && !named) return pointsOf(url) ?? {};
  // Without a host libpq takes it from its variables, which are the target's unless the run has set them.
  const set = ['PGHOST', 'PGHOSTADDR', 'PGPORT', 'PGSERVICE'].find((name) => unknown.has(name));
  return { ...(set ? { address: `the server of $${set}` } : {}), ...(named ? { database: named } : {}) };
}

function addressOf(host: string, port: string | undefined, state: RunState): string {
  if (host.startsWith('/')) return host;
  // PGPORT is the target's for the commands of a run.
  const usual = /:(\d+)$/.exec(state.started.target?.address ?? '')?.[1] ?? '5432';
  return `${host}:${port && /^\d+$/.test(port) ? port : usual}`;
}
