import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Child, endTrouble, start } from '../../child.ts';
import { type Compression, compressor, drained } from '../../compression.ts';
import { isPartial, type Selection } from '../../contents.ts';
import { BackupError } from '../../error.ts';
import type { BackupFormat } from '../../format.ts';
import type { DumpOptions } from '../engine.ts';
import { toolEnvironment } from './environment.ts';
import type { Login } from './login.ts';
import { identifier, qualifiedIdentifier } from './quote.ts';
import type { ClientTool } from './tool.ts';

export interface DumpRequest extends DumpOptions {
  readonly login: Login;
  readonly tool: ClientTool;
  readonly snapshot: string;
  readonly format: BackupFormat;
  readonly selection?: Selection;
  readonly jobs?: number;
}

/**
 * The bytes of a dump as pg_dump makes them. The last step of the iteration is pg_dump's exit code: it throws where
 * that is not zero, so a reader that ends without an error has a whole dump.
 */
export async function* dump(request: DumpRequest): AsyncGenerator<Uint8Array> {
  switch (request.format) {
    case 'custom':
      yield* output(request, ['--format=custom']);
      return;
    case 'plain':
      yield* output(request, ['--format=plain']);
      return;
    case 'plain-gzip':
      yield* compressed('gzip', output(request, ['--format=plain']));
      return;
    case 'plain-zstd':
      yield* compressed('zstd', output(request, ['--format=plain']));
      return;
    case 'directory':
      yield* folder(request);
      return;
    case 'tar':
      throw new BackupError('dump', "pg_dump's tar format is read, not made: use custom or directory.");
    case 'sqlite':
      throw new BackupError('dump', 'A PostgreSQL database is not dumped as an SQLite file.');
  }
}

async function* output(request: DumpRequest, format: readonly string[]): AsyncGenerator<Uint8Array> {
  yield* whole('pg_dump', launch(request, format));
}

/** stdout of a child, then its exit code; the child is stopped where the reader leaves early. */
export async function* whole(tool: string, child: Child): AsyncGenerator<Uint8Array> {
  let ended = false;
  try {
    for await (const chunk of child.stdout) yield chunk as Uint8Array;
    const trouble = endTrouble(tool, await child.ended);
    ended = true;
    if (trouble !== undefined) throw trouble;
  } finally {
    if (!ended) {
      child.stop();
      child.stdout.resume();
      await child.ended;
    }
  }
}

async function* compressed(
  compression: Compression,
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const packing = compressor(compression);
  const feed = (async () => {
    try {
      for await (const chunk of source) if (!packing.write(chunk)) await drained(packing);
      packing.end();
    } catch (error) {
      packing.destroy(error as Error);
    }
  })();
  try {
    for await (const chunk of packing) yield chunk as Uint8Array;
  } finally {
    packing.destroy();
    await feed;
  }
}

/** pg_dump's directory format, which alone can be dumped by several jobs, as one tar. */
async function* folder(request: DumpRequest): AsyncGenerator<Uint8Array> {
  const scratch = await request.scratch();
  try {
    const made = join(scratch, 'dump');
    const child = launch(request, ['--format=directory', `--file=${made}`, `--jobs=${request.jobs ?? 1}`]);
    child.stdout.resume();
    const trouble = endTrouble('pg_dump', await child.ended);
    request.signal?.throwIfAborted();
    if (trouble !== undefined) throw trouble;
    yield* whole('tar', start('tar', ['-cf', '-', '-C', made, '.'], { signal: request.signal }));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function launch(request: DumpRequest, format: readonly string[]): Child {
  const selection = isPartial(request.selection)
    ? [
        ...request.selection.schemas.map((name) => `--schema=${identifier(name)}`),
        ...request.selection.tables.map((name) => `--table=${tablePattern(name)}`),
      ]
    : [];
  return start(
    request.tool.path,
    [
      ...format,
      `--snapshot=${request.snapshot}`,
      '--no-password',
      '--lock-wait-timeout=60s',
      '--verbose',
      ...(isPartial(request.selection) ? ['--strict-names'] : []),
      ...selection,
    ],
    {
      environment: toolEnvironment(request.login),
      signal: request.signal,
      onLine: (line) => {
        const table = /dumping contents of table "(.+)"/.exec(line)?.[1];
        if (table !== undefined) request.onTable?.(table);
      },
    },
  );
}

/** Quoted, a pattern means exactly this name. */
function tablePattern(name: string): string {
  const dot = name.indexOf('.');
  return dot < 0 ? identifier(name) : qualifiedIdentifier(name.slice(0, dot), name.slice(dot + 1));
}
