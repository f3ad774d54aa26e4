import { readFile } from 'node:fs/promises';
import type { ConnectionOptions } from 'node:tls';
import pg from 'pg';
import { BackupError, codeOf, firstLine } from '../../error.ts';
import { addressOf, type Login } from './login.ts';

export interface ConnectOptions {
  /** Another database than the login's. */
  readonly database?: string;
  /** Milliseconds until the connection must stand; 10,000 unless told. */
  readonly timeoutMs?: number;
  /** Milliseconds that one query may take; unlimited unless told. */
  readonly queryTimeoutMs?: number;
}

/**
 * Opens a connection, with libpq's meaning of `sslmode` (`prefer` tries TLS first and goes on without). The
 * password comes from the URL, PGPASSWORD or the password file. Throws a `BackupError` that says what is wrong.
 */
export async function connect(login: Login, options: ConnectOptions = {}): Promise<pg.Client> {
  const database = options.database ?? login.database;
  const mode = login.host.startsWith('/') ? 'disable' : (login.parameters.sslmode ?? 'prefer');
  const attempts: (ConnectionOptions | false)[] =
    mode === 'disable'
      ? [false]
      : mode === 'allow'
        ? [false, await encryption(login, mode)]
        : mode === 'prefer'
          ? [await encryption(login, mode), false]
          : [await encryption(login, mode)];
  let failure: unknown;
  for (const ssl of attempts) {
    const client = new pg.Client({
      host: login.host,
      port: login.port,
      user: login.user,
      database,
      password: login.password,
      ssl,
      keepAlive: true,
      application_name: login.parameters.application_name ?? 'drillbook',
      connectionTimeoutMillis: options.timeoutMs ?? 10_000,
      ...(login.parameters.options === undefined ? {} : { options: login.parameters.options }),
      ...(options.queryTimeoutMs === undefined ? {} : { query_timeout: options.queryTimeoutMs }),
    });
    // A connection that breaks while idle reports here; the next query then fails and tells the caller.
    client.on('error', () => {});
    try {
      await client.connect();
      return client;
    } catch (error) {
      failure ??= error;
      await client.end().catch(() => {});
      if (!worthWithoutTls(error)) {
        failure = error;
        break;
      }
    }
  }
  throw connectionTrouble(failure, login, database);
}

/** Runs a task on a connection of its own and closes it, however the task ends. */
export async function withConnection<T>(
  login: Login,
  options: ConnectOptions,
  task: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = await connect(login, options);
  try {
    return await task(client);
  } finally {
    await client.end().catch(() => {});
  }
}

function worthWithoutTls(error: unknown): boolean {
  return (
    codeOf(error) === '28000' || /does not support SSL|SSL (?:on|off)|encryption/i.test(firstLine(error))
  );
}

async function encryption(login: Login, mode: string): Promise<ConnectionOptions> {
  const { sslrootcert, sslcert, sslkey } = login.parameters;
  const system = sslrootcert === 'system';
  const verify =
    mode === 'verify-full' || mode === 'verify-ca' || (mode === 'require' && sslrootcert !== undefined);
  if (!['allow', 'prefer', 'require', 'verify-ca', 'verify-full'].includes(mode))
    throw new BackupError('url', `sslmode=${mode} in the database URL is not one that PostgreSQL knows.`);
  return {
    rejectUnauthorized: verify,
    ...(sslrootcert === undefined || system ? {} : { ca: await certificate(sslrootcert) }),
    ...(sslcert === undefined ? {} : { cert: await certificate(sslcert) }),
    ...(sslkey === undefined ? {} : { key: await certificate(sslkey) }),
    // libpq's verify-ca trusts the authority and does not look at the name.
    ...(verify && mode !== 'verify-full' && !system ? { checkServerIdentity: () => undefined } : {}),
  };
}

async function certificate(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new BackupError('url', `The certificate file ${path} can't be read: ${firstLine(error)}.`, error);
  }
}

/** Names the trouble behind a failed connection, with what to do next. */
export function connectionTrouble(error: unknown, login: Login, database: string): BackupError {
  if (error instanceof BackupError) return error;
  const where = `${database} on ${addressOf(login)}`;
  const said = firstLine(error);
  const code = codeOf(error);
  switch (code) {
    case '28P01':
    case '28000':
      return new BackupError(
        'denied',
        `The server refused ${login.user} on ${where}: ${said}. Check the user and the password in the URL or the password file, and pg_hba.conf.`,
        error,
      );
    case '3D000':
      return new BackupError(
        'missing-database',
        `There is no database ${where}. Check the name in the URL.`,
        error,
      );
    case '55000':
      return new BackupError(
        'fenced',
        `${where} accepts no connections (ALLOW_CONNECTIONS is false). It was fenced, perhaps by a restore; 'drillbook backup restore --continue' or 'undo' ends that.`,
        error,
      );
    case '53300':
      return new BackupError('unreachable', `${addressOf(login)} has no connection left: ${said}.`, error);
    case '57P03':
      return new BackupError(
        'unreachable',
        `${addressOf(login)} does not take connections yet: ${said}. Try again in a moment.`,
        error,
      );
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new BackupError(
        'unreachable',
        `The host ${login.host} is unknown (${code}). Check the host in the URL and the network.`,
        error,
      );
    case 'ECONNREFUSED':
    case 'ENOENT':
      return new BackupError(
        'unreachable',
        `Nothing listens at ${addressOf(login)} (${code}). Is the server running, and is the port right?`,
        error,
      );
    default:
      if (/timeout|ETIMEDOUT/i.test(`${said} ${code ?? ''}`))
        return new BackupError(
          'unreachable',
          `${addressOf(login)} did not answer in time. Check the network, the firewall and the address.`,
          error,
        );
      if (/SASL|password must be a string/i.test(said))
        return new BackupError(
          'denied',
          `${addressOf(login)} wants a password for ${login.user} and none was given. Put it in the URL or in the password file.`,
          error,
        );
      if (/SSL|TLS|certificate|self.signed/i.test(`${said} ${code ?? ''}`))
        return new BackupError(
          'unreachable',
          `No encrypted connection to ${addressOf(login)}: ${said}. Check sslmode and sslrootcert in the URL.`,
          error,
        );
      return new BackupError('unreachable', `No connection to ${where}: ${said}.`, error);
  }
}
