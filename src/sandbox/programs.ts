import { execFile } from 'node:child_process';
import { access, constants, readdir, realpath } from 'node:fs/promises';
import { delimiter, dirname, isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';

/** A folder with programs of one PostgreSQL version. */
export interface ProgramFolder {
  readonly folder: string;
  readonly major: number;
  /** As the program says it: `15.18`. */
  readonly version: string;
}

/** A server and client tools that work with it. */
export interface Programs {
  readonly server: ProgramFolder;
  readonly clients: ProgramFolder;
}

/** What a folder must hold to count. */
export const serverPrograms = ['postgres', 'initdb'] as const;
export const clientPrograms = ['psql', 'pg_dump', 'pg_restore', 'createdb', 'dropdb'] as const;

/** Older servers lack what the sandbox and its runbooks use: `pg_write_all_data`, `pg_terminate_backend(pid, ms)`. */
export const oldestServer = 14;

const run = promisify(execFile);

/** Folders of this system that may hold PostgreSQL programs: PATH first, then the usual places, newest first. */
export async function programFolders(env: NodeJS.ProcessEnv): Promise<readonly string[]> {
  const path = (env.PATH ?? '').split(delimiter).filter(isAbsolute);
  const versioned = await Promise.all([
    below('/usr/lib/postgresql', /^\d+$/),
    below('/opt/homebrew/opt', /^postgresql(@\d+)?$/),
    below('/usr/local/opt', /^postgresql(@\d+)?$/),
    below('/usr', /^pgsql-\d+$/),
    below('/usr/libexec', /^postgresql\d*$/),
    below('/usr/lib', /^postgresql\d+$/),
    below('/Applications/Postgres.app/Contents/Versions', /^\d+$/),
  ]);
  return [...new Set([...path, '/usr/local/pgsql/bin', ...versioned.flat()])];
}

async function below(above: string, name: RegExp): Promise<string[]> {
  const names = await readdir(above).catch(() => []);
  return names
    .filter((n) => name.test(n))
    .sort((a, b) => Number(b.match(/\d+$/)?.[0] ?? 0) - Number(a.match(/\d+$/)?.[0] ?? 0))
    .flatMap((n) => [join(above, n, 'bin'), join(above, n)]);
}

/** Which of the folders hold all of the programs, with their versions, in the given order. */
export async function holders(
  folders: readonly string[],
  programs: readonly string[],
): Promise<readonly ProgramFolder[]> {
  const found = await Promise.all(folders.map((folder) => holder(folder, programs)));
  const seen = new Set<string>();
  return found.filter((f) => f !== undefined).filter((f) => !seen.has(f.folder) && seen.add(f.folder));
}

/** Where all of these programs of a folder stand, links followed; undefined where one is missing or does not run here. */
export async function holder(
  folder: string,
  programs: readonly string[],
): Promise<ProgramFolder | undefined> {
  const first = programs[0] ?? '';
  const complete = (where: string) =>
    Promise.all(programs.map((p) => access(join(where, p), constants.X_OK))).then(
      () => true,
      () => false,
    );
  try {
    if (!(await complete(folder))) return undefined;
    const real = await realpath(join(folder, first));
    // Debian's wrapper picks a version by the settings of the user's own clusters. The real ones are listed as well.
    if (real.endsWith('pg_wrapper')) return undefined;
    // Links of a package manager lead to where programs of one version stand together.
    const home = (await complete(dirname(real))) ? dirname(real) : folder;
    const version = readVersion((await run(join(home, first), ['--version'], { timeout: 20_000 })).stdout);
    return version && { folder: home, ...version };
  } catch {
    return undefined;
  }
}

/** Reads `pg_dump (PostgreSQL) 15.18 (Debian …)`, `… 18beta1`. */
export function readVersion(text: string): { major: number; version: string } | undefined {
  const found = /\(PostgreSQL\) ((\d+)[\w.]*)/.exec(text);
  return found ? { major: Number(found[2]), version: found[1] ?? '' } : undefined;
}

/**
 * The best server and the client tools to it. Never a server newer than `pg_dump`, which refuses it. Preferred, in
 * this order: the major version that a cluster was made with; no `pg_restore` of 17 or later with a server before 17,
 * because it sets `transaction_timeout`, which that server does not know; tools beside the server; equal versions;
 * the newest server.
 */
export function choosePair(
  servers: readonly ProgramFolder[],
  clients: readonly ProgramFolder[],
  preferredMajor?: number,
): Programs | undefined {
  const pairs = servers
    .filter((server) => server.major >= oldestServer)
    .flatMap((server) => clients.map((c) => ({ server, clients: c })))
    .filter((pair) => pair.clients.major >= pair.server.major);
  const rank = ({ server, clients: tools }: Programs) => [
    server.major === preferredMajor,
    !(tools.major >= 17 && server.major < 17),
    server.folder === tools.folder,
    server.major === tools.major,
    server.major,
  ];
  return pairs.reduce<Programs | undefined>((best, pair) => {
    if (best === undefined) return pair;
    const a = rank(pair).map(Number);
    const b = rank(best).map(Number);
    const at = a.findIndex((value, i) => value !== b[i]);
    return at >= 0 && (a[at] ?? 0) > (b[at] ?? 0) ? pair : best;
  }, undefined);
}
