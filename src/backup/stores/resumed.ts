import { setTimeout as pause } from 'node:timers/promises';
import { BackupError } from '../error.ts';

/** A download on which nothing comes for this long is taken up anew; ms. */
const standing = 60_000;

/** The rest of an object, from some byte on. */
export interface Rest {
  readonly body: AsyncIterable<Uint8Array> & { destroy(error?: Error): void };
  /** One past the last byte. */
  readonly end: number;
}

/**
 * The bytes of an object over connections that may break: each break is taken up where it happened. Only a break that
 * brought nothing new counts against the tries. `request` asks for the rest from a byte on and must give the same
 * object each time. Throws a `BackupError`.
 */
export async function* resumed(
  first: Rest,
  request: (at: number) => Promise<Rest>,
  options: {
    readonly from: number;
    readonly where: string;
    readonly attempts: number;
    readonly signal?: AbortSignal;
  },
): AsyncGenerator<Buffer> {
  const { where, attempts, signal } = options;
  let rest = first;
  let at = options.from;
  let tries = 1;
  for (;;) {
    const { body } = rest;
    const stop = () => body.destroy(new DOMException('stopped', 'AbortError'));
    signal?.addEventListener('abort', stop, { once: true });
    if (signal?.aborted) stop();
    let broken: unknown;
    try {
      for await (const chunk of lively(body)) {
        at += chunk.length;
        tries = 1;
        yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      }
    } catch (error) {
      broken = error;
    } finally {
      signal?.removeEventListener('abort', stop);
      body.destroy();
    }
    if (signal?.aborted) throw new BackupError('aborted', `Reading ${where} was stopped as asked.`, broken);
    if (broken === undefined && at >= rest.end) return;
    if (tries >= attempts)
      throw new BackupError(
        'unreachable',
        `The connection broke at byte ${at} of ${rest.end} of ${where}, and ${tries} tries brought no more. Check the network, then try again.`,
        broken,
      );
    await pause(Math.min(10_000, 50 * 2 ** tries), undefined, { signal }).catch(() => {});
    tries += 1;
    rest = await request(at);
  }
}

/** A stream that is ended when nothing comes for long; the time that its reader takes does not count. */
async function* lively(body: Rest['body']): AsyncGenerator<Uint8Array> {
  const watch = () =>
    setTimeout(() => body.destroy(new Error(`nothing came for ${standing / 1000} s`)), standing);
  let silence = watch();
  try {
    for await (const chunk of body) {
      clearTimeout(silence);
      yield chunk;
      silence = watch();
    }
  } finally {
    clearTimeout(silence);
  }
}
