import pg from 'pg';
import { type Place, port } from './place.ts';

/** The role that owns everything in the sandbox's cluster. */
export const superuser = 'drillbook';

/**
 * Settings for a connection of our own to the sandbox: nothing of the operator's PG* variables counts, they belong
 * to other servers.
 */
export function connectionTo(
  socket: string,
  database: string,
  user: string = superuser,
  name = 'drillbook',
): pg.ClientConfig {
  return {
    host: socket,
    port,
    database,
    user,
    password: '',
    ssl: false,
    options: '',
    application_name: name,
    connectionTimeoutMillis: 5000,
  };
}

/** Opens a connection, runs the task and closes the connection. */
export async function connected<T>(
  place: Pick<Place, 'socket'>,
  database: string,
  task: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client(connectionTo(place.socket, database));
  // A connection lost between two queries shows in the next query; without a listener it would end the process.
  client.on('error', () => {});
  await client.connect();
  try {
    return await task(client);
  } finally {
    await client.end().catch(() => {});
  }
}

/** True where the server answers on its socket. */
export async function answers(place: Pick<Place, 'socket'>, database = 'postgres'): Promise<boolean> {
  try {
    return await connected(place, database, async (client) => {
      await client.query('SELECT 1');
      return true;
    });
  } catch {
    return false;
  }
}
