import { setPriority } from 'node:os';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import type { Document } from './library-document.ts';

/** What a reader says of a file. */
export type ReadingResult =
  | { readonly kind: 'read'; readonly document: Document }
  | { readonly kind: 'failed'; readonly why: string };

/** Reads documents one after the other in a thread of its own, so that keys never wait for one. */
export interface LibraryReader {
  /** Never rejects. One reading at a time. */
  read(path: string): Promise<ReadingResult>;
  close(): Promise<void>;
}

/** A document that is not read after this time, in milliseconds, is given up. */
const patience = 60_000;
/** What a thread may use, in megabytes: a document that needs more ends its thread, not Drillbook. */
const mostMemory = 1500;
const role = 'drillbook-library-reader';

/** Whether a reader leaves the processor to keys and repaints: Linux alone has a priority for each thread. */
export const givesWay = process.platform === 'linux';
/** As `nice` has it. */
const politeness = 10;

/** A reader; its thread is started by the first document and started again where one has ended it. */
export function openLibraryReader(): LibraryReader {
  let worker: Worker | undefined;
  const stop = async () => {
    const ending = worker;
    worker = undefined;
    await ending?.terminate();
  };
  return {
    async read(path) {
      // This same file is the thread's: beside the sources and in a bundle alike.
      worker ??= new Worker(new URL(import.meta.url), {
        workerData: role,
        // The screen is not a thread's to write on.
        stdout: true,
        stderr: true,
        resourceLimits: { maxOldGenerationSizeMb: mostMemory },
      });
      const result = await answer(worker, path);
      if (result.ended) await stop();
      return result.result;
    },
    close: stop,
  };
}

function answer(
  worker: Worker,
  path: string,
): Promise<{ readonly result: ReadingResult; readonly ended: boolean }> {
  return new Promise((resolve) => {
    const finish = (result: ReadingResult, ended: boolean) => {
      clearTimeout(clock);
      // One by one: the thread's own listeners must stay.
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      // A thread that is being ended may still complain.
      if (ended) worker.on('error', () => {});
      resolve({ result, ended });
    };
    const fail = (why: string) => finish({ kind: 'failed', why }, true);
    const onMessage = (result: ReadingResult) => finish(result, false);
    const onError = (error: unknown) =>
      fail(`it could not be read: ${error instanceof Error ? error.message : String(error)}`);
    const onExit = () => fail('the thread that read it has ended');
    const clock = setTimeout(() => fail(`it was not read after ${patience / 1000} seconds`), patience);
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    worker.postMessage(path);
  });
}

async function serve(port: NonNullable<typeof parentPort>): Promise<void> {
  // 0 is the thread that calls. A system that refuses it has its reasons.
  if (givesWay)
    try {
      setPriority(0, politeness);
    } catch {}
  const { readDocument } = await import('./library-document.ts');
  port.on('message', async (path: string) => {
    const result: ReadingResult = await readDocument(path).then(
      (document) => ({ kind: 'read', document }),
      (error: unknown) => ({ kind: 'failed', why: error instanceof Error ? error.message : String(error) }),
    );
    port.postMessage(result);
  });
}

if (!isMainThread && parentPort && workerData === role) void serve(parentPort);
