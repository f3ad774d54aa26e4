import { randomUUID } from 'node:crypto';
import { DeleteObjectCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { BackupError } from '../../error.ts';
import { type Content, chunksOf, type PutOptions } from '../../object-store.ts';
import type { Access } from './access.ts';
import { type Commit, commitOf, type Parameters } from './commit.ts';
import { type Pieces, piecesOf, uploadInParts } from './parts.ts';
import { alreadyThere, refusal, trouble } from './trouble.ts';

/** Parts that what was announced may take; some room is left for what grows beyond it. */
const announcedParts = 9_000;
/** Metadata that tells our object from somebody else's of the same key. */
const mark = 'drillbook-write';

/**
 * Puts content as it comes: one request where it is small, else in parts without a copy on disk. Whether it took is not
 * guessed: each write marks its object, and after an unclear end the object is looked at. Throws a `BackupError`, or
 * whatever the source threw; nothing is left then.
 */
export async function upload(
  access: Access,
  key: string,
  content: Content,
  options: PutOptions & { readonly createOnly: boolean },
): Promise<{ bytes: number }> {
  const { client, address } = access;
  const { createOnly, contentType, expect = 0, signal } = options;
  const name = { Bucket: address.bucket, Key: access.full(key) };
  // Asked before the bytes move: it saves an hour's upload, and stands in where a service ignores the condition.
  if (createOnly && typeof (await look(access, key)) === 'object') throw alreadyThere(access.where(key));
  const token = randomUUID();
  const parameters: Parameters = {
    ...name,
    Metadata: { [mark]: token },
    ...(contentType === undefined ? {} : { ContentType: contentType }),
    ...(address.storageClass === undefined ? {} : { StorageClass: address.storageClass as 'STANDARD' }),
  };
  const source = watched(chunksOf(content), signal);
  const pieces = piecesOf(source.chunks, Math.max(address.partBytes, Math.ceil(expect / announcedParts)));
  let commit: Commit | undefined;
  try {
    const first = (await pieces.next())!;
    const whole = pieces.ended();
    signal?.throwIfAborted();
    commit = commitOf(client, createOnly, whole);
    if (whole)
      await commit.send((condition) => new PutObjectCommand({ ...parameters, Body: first, ...condition }));
    else await uploadInParts(access, parameters, before(first, pieces), commit, source.stop);
  } catch (error) {
    const stopped = signal?.aborted === true;
    const ours = commit?.sent() === true && isOurs(await look(access, key), token, source.bytes());
    if (ours && !stopped) return { bytes: source.bytes() };
    if (ours) await client.send(new DeleteObjectCommand(name)).catch(() => {});
    if (stopped) throw new BackupError('aborted', 'Stopped as asked; nothing was left in the store.', error);
    if (source.failure() !== undefined) throw source.failure();
    throw trouble(error, 'write', access, key);
  } finally {
    source.stop.abort();
    void source.chunks.return(undefined).catch(() => {});
  }
  const found = await look(access, key);
  if (found === undefined || (typeof found === 'object' && found.token !== token))
    throw new BackupError(
      'store',
      `${access.where(key)} is not what was just written: somebody else wrote it at the same moment, or the store lost it.`,
    );
  if (typeof found === 'object' && found.bytes !== source.bytes()) {
    await client.send(new DeleteObjectCommand(name)).catch(() => {});
    throw new BackupError(
      'store',
      `${access.where(key)} has ${found.bytes} of the ${source.bytes()} bytes that were sent; it was removed again. Something between here and the store cuts requests.`,
    );
  }
  return { bytes: source.bytes() };
}

/** Pieces with the one that was taken already in front. */
function before(first: Buffer, pieces: Pieces): Pieces {
  let held: Buffer | undefined = first;
  return {
    ...pieces,
    next: async () => {
      const next = held ?? (await pieces.next());
      held = undefined;
      return next;
    },
  };
}

type Found = { readonly bytes: number | undefined; readonly token: string | undefined };

/** What has a key now; undefined where nothing has, `unknown` where these credentials may not look. */
async function look(access: Access, key: string): Promise<Found | undefined | 'unknown'> {
  try {
    const head = await access.client.send(
      new HeadObjectCommand({ Bucket: access.address.bucket, Key: access.full(key) }),
    );
    return { bytes: head.ContentLength, token: head.Metadata?.[mark] };
  } catch (error) {
    return refusal(error).status === 404 ? undefined : 'unknown';
  }
}

function isOurs(found: Found | undefined | 'unknown', token: string, bytes: number): boolean {
  return typeof found === 'object' && found.token === token && found.bytes === bytes;
}

/** Passes a source on, counts it, keeps what it threw, and ends it when the signal aborts or `stop` does. */
function watched(source: AsyncIterable<Uint8Array>, signal: AbortSignal | undefined) {
  const stop = new AbortController();
  const both = stop.signal;
  const onAbort = () => stop.abort();
  if (signal?.aborted) onAbort();
  signal?.addEventListener('abort', onAbort, { once: true });
  both.addEventListener('abort', () => signal?.removeEventListener('abort', onAbort), { once: true });
  let bytes = 0;
  let failure: unknown;
  async function* pass(): AsyncGenerator<Uint8Array> {
    const iterator = source[Symbol.asyncIterator]();
    let open = true;
    try {
      for (;;) {
        const next = await unlessStopped(iterator.next(), both);
        open = next.done !== true;
        if (!open) return;
        bytes += next.value.length;
        yield next.value;
      }
    } catch (error) {
      if (!both.aborted) failure = error;
      throw error;
    } finally {
      // Not awaited: a source that stands still would hold the end up.
      if (open) void iterator.return?.()?.catch(() => {});
    }
  }
  return { chunks: pass(), stop, bytes: () => bytes, failure: () => failure };
}

/** A promise that rejects when the signal aborts first. Racing one lasting promise would keep every chunk in memory. */
function unlessStopped<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(new DOMException('stopped', 'AbortError'));
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
