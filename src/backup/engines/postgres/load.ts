import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Backup } from '../../catalog.ts';
import { endTrouble, start } from '../../child.ts';
import { decompressor } from '../../compression.ts';
import { BackupError } from '../../error.ts';
import { hashing } from '../../hash.ts';
import { opened } from '../../opened.ts';
import type { Store } from '../../store.ts';
import { beside, feed, tailOf, trailer, unpack } from './archive.ts';
import { toolEnvironment } from './environment.ts';
import type { Login } from './login.ts';
import { listOf } from './part.ts';
import { findTool } from './tool.ts';

export interface LoadRequest {
  /** Of the database to load into. */
  readonly login: Login;
  readonly serverMajor: number;
  readonly store: Store;
  readonly backup: Backup;
  readonly jobs?: number;
  /** Rows, keys and indexes of these tables alone (`schema.table`); of the others only that they are there. */
  readonly tables?: readonly string[];
  /** Leave owners and grants out: for a server that lacks the roles. */
  readonly withoutOwners?: boolean;
  /** Drop what the dump holds first, all in one transaction: for a restore in place. */
  readonly clean?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (words: string, bytes: number) => void;
}

/**
 * Loads a dump into a database. The first error ends it. While the bytes go through they are hashed; a sum that is
 * not the manifest's fails the load at its end, as does a plain dump without its last line. Throws a `BackupError`;
 * what was loaded by then stays in the database.
 */
export async function load(request: LoadRequest): Promise<void> {
  const { backup, store, signal } = request;
  try {
    if (request.clean) await readFirst(request);
    const source = hashing(await store.read(backup.file, { signal }), (bytes) =>
      request.onProgress?.('loading', bytes),
    );
    const trouble = await loadFrom(request, opened(store, backup, source.bytes));
    if (signal?.aborted) throw new BackupError('aborted', 'The restore was stopped as asked.');
    const sum = source.sum();
    judgeSum(backup, sum.sha256, '');
    if (trouble !== undefined)
      throw new BackupError('dump', `${backup.name} did not load: ${trouble}${unchanged(request, trouble)}`);
  } catch (error) {
    if (signal?.aborted) throw new BackupError('aborted', 'The restore was stopped as asked.', error);
    throw error;
  }
}

/** There is no way back from a load over what is live: the bytes are read and judged before the first of them counts. */
async function readFirst({ backup, store, signal, onProgress }: LoadRequest): Promise<void> {
  const source = hashing(await store.read(backup.file, { signal }), (bytes) =>
    onProgress?.('reading', bytes),
  );
  for await (const _ of source.bytes);
  judgeSum(backup, source.sum().sha256, ' Nothing was changed.');
}

/** Where a load in place ended by an error of its own, before the commit: what that means, and what else can be done. */
function unchanged({ clean, login }: LoadRequest, trouble: string): string {
  if (!clean || !/exit code \d/.test(trouble) || /connection/i.test(trouble)) return '';
  return `${/[.!?]$/.test(trouble) ? '' : '.'} ${login.database} is what it was: all of it was to be one transaction. Restore it beside and swap, without --in-place.`;
}

function judgeSum({ manifest, location }: Backup, sha256: string, aftermath: string): void {
  if (manifest !== undefined && sha256 !== manifest.sha256)
    throw new BackupError(
      'damaged',
      `${location} is damaged: its SHA-256 is ${sha256}, the manifest says ${manifest.sha256}.${aftermath} Use another backup.`,
    );
}

async function loadFrom(
  request: LoadRequest,
  source: AsyncIterable<Uint8Array>,
): Promise<string | undefined> {
  const { backup, store, signal } = request;
  const environment = toolEnvironment(request.login);
  const jobs = request.clean ? 1 : (request.jobs ?? 1);
  const dumped = Number(backup.manifest?.client.version.split(/\D/, 1)[0] ?? 0);
  const options = [
    `--dbname=${conninfo(request.login.database)}`,
    '--exit-on-error',
    '--no-password',
    ...(request.withoutOwners ? ['--no-owner', '--no-privileges'] : []),
    ...(request.clean ? ['--clean', '--if-exists', '--single-transaction'] : []),
    ...(jobs > 1 ? [`--jobs=${jobs}`] : []),
  ];
  const restore = async () => (await findTool('pg_restore', Math.max(dumped, request.serverMajor))).path;
  if (request.tables !== undefined) return loadTables(request, source, await restore(), options, environment);
  switch (backup.format) {
    case 'custom':
      if (store.path !== undefined && !backup.encrypted) {
        // pg_restore reads the file at several places, by several jobs; the sum is taken beside, over the whole of it.
        return beside(source, signal, async (both) =>
          run(await restore(), [...options, store.path!(backup.file)], environment, both),
        );
      }
      return feedTool(
        await restore(),
        options.filter((one) => !one.startsWith('--jobs')),
        source,
        environment,
        signal,
      );
    case 'sqlite':
      throw new BackupError(
        'dump',
        `${backup.file} is an SQLite file and can't be loaded into PostgreSQL. Give the right backup, or the URL of the SQLite file.`,
      );
    case 'tar':
      return feedTool(
        await restore(),
        options.filter((one) => !one.startsWith('--jobs')),
        source,
        environment,
        signal,
      );
    case 'directory': {
      const folder = (await store.scratch?.()) ?? (await mkdtemp(join(tmpdir(), 'drillbook-')));
      try {
        const torn = await unpack(folder, source, signal);
        if (torn !== undefined) return torn;
        return await run(await restore(), [...options, folder], environment, signal);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    }
    case 'plain':
      return plain(request, source, environment);
    case 'plain-gzip':
    case 'plain-zstd': {
      const unpacked = decompressor(backup.format === 'plain-gzip' ? 'gzip' : 'zstd');
      // What is damaged reaches psql's side as an error of the stream it reads.
      const moving = pipeline(source, unpacked).catch(() => {});
      try {
        return await plain(request, unpacked, environment);
      } finally {
        unpacked.destroy();
        await moving;
      }
    }
  }
}

async function plain(
  request: LoadRequest,
  source: AsyncIterable<Uint8Array>,
  environment: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const tool = await findTool('psql', request.serverMajor);
  const tail = { bytes: Buffer.alloc(0) as Buffer };
  const child = start(tool.path, ['-X', '-q', '-w', '-1', '-v', 'ON_ERROR_STOP=1', '-f', '-'], {
    environment,
    signal: request.signal,
  });
  child.stdout.resume();
  const trouble = await feed(child, staying(source, tail), 'psql');
  if (trouble !== undefined)
    return /invalid command \\(?:un)?restrict/.test(trouble)
      ? `psql ${tool.version} (${tool.path}) does not know the \\restrict that pg_dump writes since 17.6, 16.10, 15.14, 14.19 and 13.22. Install the newest client of its version, then try again.`
      : trouble;
  const check = trailer(tail.bytes);
  return check.verdict === 'passed' ? undefined : check.words;
}

/**
 * Passes a plain dump on and stops at the first `\connect`: a dump made with --create, or by pg_dumpall, would
 * leave the database that it is meant for and write to another one.
 */
export async function* staying(
  source: AsyncIterable<Uint8Array>,
  tail: { bytes: Buffer },
): AsyncGenerator<Uint8Array> {
  let line = '\n';
  for await (const chunk of source) {
    const text = line + Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1');
    if (/\n\\c(?:onnect)?[\s]/.test(text))
      throw new BackupError(
        'unsafe',
        'This dump changes the database by itself (\\connect): it was made with --create or by pg_dumpall, and would write to another database than the one meant. Make it without --create, or load it by hand.',
      );
    // Enough of the last line to see a \connect that the chunks cut in two.
    line = `\n${text.slice(text.lastIndexOf('\n') + 1).slice(0, 16)}`;
    tail.bytes = await tailOf([tail.bytes, chunk]);
    yield chunk;
  }
}

async function feedTool(
  path: string,
  args: readonly string[],
  source: AsyncIterable<Uint8Array>,
  environment: NodeJS.ProcessEnv,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const child = start(path, args, { environment, signal });
  child.stdout.resume();
  return feed(child, source, 'pg_restore');
}

/** First that everything is there, then the rows of the chosen tables with what hangs on them. */
async function loadTables(
  request: LoadRequest,
  source: AsyncIterable<Uint8Array>,
  tool: string,
  options: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const { backup, store, signal } = request;
  if (backup.format !== 'custom' || store.path === undefined || backup.encrypted)
    throw new BackupError(
      'unsafe',
      `Single tables are taken from a backup in custom format, not encrypted, in a folder. Copy ${backup.name} into a folder first (drillbook backup copy), or restore all of it with --into.`,
    );
  // Read to its end first: of a damaged archive no table is to be trusted.
  for await (const _ of source);
  const archive = store.path(backup.file);
  const found = await listOf(tool, archive, backup.manifest!.contents, request.tables!, signal);
  if ('trouble' in found) return found.trouble;
  const single = options.filter((one) => !one.startsWith('--jobs'));
  const trouble = await run(tool, [...single, '--section=pre-data', archive], environment, signal);
  if (trouble !== undefined) return trouble;
  const folder = await mkdtemp(join(tmpdir(), 'drillbook-'));
  try {
    const list = join(folder, 'list');
    await writeFile(list, found.list);
    return await run(tool, [...options, `--use-list=${list}`, archive], environment, signal);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function run(
  path: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const child = start(path, args, { environment, signal });
  child.stdout.resume();
  child.stdin.end();
  return endTrouble('pg_restore', await child.ended)?.message;
}

/** A database name as a connection string, so that no character of it is taken for one. */
function conninfo(database: string): string {
  return `dbname='${database.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
