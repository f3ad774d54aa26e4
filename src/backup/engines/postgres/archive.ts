import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Backup } from '../../catalog.ts';
import { type Child, endTrouble, start } from '../../child.ts';
import { type Compression, decompressor, drained } from '../../compression.ts';
import { BackupError, firstLine } from '../../error.ts';
import type { Check } from '../../verification.ts';
import { findTool } from './tool.ts';

export interface ReadOptions {
  /** Where the dump itself lies in a file of this machine, which pg_restore reads sooner than a pipe. */
  readonly path?: string;
  readonly signal?: AbortSignal;
  readonly scratch?: () => Promise<string>;
}

/**
 * Reads a dump to its end and says whether it is whole. Always consumes every byte of `source`. An archive's own
 * checksums cover its compressed data, not every byte: only the SHA-256 of a manifest proves that nothing changed.
 */
export async function readArchive(
  backup: Backup,
  source: AsyncIterable<Uint8Array>,
  options: ReadOptions = {},
): Promise<Check> {
  switch (backup.format) {
    case 'custom':
    case 'tar': {
      if (options.path !== undefined) return readFile(backup, options.path, source, options.signal);
      const tool = await findTool('pg_restore', majorOf(backup));
      const child = start(tool.path, ['--file=/dev/null'], { signal: options.signal });
      child.stdout.resume();
      return judge(await feed(child, source, 'pg_restore'));
    }
    case 'directory':
      return readDirectory(backup, source, options);
    case 'plain':
      return trailer(await tailOf(source));
    case 'plain-gzip':
      return readCompressed('gzip', source);
    case 'plain-zstd':
      return readCompressed('zstd', source);
    case 'sqlite':
      throw new BackupError('dump', `${backup.file} is an SQLite file, not a dump of PostgreSQL.`);
  }
}

/** pg_restore and whoever hashes the source read the same file at the same time. */
async function readFile(
  backup: Backup,
  path: string,
  source: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
): Promise<Check> {
  return beside(source, signal, async (both) => {
    const tool = await findTool('pg_restore', majorOf(backup));
    const child = start(tool.path, ['--file=/dev/null', path], { signal: both });
    child.stdin.end();
    child.stdout.resume();
    return judge(endTrouble('pg_restore', await child.ended)?.message);
  });
}

/** Reads a source to its end while a task goes on; a source that can't be read stops the task and is thrown. */
export async function beside<T>(
  source: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
  task: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const stop = new AbortController();
  const reading = (async () => {
    for await (const _ of source);
  })().catch((error) => {
    stop.abort();
    throw error;
  });
  const both = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]);
  const [read, done] = await Promise.allSettled([reading, task(both)]);
  if (read.status === 'rejected') throw read.reason;
  if (done.status === 'rejected') throw done.reason;
  return done.value;
}

/** Unpacks the tar of a directory-format dump into a new folder; undefined or what is wrong with it. */
export async function unpack(
  folder: string,
  source: AsyncIterable<Uint8Array>,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const tar = start('tar', ['-xf', '-', '-C', folder, '--no-same-owner'], { signal });
  tar.stdout.resume();
  return feed(tar, source, 'tar');
}

async function readDirectory(
  backup: Backup,
  source: AsyncIterable<Uint8Array>,
  options: ReadOptions,
): Promise<Check> {
  const folder = (await options.scratch?.()) ?? (await mkdtemp(join(tmpdir(), 'drillbook-')));
  try {
    const torn = await unpack(folder, source, options.signal);
    if (torn !== undefined) return judge(torn);
    const tool = await findTool('pg_restore', majorOf(backup));
    const child = start(tool.path, ['--file=/dev/null', folder], { signal: options.signal });
    child.stdout.resume();
    return judge(endTrouble('pg_restore', await child.ended)?.message);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Gives a child all of the source; goes on reading when the child stops early, so that hashing sees every byte. */
export async function feed(
  child: Child,
  source: AsyncIterable<Uint8Array>,
  tool: string,
): Promise<string | undefined> {
  let closed = false;
  child.stdin.once('close', () => {
    closed = true;
  });
  try {
    for await (const chunk of source) {
      if (closed || child.stdin.destroyed || child.stdin.write(chunk)) continue;
      await drained(child.stdin);
    }
    child.stdin.end();
  } catch (error) {
    child.stop();
    child.stdin.destroy();
    await child.ended;
    throw error;
  }
  return endTrouble(tool, await child.ended)?.message;
}

function judge(trouble: string | undefined): Check {
  return trouble === undefined
    ? { check: 'archive', verdict: 'passed', words: 'The archive reads to its end.' }
    : { check: 'archive', verdict: 'failed', words: `The archive is damaged: ${trouble}` };
}

async function readCompressed(compression: Compression, source: AsyncIterable<Uint8Array>): Promise<Check> {
  const unpacking = decompressor(compression);
  let trouble: unknown;
  const reading = tailOf(unpacking).catch((error) => {
    trouble = error;
    return Buffer.alloc(0);
  });
  for await (const chunk of source)
    if (trouble === undefined && !unpacking.destroyed && !unpacking.write(chunk)) await drained(unpacking);
  if (!unpacking.destroyed) unpacking.end();
  const tail = await reading;
  return trouble === undefined
    ? trailer(tail)
    : { check: 'archive', verdict: 'failed', words: `The ${compression} is damaged: ${firstLine(trouble)}.` };
}

/** The last kilobyte. */
export async function tailOf(source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<Buffer> {
  let tail: Buffer = Buffer.alloc(0);
  for await (const chunk of source) tail = Buffer.from(Buffer.concat([tail, chunk]).subarray(-1024));
  return tail;
}

/** pg_dump and pg_dumpall end a plain dump with this line; newer ones write `\unrestrict` after it. */
export function trailer(tail: Buffer): Check {
  const end = /(?:^|\n)-- PostgreSQL database (?:cluster )?dump complete\n(?:--\n|\\unrestrict \w+\n|\s)*$/;
  return end.test(tail.toString('latin1').replaceAll('\r\n', '\n'))
    ? {
        check: 'archive',
        verdict: 'passed',
        words: 'The last line of the dump is there. Plain SQL has no checksums of its own.',
      }
    : {
        check: 'archive',
        verdict: 'failed',
        words:
          'The dump has no last line "-- PostgreSQL database dump complete": it was cut off, or pg_dump did not make it.',
      };
}

function majorOf(backup: Backup): number {
  return Number(backup.manifest?.client.version.split(/\D/, 1)[0] ?? 0);
}
