import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { BackupError } from '../../error.ts';
import type { Access } from './access.ts';
import type { Commit, Parameters } from './commit.ts';

/** Parts in flight at once: with the one that is filled, what an upload holds in memory. */
const inFlight = 4;
/** S3 takes no more. */
const mostParts = 10_000;

/**
 * Uploads what the pieces give in parts of one size, from a few buffers that are used again and again: memory does not
 * grow with the upload. The first failure stops the rest. Throws what the pieces or the first failed request threw, and
 * whatever the end, no part is left behind where the service can still be reached.
 */
export async function uploadInParts(
  access: Access,
  parameters: Parameters,
  pieces: Pieces,
  commit: Commit,
  stop: AbortController,
): Promise<void> {
  const { client, address } = access;
  const { Bucket, Key } = parameters;
  const checked = address.checksums === 'WHEN_SUPPORTED' ? { ChecksumAlgorithm: 'CRC32' as const } : {};
  // Waited for whatever happens: cut off, it could leave an upload that nobody knows the name of.
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ ...parameters, ...checked }));
  const done: CompletedPart[] = [];
  const flying = new Set<Promise<void>>();
  let failed: { readonly error: unknown } | undefined;
  const send = async (PartNumber: number, filled: Buffer) => {
    try {
      const { ETag, ChecksumCRC32 } = await client.send(
        new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body: filled, ...checked }),
        { abortSignal: stop.signal },
      );
      done.push({ PartNumber, ETag, ...(ChecksumCRC32 === undefined ? {} : { ChecksumCRC32 }) });
    } catch (error) {
      failed ??= { error };
      stop.abort();
    } finally {
      pieces.giveBack(filled);
    }
  };
  try {
    for (let number = 1; ; number += 1) {
      const filled = await pieces.next();
      if (failed !== undefined || filled === undefined) break;
      if (number > mostParts)
        throw new BackupError(
          'store',
          `${access.where()} takes ${mostParts} parts, and this is more. Write a greater part-size into the store's address.`,
        );
      const flight: Promise<void> = send(number, filled).finally(() => flying.delete(flight));
      flying.add(flight);
      if (flying.size >= inFlight) await Promise.race(flying);
    }
    await Promise.all(flying);
    if (failed !== undefined) throw failed.error;
    stop.signal.throwIfAborted();
    const Parts = done.sort((a, b) => a.PartNumber! - b.PartNumber!);
    await commit.send(
      (condition) =>
        new CompleteMultipartUploadCommand({
          Bucket,
          Key,
          UploadId,
          MultipartUpload: { Parts },
          ...condition,
        }),
    );
  } catch (error) {
    stop.abort();
    // The parts first: one that arrives after the upload was taken away would stay.
    await Promise.all(flying);
    // Where the service can't be reached any more, its lifecycle rule takes them away.
    await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId })).catch(() => {});
    throw failed?.error ?? error;
  }
}

/** A source as buffers of one size; who has used one gives it back. */
export interface Pieces {
  /** The next bytes, full but for the last; undefined after it. */
  next(): Promise<Buffer | undefined>;
  giveBack(filled: Buffer): void;
  /** True when the source has ended. */
  ended(): boolean;
}

/** Fills buffers of `size` bytes from a source. An empty source gives one empty piece. */
export function piecesOf(source: AsyncGenerator<Uint8Array>, size: number): Pieces {
  const free: Buffer[] = [];
  let rest: Uint8Array = new Uint8Array(0);
  let ended = false;
  let given = 0;
  return {
    next: async () => {
      if (ended && rest.length === 0 && given > 0) return undefined;
      const buffer = free.pop() ?? Buffer.allocUnsafeSlow(size);
      let at = 0;
      // One chunk is read ahead, so that the last piece is known as the last.
      while (!ended && (at < size || rest.length === 0)) {
        const room = Math.min(size - at, rest.length);
        buffer.set(rest.subarray(0, room), at);
        at += room;
        rest = rest.subarray(room);
        if (rest.length > 0) break;
        const next = await source.next();
        if (next.done) ended = true;
        else rest = next.value;
      }
      const room = Math.min(size - at, rest.length);
      buffer.set(rest.subarray(0, room), at);
      rest = rest.subarray(room);
      given += 1;
      return buffer.subarray(0, at + room);
    },
    giveBack: (filled) => {
      free.push(Buffer.from(filled.buffer, 0, size));
    },
    ended: () => ended && rest.length === 0,
  };
}
