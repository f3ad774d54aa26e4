import { spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { BackupError } from './error.ts';

/** How much of the end of stderr is kept for the error message; lines. */
const keptLines = 40;
/** How long a child may take to end after SIGTERM; ms. */
const grace = 5_000;

export interface Child {
  readonly stdin: Writable;
  readonly stdout: Readable;
  /** Resolves when the process has ended; never rejects. */
  readonly ended: Promise<ChildEnd>;
  /** Ends the process, hard after a grace. */
  stop(): void;
}

export interface ChildEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The last lines of stderr. */
  readonly said: readonly string[];
  /** Set where the program could not be started at all. */
  readonly error?: Error;
}

/**
 * Starts a program without a shell. `onLine` gets each line of stderr. Somebody must read stdout, else the program
 * stands still when the pipe is full.
 */
export function start(
  path: string,
  args: readonly string[],
  options: {
    readonly environment?: NodeJS.ProcessEnv;
    readonly signal?: AbortSignal;
    readonly onLine?: (line: string) => void;
  } = {},
): Child {
  const process = spawn(path, args, {
    env: options.environment,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const said: string[] = [];
  let rest = '';
  const take = (line: string) => {
    said.push(line.slice(0, 2_000));
    if (said.length > keptLines) said.shift();
    options.onLine?.(line);
  };
  process.stderr.setEncoding('utf8');
  process.stderr.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = (lines.pop() ?? '').slice(-8_000);
    lines.forEach(take);
  });
  // A program that stops reading early is told by its exit code, not by the broken pipe.
  process.stdin.on('error', () => {});
  let timer: NodeJS.Timeout | undefined;
  const stop = () => {
    if (process.exitCode !== null || process.signalCode !== null || timer !== undefined) return;
    process.kill('SIGTERM');
    timer = setTimeout(() => process.kill('SIGKILL'), grace);
    timer.unref();
  };
  if (options.signal?.aborted) stop();
  options.signal?.addEventListener('abort', stop, { once: true });
  const ended = new Promise<ChildEnd>((resolve) => {
    const settle = (end: Omit<ChildEnd, 'said'>) => {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', stop);
      if (rest !== '') take(rest);
      rest = '';
      resolve({ ...end, said });
    };
    process.once('error', (error) => settle({ code: null, signal: null, error }));
    process.once('close', (code, signal) => settle({ code, signal }));
  });
  return { stdin: process.stdin, stdout: process.stdout, ended, stop };
}

/** Undefined for a good end, else the error to throw: what the tool said last, and how it ended. */
export function endTrouble(tool: string, end: ChildEnd): BackupError | undefined {
  if (end.error !== undefined)
    return new BackupError('tool', `${tool} could not be started: ${end.error.message}.`, end.error);
  if (end.code === 0) return undefined;
  const errors = end.said.filter((line) => /error|fatal|detail|hint/i.test(line));
  const words = (errors.length > 0 ? errors : end.said).slice(-6).join(' | ').trim();
  const how = end.signal === null ? `exit code ${end.code}` : `signal ${end.signal}`;
  return new BackupError('dump', `${tool} failed (${how})${words === '' ? '' : `: ${words}`}`);
}
