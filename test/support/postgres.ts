import { execFile, execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';

/** A PostgreSQL cluster of its own: a socket in a temporary folder, no network, gone afterwards. */
export interface Cluster {
  readonly folder: string;
  readonly user: string;
  /** A URL over the socket for a database of it. */
  url(database: string): string;
  /** Runs statements in a database and gives the rows of the last one. */
  sql(database: string, text: string): Promise<Record<string, unknown>[]>;
  create(database: string, text?: string): Promise<string>;
  /** Kills the server without mercy and starts it again. */
  crash(): Promise<void>;
  stop(): Promise<void>;
}

const bin = ['/usr/lib/postgresql', '/opt/homebrew/opt', '/usr/local/opt']
  .flatMap((home) => (existsSync(home) ? readdirSync(home).map((one) => join(home, one, 'bin')) : []))
  .filter((one) => existsSync(join(one, 'initdb')))
  .sort((a, b) => major(b) - major(a))[0];

/** Folder of the server's programs; undefined where there is no server. */
export const serverPrograms: string | undefined = bin;

/** Who a server runs as where we are root; undefined where it runs as ourselves. */
export const serverAccount = servant;

function major(path: string): number {
  return Number(/(\d+)\/bin$/.exec(path)?.[1] ?? 0);
}

/** PostgreSQL refuses root: there the server runs as the first of these users. */
function servant(): { uid: number; gid: number; name: string } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
  for (const name of ['postgres', 'nobody']) {
    const fields = lines.find((line) => line.startsWith(`${name}:`))?.split(':');
    if (fields !== undefined) return { uid: Number(fields[2]), gid: Number(fields[3]), name };
  }
  throw new Error('There is no user to run PostgreSQL as.');
}

/**
 * Starts a cluster, by the newest server of this machine unless a folder with another one is given. Each test file
 * takes its own, in `beforeAll`, and stops it in `afterAll`.
 */
export async function startCluster(
  settings: Record<string, string> = {},
  programs: string | undefined = bin,
): Promise<Cluster> {
  if (programs === undefined)
    throw new Error('These tests want initdb and postgres of PostgreSQL 13 or newer.');
  const as = servant();
  const folder = mkdtempSync(join(tmpdir(), 'dbk-'));
  if (as !== undefined) {
    chownSync(folder, as.uid, as.gid);
  }
  chmodSync(folder, 0o755);
  const data = join(folder, 'data');
  const identity = as === undefined ? {} : { uid: as.uid, gid: as.gid };
  const user = as?.name ?? userInfo().username;
  await promisify(execFile)(
    join(programs, 'initdb'),
    ['-D', data, '-U', user, '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'],
    { ...identity, cwd: folder },
  );
  const options = {
    listen_addresses: '',
    unix_socket_directories: folder,
    fsync: 'off',
    shared_buffers: '32MB',
    max_connections: '60',
    ...settings,
  };
  let server = launch();
  await answers();

  function launch() {
    // The server dies with a test process that is killed: its stdin closes, and `cat` lets the shell end it.
    const words = Object.entries(options).map(([name, value]) => `-c ${name}='${value}'`);
    return spawn(
      'sh',
      [
        '-c',
        `"$0" -D "$1" ${words.join(' ')} >"$2" 2>&1 & p=$!; cat >/dev/null; kill -QUIT $p; wait $p`,
        join(programs!, 'postgres'),
        data,
        join(folder, 'log'),
      ],
      { ...identity, cwd: folder, stdio: ['pipe', 'ignore', 'ignore'] },
    );
  }

  async function answers(): Promise<void> {
    const deadline = Date.now() + 60_000;
    for (;;) {
      const client = new pg.Client({ host: folder, user, database: 'postgres' });
      client.on('error', () => {});
      try {
        await client.connect();
        await client.end();
        return;
      } catch (error) {
        await client.end().catch(() => {});
        if (Date.now() > deadline)
          throw new Error(`PostgreSQL did not start: ${readFileSync(join(folder, 'log'), 'utf8')}`, {
            cause: error,
          });
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }

  async function sql(database: string, text: string): Promise<Record<string, unknown>[]> {
    const client = new pg.Client({ host: folder, user, database });
    client.on('error', () => {});
    await client.connect();
    try {
      const result = (await client.query(text)) as unknown as
        | { rows: Record<string, unknown>[] }
        | { rows: Record<string, unknown>[] }[];
      return Array.isArray(result) ? result.at(-1)!.rows : result.rows;
    } finally {
      await client.end();
    }
  }

  const ended = () =>
    new Promise<void>((resolve) =>
      server.exitCode === null ? server.once('exit', () => resolve()) : resolve(),
    );

  return {
    folder,
    user,
    url: (database) =>
      `postgres://${user}@/${encodeURIComponent(database)}?host=${encodeURIComponent(folder)}`,
    sql,
    create: async (database, text) => {
      await sql('postgres', `create database "${database}"`);
      if (text !== undefined) await sql(database, text);
      return `postgres://${user}@/${encodeURIComponent(database)}?host=${encodeURIComponent(folder)}`;
    },
    crash: async () => {
      const pid = Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n', 1)[0]);
      // Its sessions as well: one that outlives it would keep the next server from starting.
      const children = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
        .split('\n')
        .map((line) => line.trim().split(/\s+/).map(Number))
        .flatMap(([child, parent]) => (parent === pid ? [child!] : []));
      for (const one of [pid, ...children]) killQuietly(one);
      server.stdin!.end();
      await ended();
      for (const one of children) while (runs(one)) await new Promise((resolve) => setTimeout(resolve, 10));
      server = launch();
      await answers();
    },
    stop: async () => {
      server.stdin!.end();
      await ended();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}

/** Neither gone nor a zombie that nobody collects. */
function runs(pid: number): boolean {
  try {
    const state = execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    return state !== '' && !state.startsWith('Z');
  } catch {
    return false;
  }
}
