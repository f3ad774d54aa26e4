import { randomBytes } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { encrypted } from './age.ts';
import { type Contents, checksumWayOf, isPartial, orphaned, type Selection } from './contents.ts';
import type { Engine } from './engines/engine.ts';
import { engineOf } from './engines/of-url.ts';
import { BackupError } from './error.ts';
import { type BackupFormat, encryptedEnding, endingOf } from './format.ts';
import { hashing } from './hash.ts';
import type { BackupKind } from './kind.ts';
import { type Manifest, manifestFile, readManifest, writeManifest } from './manifest.ts';
import { backupName } from './name.ts';
import type { Store } from './store.ts';

export interface CreateRequest {
  /** Of the database; never shown, journaled or put on a command line. */
  readonly url: string;
  /** What the backup's name begins with. */
  readonly target: string;
  readonly kind: BackupKind;
  readonly store: Store;
  readonly engine?: Engine;
  readonly format?: BackupFormat;
  /** For the directory format. */
  readonly jobs?: number;
  readonly selection?: Selection;
  /** Keep the server's roles and tablespaces in the manifest, without passwords. */
  readonly globals?: boolean;
  /** Encrypt to these age recipients; in the clear where there are none. */
  readonly recipients?: readonly string[];
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: CreateProgress) => void;
}

export interface CreateProgress {
  readonly phase: 'dump' | 'contents' | 'manifest';
  /** Bytes stored so far. */
  readonly bytes: number;
  /** The table that is dumped or counted. */
  readonly table?: string;
}

/** What tells that a backup is being made; removed when it stands. */
export function markerFile(name: string): string {
  return `${name}.in-progress.json`;
}

/**
 * Makes a backup: dump and description from one snapshot, the bytes into the store as they come, the manifest last.
 * Throws a `BackupError`; then, and when the signal aborts, nothing is left in the store that looks like a backup.
 */
export async function createBackup(request: CreateRequest): Promise<Manifest> {
  const { store, signal } = request;
  const engine = request.engine ?? engineOf(request.url);
  const format = request.format ?? engine.format;
  if (!engine.formats.includes(format))
    throw new BackupError(
      'dump',
      `${engine.name} backups are made as ${engine.formats.join(', ')}, not as ${format}.`,
    );
  const began = performance.now();
  const held = await engine.hold(request.url, format, {
    selection: request.selection,
    jobs: request.jobs,
    scratch: () => scratchOf(store),
    signal,
  });
  try {
    signal?.throwIfAborted();
    const globals = request.globals ? await held.globals?.(signal) : undefined;
    const name = await reserve(store, request, new Date(held.takenAt));
    const recipients = request.recipients ?? [];
    const file = `${name}${endingOf(format)}${recipients.length > 0 ? encryptedEnding : ''}`;
    try {
      const made = await fill(request, held, file);
      const manifest: Omit<Manifest, 'seal'> = {
        schema: checksumWayOf(made.contents) === 'text' ? 1 : 2,
        name,
        target: request.target,
        kind: request.kind,
        engine: engine.name,
        format,
        file,
        bytes: made.bytes,
        sha256: made.sha256,
        ...(recipients.length > 0
          ? { encryption: { method: 'age' as const, recipients: [...recipients] } }
          : {}),
        takenAt: held.takenAt,
        finishedAt: new Date().toISOString(),
        durations: {
          dump: made.dumpMs,
          contents: made.contentsMs,
          total: Math.round(performance.now() - began),
        },
        ...(isPartial(request.selection) ? { selection: request.selection } : {}),
        server: held.identity,
        ...(held.lsn === undefined ? {} : { lsn: held.lsn }),
        client: held.client,
        database: held.database,
        contents: made.contents,
        ...(globals === undefined ? {} : { globals }),
        warnings: [...(held.warnings ?? []), ...warningsOf(made.contents)],
      };
      request.onProgress?.({ phase: 'manifest', bytes: made.bytes });
      const text = writeManifest(manifest);
      await store.write(manifestFile(name), once(text), { signal });
      await store.remove(markerFile(name)).catch(() => {});
      return readManifest(text, manifestFile(name));
    } catch (error) {
      // The manifest goes first: without it the rest is no backup, whatever else can't be removed.
      for (const left of [manifestFile(name), file, markerFile(name)])
        await store.remove(left).catch(() => {});
      throw error;
    }
  } catch (error) {
    if (signal?.aborted)
      throw new BackupError(
        'aborted',
        'The backup was stopped as asked; nothing was left in the store.',
        error,
      );
    throw error;
  } finally {
    await held.close();
  }
}

type Held = Awaited<ReturnType<Engine['hold']>>;

/** Dump and description at the same time; the first failure stops both. */
async function fill(request: CreateRequest, held: Held, file: string) {
  const stop = new AbortController();
  const signal = request.signal === undefined ? stop.signal : AbortSignal.any([request.signal, stop.signal]);
  const began = performance.now();
  let bytes = 0;
  const dump = held.dump({
    signal,
    scratch: () => scratchOf(request.store),
    onTable: (table) => request.onProgress?.({ phase: 'dump', bytes, table }),
  });
  const { recipients = [] } = request;
  const hashed = hashing(recipients.length > 0 ? encrypted(dump, recipients) : dump, (now) => {
    bytes = now;
    request.onProgress?.({ phase: 'dump', bytes });
  });
  let failure: unknown;
  const guarded = async <T>(task: Promise<T>): Promise<T | undefined> =>
    task.catch((error) => {
      failure ??= error;
      stop.abort();
      return undefined;
    });
  // A count of a large table would otherwise go on to its end before anybody notices.
  signal.addEventListener('abort', () => void held.close(), { once: true });
  const [stored, described] = await Promise.all([
    guarded(
      request.store
        // Text of binary columns may be twice as long as they are in the database.
        .write(file, hashed.bytes, { signal, expect: 2 * held.database.bytes })
        .then(({ bytes: written }) => ({ written, ms: Math.round(performance.now() - began) })),
    ),
    guarded(
      held
        .contents({ signal, onTable: (table) => request.onProgress?.({ phase: 'contents', bytes, table }) })
        .then((contents) => ({ contents, ms: Math.round(performance.now() - began) })),
    ),
  ]);
  if (failure !== undefined || stored === undefined || described === undefined) throw failure;
  const sum = hashed.sum();
  if (sum.bytes !== stored.written || sum.bytes === 0)
    throw new BackupError(
      'store',
      `The store kept ${stored.written} of ${sum.bytes} bytes of ${file}. The backup was removed; check the store's disk.`,
    );
  const contents = await held.complete(described.contents);
  return { ...sum, contents, dumpMs: stored.ms, contentsMs: described.ms };
}

/** Takes a name that nobody has, by a marker that only one of several writers can create. */
async function reserve(store: Store, request: CreateRequest, at: Date): Promise<string> {
  const present = await store.list().catch((error) => {
    // The folder of a new store is made by the first write.
    if (error instanceof BackupError && error.kind === 'not-found') return [];
    throw error;
  });
  for (let turn = 1; turn < 1_000; turn += 1) {
    const name = backupName(request.target, request.kind, at, turn);
    if (present.some((one) => one.file.startsWith(`${name}.`))) continue;
    const marker = {
      name,
      host: hostname(),
      pid: process.pid,
      startedAt: new Date().toISOString(),
      token: randomBytes(8).toString('hex'),
    };
    try {
      await store.write(markerFile(name), once(`${JSON.stringify(marker)}\n`), { signal: request.signal });
      // Somebody else may have finished under this name since the list was made. Behind the marker it is settled:
      // from here on every file of this name is ours, and ours to remove.
      if (
        !(await store.list()).some((one) => one.file.startsWith(`${name}.`) && one.file !== markerFile(name))
      )
        return name;
      await store.remove(markerFile(name));
    } catch (error) {
      if (!(error instanceof BackupError && error.kind === 'already-there')) throw error;
    }
  }
  throw new BackupError(
    'store',
    `${store.location} has a thousand backups of ${request.target} in this second.`,
  );
}

function warningsOf(contents: Contents): string[] {
  return [
    ...orphaned(contents).map(
      (one) =>
        `${one.orphans} rows of ${one.schema}.${one.table} point to rows that are not there (${one.name})${one.validated ? '; the dump will not restore without errors until they are mended' : ''}.`,
    ),
    ...contents.indexes
      .filter((one) => !one.valid)
      .map((one) => `The index ${one.schema}.${one.name} is not valid.`),
    ...(contents.largeObjects.count > 0 && contents.largeObjects.checksum === undefined
      ? ['Large objects were counted but not checked: the role may not read pg_largeobject.']
      : []),
  ];
}

/** On the store's own disk where it has one: a database may be larger than what /tmp can take. */
async function scratchOf(store: Store): Promise<string> {
  return (await store.scratch?.()) ?? mkdtemp(join(tmpdir(), 'drillbook-'));
}

export async function* once(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
