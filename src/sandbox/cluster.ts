import { execFile, spawn } from 'node:child_process';
import { appendFile, chown, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Account } from './account.ts';
import { answers, superuser } from './connection.ts';
import { birthOf, commandLineOf, eventually, signal } from './life.ts';
import { type Place, port } from './place.ts';
import { SandboxProblem } from './problem.ts';
import type { Programs } from './programs.ts';
import { readRecord, writeRecord } from './record.ts';

/**
 * Stands beside the data folder and says that it is ours and how far it is. Written before the data folder is made:
 * data without a marker were made by somebody else and are never touched.
 */
export interface Marker {
  readonly made: 'by drillbook sandbox';
  readonly home: string;
  readonly stage: 'initialising' | 'seeding' | 'ready';
  /** Major version of the server that made the data. */
  readonly major: number;
  /** Edition of the sample data. */
  readonly edition: number;
  /** When the sample data were made, UTC ISO 8601. */
  readonly seededAt?: string;
}

const run = promisify(execFile);

export const readMarker = async (place: Place): Promise<Marker | undefined> => {
  const marker = await readRecord<Marker>(join(place.cluster, 'sandbox.json'));
  return marker?.made === 'by drillbook sandbox' && marker.home === place.home ? marker : undefined;
};

export const writeMarker = (place: Place, marker: Omit<Marker, 'made' | 'home'>): Promise<void> =>
  writeRecord(join(place.cluster, 'sandbox.json'), {
    made: 'by drillbook sandbox',
    home: place.home,
    ...marker,
  });

/** Where the server writes its log. */
export const serverLog = (place: Place): string => join(place.home, 'server.log');

/** Makes an empty cluster. The caller has written the marker. Synchronising to disk is left for after the seeding. */
export async function createCluster(place: Place, programs: Programs): Promise<void> {
  await mkdir(place.data, { mode: 0o700 });
  if (place.account) await chown(place.data, place.account.uid, place.account.gid);
  await tool(place, programs, 'initdb', [
    '-D',
    place.data,
    ...['-U', superuser, '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync', '--no-instructions'],
  ]);
  await appendFile(join(place.data, 'postgresql.conf'), settings);
}

const settings = `
# The sandbox of drillbook: reached through its socket only.
listen_addresses = ''
max_connections = 60
shared_buffers = 64MB
maintenance_work_mem = 128MB
min_wal_size = 64MB
max_wal_size = 512MB
unix_socket_permissions = 0700
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] %q%a@%d '
cluster_name = 'drillbook sandbox'
`;

/** Writes everything of a cluster to disk that was made without synchronising. */
export async function synchronise(place: Place, programs: Programs): Promise<void> {
  await tool(place, programs, 'initdb', ['--sync-only', '-D', place.data]);
}

async function tool(place: Place, programs: Programs, name: string, args: readonly string[]): Promise<void> {
  try {
    await run(join(programs.server.folder, name), args, {
      cwd: '/',
      env: serverEnvironment(),
      ...as(place.account),
    });
  } catch (error) {
    const said = (error as { stderr?: string }).stderr?.trim() || (error as Error).message;
    throw new SandboxProblem(`The sandbox's ${name} failed in ${place.data}: ${said}`, { cause: error });
  }
}

/** A log that has grown long is put aside; one of that kind is kept. */
async function turnLog(path: string): Promise<void> {
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  );
  if (size > 10_000_000) await rename(path, `${path}.1`);
}

/** Starts the server, which goes on when this process ends, and waits until it answers. */
export async function startServer(place: Place, programs: Programs): Promise<void> {
  // A leftover of a server that was killed. Its number may belong to any process by now, and then PostgreSQL would
  // refuse to start; the caller has made sure that no server runs on these data.
  await rm(join(place.data, 'postmaster.pid'), { force: true });
  await turnLog(serverLog(place));
  const log = await open(serverLog(place), 'a', 0o600);
  const from = (await log.stat()).size;
  const server = spawn(
    join(programs.server.folder, 'postgres'),
    ['-D', place.data, '-k', place.socket, '-p', String(port)],
    {
      cwd: '/',
      env: serverEnvironment(),
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      ...as(place.account),
    },
  );
  let ended: string | undefined;
  server.on('error', (error) => {
    ended = error.message;
  });
  server.on('exit', (code, by) => {
    ended = `it ended with ${code ?? by}`;
  });
  server.unref();
  await log.close();
  await eventually(async () => ended !== undefined || (await answers(place)), 60_000, 50);
  if (ended === undefined && (await answers(place))) return;
  if (server.pid !== undefined && ended === undefined) signal(server.pid, 'SIGQUIT');
  const said = (await readFile(serverLog(place))).subarray(from).toString('utf8').trim().split('\n');
  throw new SandboxProblem(
    `The sandbox's server did not start (${ended ?? 'no answer in 60 seconds'}): ${said.slice(-3).join(' | ')}. ` +
      `Its log is ${serverLog(place)}; 'drillbook sandbox reset' makes the sandbox anew.`,
  );
}

/**
 * The number of the server that runs on our data, or undefined. A number in postmaster.pid is not believed: the
 * process of that number must be a server that was started on this very folder, and the marker must be ours.
 */
export async function runningServer(place: Place): Promise<number | undefined> {
  if ((await readMarker(place)) === undefined) return undefined;
  return serverNamedIn(join(place.data, 'postmaster.pid'), ` -D ${place.data} `);
}

/** The server that a lock file names on its first line, if its command line has these words. */
async function serverNamedIn(lockFile: string, words: string): Promise<number | undefined> {
  const text = await readFile(lockFile, 'utf8').catch(() => '');
  const pid = Number(text.split('\n')[0]);
  if (!Number.isSafeInteger(pid) || pid <= 1) return undefined;
  const command = ` ${await commandLineOf(pid)} `;
  if (!/\bpostgres /.test(command) || !command.includes(words)) return undefined;
  return (await birthOf(pid)) === undefined ? undefined : pid;
}

/**
 * Stops our servers, if any runs: fast shutdown, then immediate. Nothing else is ever signalled. A second one is
 * there where the home folder was deleted under a running sandbox: it still holds our socket.
 */
export async function stopServer(place: Place): Promise<void> {
  const onData = await runningServer(place);
  const onSocket = await serverNamedIn(join(place.socket, `.s.PGSQL.${port}.lock`), ` -k ${place.socket} `);
  for (const pid of new Set([onData, onSocket])) if (pid !== undefined) await stopProcess(place, pid);
}

async function stopProcess(place: Place, pid: number): Promise<void> {
  const birth = await birthOf(pid);
  const gone = async () => (await birthOf(pid)) !== birth;
  signal(pid, 'SIGINT');
  if (await eventually(gone, 15_000)) return;
  signal(pid, 'SIGQUIT');
  if (await eventually(gone, 10_000)) return;
  throw new SandboxProblem(
    `The sandbox's server, process ${pid}, does not stop. Its log is ${serverLog(place)}.`,
  );
}

/** Removes the data, which are ours by their marker. The server must be stopped. */
export async function removeData(place: Place): Promise<void> {
  await rm(place.data, { recursive: true, force: true });
}

function as(account: Account | undefined): { uid?: number; gid?: number } {
  return account ? { uid: account.uid, gid: account.gid } : {};
}

/** No PG* variable and no locale of the operator's shell reaches the server. */
function serverEnvironment(): NodeJS.ProcessEnv {
  return { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };
}
