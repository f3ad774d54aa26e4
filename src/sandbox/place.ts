import { createHash } from 'node:crypto';
import {
  access,
  chmod,
  chown,
  constants,
  lstat,
  mkdir,
  mkdtemp,
  realpath,
  rm,
  rmdir,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Account, mayEnter, serverAccount } from './account.ts';
import { SandboxProblem } from './problem.ts';
import { readRecord, writeRecord } from './record.ts';

/** Where the parts of a sandbox are. */
export interface Place {
  /** Everything but, as root, the cluster. */
  readonly home: string;
  /** The cluster's folder: marker and data. Inside `home`, unless the server's account could not get there. */
  readonly cluster: string;
  readonly data: string;
  /** Folder of the server's socket. The same for the whole life of a sandbox, because addresses name it. */
  readonly socket: string;
  readonly store: string;
  /** Who the server runs as; undefined for ourselves. */
  readonly account: Account | undefined;
}

/** The port is only a part of the socket's name: the server listens on no network. */
export const port = 5432;

/** Longest path of a socket on all systems: 104 bytes with the closing NUL on macOS, 108 on Linux (unix(7)). */
const longestSocket = 103;

/** Removes the folder of the socket. The server must be stopped; the next start makes it again, by the same name. */
export async function removeSocketFolder(place: Place): Promise<void> {
  await rm(join(place.socket, `.s.PGSQL.${port}`), { force: true });
  await rm(join(place.socket, `.s.PGSQL.${port}.lock`), { force: true });
  // Something else in it is not ours to remove, and does no harm.
  await rmdir(place.socket).catch(() => {});
}

/** Makes the home folder and returns its real path. */
export async function prepareHome(given: string): Promise<string> {
  const root = process.getuid?.() === 0;
  try {
    await mkdir(given, { recursive: true, mode: root ? 0o711 : 0o700 });
    const home = await realpath(given);
    // As root the server's account must be able to pass through; it still can't list or read anything.
    await chmod(home, root ? 0o711 : 0o700);
    await access(home, constants.R_OK | constants.W_OK | constants.X_OK);
    return home;
  } catch (error) {
    throw new SandboxProblem(
      `The sandbox's folder ${given} cannot be used: ${(error as Error).message}. Set DRILLBOOK_HOME to a folder that can be written.`,
      { cause: error },
    );
  }
}

/**
 * Finds where the sandbox of a home is or shall be, and makes the folders. The caller holds the lock, because who
 * stops a sandbox removes the folder of its socket.
 */
export async function findPlace(given: string): Promise<Place> {
  const home = await prepareHome(given);
  const account = await serverAccount();
  const path = join(home, 'place.json');
  const known = await readRecord<{ cluster: string; socket: string }>(path);
  const cluster = known?.cluster ?? (await clusterFolder(home, account));
  await mkdir(cluster, { recursive: true, mode: 0o711 });
  const socket = await socketFolder(home, account, known?.socket);
  if (cluster !== known?.cluster || socket !== known?.socket) await writeRecord(path, { cluster, socket });
  const store = join(home, 'store');
  await mkdir(store, { recursive: true, mode: 0o700 });
  return { home, cluster, data: join(cluster, 'data'), socket, store, account };
}

/** Where the sandbox of a home is, without making anything; undefined where there is none. */
export async function knownPlace(givenHome: string): Promise<Place | undefined> {
  const home = await realpath(givenHome).catch(() => undefined);
  if (home === undefined) return undefined;
  const known = await readRecord<{ cluster: string; socket: string }>(join(home, 'place.json'));
  if (known === undefined) return undefined;
  const account = await serverAccount();
  return {
    home,
    ...known,
    data: join(known.cluster, 'data'),
    store: join(home, 'store'),
    account,
  };
}

async function clusterFolder(home: string, account: Account | undefined): Promise<string> {
  if (account === undefined || (await mayEnter(account, home))) return join(home, 'cluster');
  const name = `drillbook-sandbox-${digest(home)}`;
  for (const above of ['/var/lib', tmpdir(), '/tmp']) {
    if (!(await mayEnter(account, above))) continue;
    const folder = await ownFolder(join(above, name), 0o711, undefined);
    if (folder) return folder;
  }
  throw new SandboxProblem(
    `The account '${account.name}', which runs the server, cannot enter ${home}, and neither /var/lib nor ` +
      `${tmpdir()} can be written. Set DRILLBOOK_HOME to a folder that it can enter.`,
  );
}

async function socketFolder(
  home: string,
  account: Account | undefined,
  known: string | undefined,
): Promise<string> {
  if (known && (await ownFolder(known, 0o700, account))) return known;
  const name = `drillbook-${process.getuid?.() ?? 0}-${digest(home)}`;
  for (const above of [tmpdir(), '/tmp']) {
    if (Buffer.byteLength(join(above, name, `.s.PGSQL.${port}`)) > longestSocket) continue;
    if (account && !(await mayEnter(account, above))) continue;
    const folder = await ownFolder(join(above, name), 0o700, account);
    if (folder) return folder;
    // Somebody else has that name: take one that nobody can know before.
    const other = await mkdtemp(join(above, 'drillbook-')).catch(() => undefined);
    if (other && Buffer.byteLength(join(other, `.s.PGSQL.${port}`)) <= longestSocket) {
      if (account) await chown(other, account.uid, account.gid);
      return other;
    }
  }
  throw new SandboxProblem(
    `Neither ${tmpdir()} nor /tmp can hold the server's socket. Set TMPDIR to a short path of a folder that can be written.`,
  );
}

/** Makes the folder, or takes one that is there if it is ours alone; undefined where it is not. */
async function ownFolder(
  path: string,
  mode: number,
  owner: Account | undefined,
): Promise<string | undefined> {
  const me = process.getuid?.() ?? 0;
  try {
    await mkdir(path, { mode });
    await chmod(path, mode);
    if (owner) await chown(path, owner.uid, owner.gid);
    return path;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return undefined;
  }
  const found = await lstat(path);
  if (!found.isDirectory()) return undefined;
  if (found.uid === me && owner) {
    // Made by us and not handed over yet: the process was ended between the two.
    await chown(path, owner.uid, owner.gid);
  } else if (found.uid !== (owner?.uid ?? me)) return undefined;
  if ((found.mode & 0o777) !== mode) await chmod(path, mode);
  return (await access(path, constants.R_OK | constants.X_OK).then(
    () => true,
    () => false,
  ))
    ? path
    : undefined;
}

/** Stands for a home in the names of its folders elsewhere. */
export function digest(home: string): string {
  return createHash('sha256').update(home).digest('hex').slice(0, 10);
}
