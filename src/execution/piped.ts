import type { Socket } from 'node:net';
import { execa } from 'execa';
import type { Exit } from '../run/event.ts';
import { Gatherer } from './gather.ts';
import type { Invocation } from './invocation.ts';
import { OutputFile } from './output-file.ts';
import { makePipes, readPipe } from './pipes.ts';
import type { Redaction } from './redaction.ts';

/** Which of its two outputs a command said something on. */
export type Stream = 'stdout' | 'stderr';

export interface PipedRun {
  readonly bash: string;
  readonly invocation: Invocation;
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly redaction: Redaction;
  readonly file: OutputFile;
  /** Gets what a background process says after its command has ended; made when that happens. */
  readonly lateFile: string;
  /** Masked output, in the order of reading, before it goes to the file. */
  readonly onChunk: (chunk: Buffer, stream: Stream) => void;
  readonly onSpawned: (pid: number) => void;
}

/** How long after the shell's end its outputs may still be open before what holds them counts as left behind. */
const closeGraceMs = 250;

/**
 * Runs a prepared command in a session of its own, with stdin from /dev/null and pipes for stdout and stderr. Resolves
 * when the shell has ended and its output is read. Background processes keep their pipes: what they say goes to
 * `lateFile` for as long as this process lives, so that none is killed by SIGPIPE under our hands.
 */
export async function runInPipes(run: PipedRun): Promise<Exit> {
  const [out, err] = await makePipes(run.invocation.folder, ['stdout', 'stderr']);
  let late: Promise<OutputFile> | undefined;
  let over = false;
  const sockets: Socket[] = [];

  const deliver = (chunk: Buffer, at: number) => {
    if (chunk.length === 0) return;
    if (over) {
      late ??= OutputFile.create(run.lateFile);
      const kept = Buffer.from(chunk);
      void late.then((file) => file.write(kept)).catch(() => {});
      return;
    }
    run.onChunk(chunk, at === 0 ? 'stdout' : 'stderr');
    if (run.file.write(chunk)) {
      for (const socket of sockets) socket.pause();
      void run.file.drained().then(() => {
        for (const socket of sockets) socket.resume();
      });
    }
  };

  const subprocess = execa(run.bash, run.invocation.arguments as string[], {
    cwd: run.folder,
    env: { ...run.environment, ...run.invocation.environment },
    extendEnv: false,
    detached: true,
    cleanup: false,
    buffer: false,
    reject: false,
    // execa hands any descriptor on; its types know numbers for the fourth and later ones only.
    stdio: ['ignore', out!.writing as unknown as 'ignore', err!.writing as unknown as 'ignore'],
  });
  await Promise.all([out!.close(), err!.close()]);

  const streams = [run.redaction.stream(), run.redaction.stream()];
  const gatherer = new Gatherer((at, chunk) => deliver(streams[at]!.push(chunk), at));
  const closed = [out!, err!].map((pipe, at) => {
    const socket = readPipe(pipe.reading, (bytes) => gatherer.take(at, bytes));
    sockets.push(socket);
    return new Promise<void>((resolve) => {
      socket.once('error', () => socket.destroy());
      socket.once('close', () => {
        gatherer.flush();
        deliver(streams[at]!.end(), at);
        resolve();
      });
    });
  });
  if (subprocess.pid !== undefined) run.onSpawned(subprocess.pid);

  const ended = await subprocess;
  const grace = Promise.withResolvers<void>();
  const timer = setTimeout(grace.resolve, closeGraceMs);
  await Promise.race([Promise.all(closed), grace.promise]);
  clearTimeout(timer);
  gatherer.flush();
  for (const [at, stream] of streams.entries()) deliver(stream.end(), at);
  over = true;
  for (const socket of sockets) socket.unref();
  void Promise.all(closed)
    .then(async () => (await late)?.close())
    .catch(() => {});

  if (ended.exitCode !== undefined) return { kind: 'code', code: ended.exitCode };
  if (ended.signal !== undefined) return { kind: 'signal', signal: ended.signal };
  return {
    kind: 'not-started',
    error: `bash could not be started: ${ended.shortMessage ?? 'no reason given'}`,
  };
}
