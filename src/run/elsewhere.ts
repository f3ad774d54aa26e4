import type { Connection, Reading } from '../effects/effect.ts';
import type { Points } from './event.ts';
import type { RunState } from './state.ts';

/**
 * The server and database that a PostgreSQL URL names, without its credentials; undefined where it is not one.
 * `host` and `port` given as parameters (libpq's form for sockets) count too.
 */
export function pointsOf(url: string): Points | undefined {
  if (!/^postgres(ql)?:\/\//i.test(url)) return undefined;
  let parsed: URL;
  try {
    parsed = new URL(url);
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
 * The connections of a command that go to another server or database than the run's target, in words. What
 * cannot be told from the text (an unset variable, a service file) is not counted as elsewhere.
 */
export function elsewhere(state: RunState, reading: Reading): readonly string[] {
  const target = state.started.target;
  if (!target) return [];
  const found = reading.connections.flatMap((connection) => {
    const points = pointsOfConnection(state, connection);
    if (!points) return [];
    if (points.address && points.address !== target.address)
      return [`${connection.tool} connects to ${points.address}, not to ${target.address}`];
    if (points.database && points.database !== target.database)
      return [`${connection.tool} connects to the database ${points.database}, not to ${target.database}`];
    return [];
  });
  return [...new Set(found)];
}

function pointsOfConnection(
  state: RunState,
  connection: Connection,
): { address?: string; database?: string } | undefined {
  if (connection.url) {
    const variable = /^\$\{?(\w+)\}?$/.exec(connection.url)?.[1];
    return variable ? state.inputs[variable]?.points : pointsOf(connection.url);
  }
  const { host, port, database } = connection;
  const plain = (value: string | undefined) =>
    value === undefined || value.includes('$') ? undefined : value;
  if (plain(host) === undefined && plain(database) === undefined) return undefined;
  return {
    ...(plain(host) ? { address: host!.startsWith('/') ? host! : `${host}:${plain(port) ?? '5432'}` } : {}),
    ...(plain(database) ? { database: database! } : {}),
  };
}
