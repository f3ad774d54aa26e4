import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { DeleteObjectCommand, HeadObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { BackupError } from '../../error.ts';
import { type Content, chunksOf, type PutOptions } from '../../object-store.ts';
import type { Access } from './access.ts';
import { alreadyThere, refusal, trouble } from './trouble.ts';

/** S3 takes so many parts; some room is left for what grows beyond its announcement. */
const mostParts = 9_000;
/** Parts in flight at once: with the one that is filled, what an upload holds in memory. */
const inFlight = 4;
/** Metadata that tells our object from somebody else's of the same key. */
const mark = 'drillbook-write';
/** How often a small object is put again after a conflict with another writer. */
const conflicts = 3;

/**
 * Puts content as it comes: one request where it is small, else a multipart upload without a copy on disk. Whether it
 * took is not guessed: each write marks its object, and after an unclear end the object is looked at. Throws a
 * `BackupError`, or whatever the source threw; nothing is left then.
 */
export async function upload(
  access: Access,
  key: string,
  content: Content,
  options: PutOptions & { readonly createOnly: boolean },
): Promise<{ bytes: number }> {
  const { client, address } = access;
  const name = { Bucket: address.bucket, Key: access.full(key) };
  // Asked before the bytes move: it saves an hour's upload, and stands in where a service ignores the condition.
  if (options.createOnly && typeof (await look(access, key)) === 'object')
    throw alreadyThere(access.where(key));
  const token = randomUUID();
  const source = watched(chunksOf(content), options.signal);
  const sender = senderOf(client, source.stop, source.signal);
  try {
    const sending = new Upload({
      client: sender.client,
      queueSize: inFlight,
      partSize: Math.max(address.partBytes, Math.ceil((options.expect ?? 0) / mostParts)),
      params: {
        ...name,
        Body: Readable.from(source.chunks, { objectMode: false }),
        Metadata: { [mark]: token },
        ...(options.contentType === undefined ? {} : { ContentType: options.contentType }),
        ...(address.storageClass === undefined ? {} : { StorageClass: address.storageClass as 'STANDARD' }),
        ...(options.createOnly ? { IfNoneMatch: '*' } : {}),
      },
    });
    await sending.done();
  } catch (error) {
    const stopped = options.signal?.aborted === true;
    const ours = sender.committing() && isOurs(await look(access, key), token, source.bytes());
    if (ours && !stopped) return { bytes: source.bytes() };
    if (ours) await client.send(new DeleteObjectCommand(name)).catch(() => {});
    if (stopped) throw new BackupError('aborted', 'Stopped as asked; nothing was left in the store.', error);
    if (source.failure() !== undefined) throw source.failure();
    throw trouble(sender.failure() ?? error, 'write', access, key);
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

/** Passes a source on, counts it, keeps what it threw, and ends it when the signal or the sender says so. */
function watched(source: AsyncIterable<Uint8Array>, signal: AbortSignal | undefined) {
  const stop = new AbortController();
  const both = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]);
  let bytes = 0;
  let failure: unknown;
  async function* pass(): AsyncGenerator<Uint8Array> {
    const iterator = source[Symbol.asyncIterator]();
    const ended = Promise.withResolvers<never>();
    ended.promise.catch(() => {});
    const end = () => ended.reject(new DOMException('stopped', 'AbortError'));
    both.addEventListener('abort', end, { once: true });
    if (both.aborted) end();
    let open = true;
    try {
      for (;;) {
        const next = await Promise.race([iterator.next(), ended.promise]);
        open = next.done !== true;
        if (!open) return;
        bytes += next.value.length;
        yield next.value;
      }
    } catch (error) {
      if (!both.aborted) failure = error;
      throw error;
    } finally {
      both.removeEventListener('abort', end);
      // Not awaited: a source that stands still would hold the end up.
      if (open) void iterator.return?.()?.catch(() => {});
    }
  }
  return { chunks: pass(), stop, signal: both, bytes: () => bytes, failure: () => failure };
}

/**
 * The client as an upload uses it. The first failure stops the rest and is kept, because what follows from it says
 * less; parts in flight end when the upload is stopped.
 */
function senderOf(client: S3Client, stop: AbortController, signal: AbortSignal) {
  let failure: unknown;
  let committing = false;
  const send = async (command: { readonly input: Sent }): Promise<unknown> => {
    const kind = kindOf(command.input);
    // Where the service can't be reached any more, its lifecycle rule takes the parts away.
    if (kind === 'abandon') return client.send(command as never).catch(() => undefined);
    committing ||= kind === 'put' || kind === 'complete';
    try {
      return await sendOnce(command, kind);
    } catch (error) {
      failure ??= error;
      stop.abort();
      throw error;
    }
  };
  const sendOnce = async (command: { readonly input: Sent }, kind: ReturnType<typeof kindOf>) => {
    for (let conflict = 1; ; conflict += 1) {
      try {
        // What begins or completes an upload is waited for: cut off, nobody could say whether it took.
        return await client.send(command as never, kind === 'part' ? { abortSignal: signal } : {});
      } catch (error) {
        const { status, code } = refusal(error);
        if (command.input.IfNoneMatch !== undefined && (status === 501 || code === 'NotImplemented'))
          // The service does not know the condition; that nothing had the key was seen before the bytes moved.
          command.input.IfNoneMatch = undefined;
        // An upload in parts can't be completed again after a conflict, and its bytes are gone.
        else if (kind === 'put' && status === 409 && conflict < conflicts) await pause(100 * 2 ** conflict);
        else throw error;
      }
    }
  };
  return {
    client: Object.assign(Object.create(client) as S3Client, { send: send as unknown as S3Client['send'] }),
    failure: () => failure,
    /** True once the request that makes the object was sent. */
    committing: () => committing,
  };
}

interface Sent {
  IfNoneMatch?: string | undefined;
  readonly Body?: unknown;
  readonly UploadId?: string;
  readonly PartNumber?: number;
  readonly MultipartUpload?: unknown;
}

/** By shape: the upload library may carry command classes of its own. */
function kindOf(input: Sent): 'put' | 'begin' | 'part' | 'complete' | 'abandon' {
  if (input.PartNumber !== undefined) return 'part';
  if (input.MultipartUpload !== undefined) return 'complete';
  if (input.UploadId !== undefined) return 'abandon';
  return input.Body === undefined ? 'begin' : 'put';
}
