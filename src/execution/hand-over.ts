import { writeSync } from 'node:fs';
import { constants } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { execa } from 'execa';
import type { Exit } from '../run/event.ts';
import type { Terminal } from '../terminal/enter.ts';
import { leftBehindModes } from '../terminal/modes.ts';
import type { Invocation } from './invocation.ts';
import { loadPty, ptyEnd } from './pseudo-terminal.ts';
import type { Redaction } from './redaction.ts';

/** The terminal that is handed over. */
export type LentTerminal = Terminal;

export interface HandOver {
  readonly bash: string;
  readonly invocation: Invocation;
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly redaction: Redaction;
  readonly terminal: LentTerminal;
  /** Does without the pseudo-terminal, as where the native module is missing. */
  readonly plain: boolean;
  /** Masked output for the record; never input. */
  readonly onChunk: (chunk: Buffer) => void;
  readonly onResize: (columns: number, rows: number) => void;
  readonly onSpawned: (pid: number) => void;
}

export interface HandOverEnd {
  readonly exit: Exit;
  /** False where there was no pseudo-terminal to look through. */
  readonly recorded: boolean;
}

/** How long output may rest in the mask before the operator sees it, in milliseconds: an echo must not wait for its word. */
const echoMs = 25;

/** Gives a prepared command the whole terminal and takes it back. The caller's own screen must be away. */
export async function handOver(task: HandOver): Promise<HandOverEnd> {
  const { input } = task.terminal;
  const wasRaw = input.isRaw === true;
  // Whoever read the keys before has taken its listener away but not stopped the stream: what is pressed from here on
  // must wait for the child.
  await setImmediate();
  input.pause();
  await setImmediate();
  const module = task.plain ? undefined : await loadPty();
  try {
    if (!module) return await plainly(task);
    if (input.isTTY) input.setRawMode(true);
    await outputProcessing(task.terminal, false);
    return await throughPty(task, module);
  } finally {
    input.pause();
    if (module) await outputProcessing(task.terminal, true);
    if (input.isTTY) input.setRawMode(wasRaw);
  }
}

async function throughPty(
  task: HandOver,
  module: NonNullable<Awaited<ReturnType<typeof loadPty>>>,
): Promise<HandOverEnd> {
  const { input, output } = task.terminal;
  const pty = module.spawn(task.bash, [...task.invocation.arguments], {
    name: task.environment.TERM || 'xterm-256color',
    cols: output.columns || 80,
    rows: output.rows || 24,
    cwd: task.folder,
    env: { ...task.environment, ...task.invocation.environment },
    encoding: null,
  });
  task.onSpawned(pty.pid);

  const shown = task.redaction.stream({ keepWidth: true });
  const recorded = task.redaction.stream({ keepWidth: true });
  const modes = leftBehindModes();
  let echo: NodeJS.Timeout | undefined;
  const ended = ptyEnd(pty, (bytes) => {
    clearTimeout(echo);
    show(shown.push(bytes));
    task.onChunk(recorded.push(bytes));
    echo = setTimeout(() => show(shown.flush()), echoMs);
  });
  const show = (chunk: Buffer) => {
    if (chunk.length === 0) return;
    modes.see(chunk);
    // A terminal that takes its bytes slowly holds the child up, as it would without us.
    if (!output.write(chunk)) {
      pty.pause();
      output.once('drain', () => pty.resume());
    }
  };

  const type = (keys: Buffer) => pty.write(keys as unknown as string);
  const resize = () => {
    try {
      pty.resize(output.columns || 80, output.rows || 24);
      task.onResize(output.columns || 80, output.rows || 24);
    } catch {
      // The child has just ended.
    }
  };
  input.on('data', type);
  input.resume();
  output.on('resize', resize);
  // Where this process ends before the child does, nobody else knows what the child did to the terminal.
  const giveBack = () => restoreNow(output, modes.restoring());
  process.on('exit', giveBack);
  try {
    const { code, signal } = await ended;
    clearTimeout(echo);
    show(shown.end());
    task.onChunk(recorded.end());
    const restoring = modes.restoring();
    if (restoring !== '') output.write(restoring);
    return {
      exit: signal > 0 ? { kind: 'signal', signal: signalName(signal) } : { kind: 'code', code },
      recorded: true,
    };
  } finally {
    process.off('exit', giveBack);
    output.off('resize', resize);
    input.off('data', type);
    input.pause();
  }
}

/**
 * Node's raw mode leaves the terminal turning each newline into carriage return and newline. The child's own terminal has
 * done that already where it is wanted; a full-screen program that moves down by a newline must not be sent to the left.
 */
async function outputProcessing(terminal: LentTerminal, on: boolean): Promise<void> {
  const descriptor = (terminal.input as { fd?: number }).fd;
  if (!terminal.input.isTTY || descriptor === undefined) return;
  await execa('stty', [on ? 'opost' : '-opost'], {
    // execa hands any descriptor on; its types know numbers for the fourth and later ones only.
    stdio: [descriptor as unknown as 'inherit', 'ignore', 'ignore'],
    reject: false,
  });
}

/** Synchronous: an exiting process does not wait for a stream. */
function restoreNow(output: LentTerminal['output'], sequences: string): void {
  const { fd } = output as { readonly fd?: number };
  if (sequences === '' || fd === undefined) return;
  try {
    writeSync(fd, sequences);
  } catch {
    // The terminal is gone, too.
  }
}

/** The terminal itself for the child: nothing in between, so nothing recorded. */
async function plainly(task: HandOver): Promise<HandOverEnd> {
  const { input } = task.terminal;
  if (input.isTTY) input.setRawMode(false);
  // Ctrl+C goes to everybody on the terminal; it is meant for the child.
  const ignore = () => {};
  process.on('SIGINT', ignore);
  process.on('SIGQUIT', ignore);
  try {
    const subprocess = execa(task.bash, task.invocation.arguments as string[], {
      cwd: task.folder,
      env: { ...task.environment, ...task.invocation.environment } as Record<string, string>,
      extendEnv: false,
      buffer: false,
      reject: false,
      stdio: 'inherit',
    });
    if (subprocess.pid !== undefined) task.onSpawned(subprocess.pid);
    const ended = await subprocess;
    const exit: Exit =
      ended.exitCode !== undefined
        ? { kind: 'code', code: ended.exitCode }
        : ended.signal !== undefined
          ? { kind: 'signal', signal: ended.signal }
          : { kind: 'not-started', error: ended.shortMessage ?? 'bash could not be started' };
    return { exit, recorded: false };
  } finally {
    process.off('SIGINT', ignore);
    process.off('SIGQUIT', ignore);
  }
}

function signalName(number: number): string {
  return Object.entries(constants.signals).find(([, value]) => value === number)?.[0] ?? `signal ${number}`;
}
