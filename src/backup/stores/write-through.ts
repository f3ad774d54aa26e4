import type { FileHandle } from 'node:fs/promises';

/** Small writes cost more than what they write; bytes. */
const wholesale = 1 << 20;
/** What is synced while more comes in need not be waited for at the end; bytes. */
const syncedAtOnce = 32 << 20;

/**
 * Writes all of a source to a file: in large pieces, while the next bytes already come in, and synced from time to time,
 * so that little is left to wait for at the end. Errors of the source and of the file come through as they are; no write
 * is under way when it returns.
 */
export async function writeThrough(
  handle: FileHandle,
  source: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
): Promise<void> {
  let writing: Promise<void> = Promise.resolve();
  let syncing: Promise<void> = Promise.resolve();
  let unsynced = 0;
  let chunks: Uint8Array[] = [];
  let bytes = 0;
  const send = async () => {
    await writing;
    if (unsynced >= syncedAtOnce) {
      await syncing;
      syncing = handle.datasync();
      syncing.catch(() => {});
      unsynced = 0;
    }
    writing = writeAll(handle, chunks, bytes);
    // Told at the next turn; until then it is nobody's unhandled rejection.
    writing.catch(() => {});
    unsynced += bytes;
    chunks = [];
    bytes = 0;
  };
  try {
    for await (const chunk of source) {
      signal?.throwIfAborted();
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= wholesale) await send();
    }
    if (bytes > 0) await send();
    await writing;
    await syncing;
  } finally {
    // The handle is closed next; nothing may be under way then.
    await Promise.allSettled([writing, syncing]);
  }
}

async function writeAll(handle: FileHandle, chunks: readonly Uint8Array[], bytes: number): Promise<void> {
  const { bytesWritten } = await handle.writev(chunks);
  if (bytesWritten === bytes) return;
  let rest: Buffer = Buffer.concat(chunks).subarray(bytesWritten);
  while (rest.length > 0) rest = rest.subarray((await handle.write(rest)).bytesWritten);
}
