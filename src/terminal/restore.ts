import { writeSync } from 'node:fs';

/** What a screen of ours may have changed: cursor, colours, mouse, bracketed paste, focus reports, synchronized output, keypad keys. */
const restoring =
  '\x1b[?2026l\x1b[?25h\x1b[0m\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?1004l\x1b[?2004l\x1b[?1l\x1b>';

interface Terminal {
  readonly input: { readonly isTTY?: boolean; setRawMode?(on: boolean): unknown };
  readonly output: { readonly isTTY?: boolean; readonly fd?: number; write(text: string): unknown };
}

/** Signals that end the process. */
const endings = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;
/**
 * Whichever signal it was: a script learns from one code that the run was interrupted and can be taken up again, at a
 * terminal as without one. The process ends by itself, so no shell adds 128 to anything.
 */
const interrupted = 130;

export interface Guarding {
  /** Gives the terminal back now: for a hand-over or a stop by Ctrl+Z. May be called more than once. */
  restore(): void;
  /** Takes the handlers away; the terminal is restored first. */
  release(): void;
}

/** Gives a terminal back at once, whatever a screen of ours left on. */
function giveBack(terminal: Terminal): void {
  try {
    if (terminal.input.isTTY) terminal.input.setRawMode?.(false);
  } catch {
    // The terminal is gone (SIGHUP): there is nothing to give back.
  }
  if (!terminal.output.isTTY) return;
  try {
    // Synchronous: an exiting process does not wait for a stream.
    if (terminal.output.fd === undefined) terminal.output.write(restoring);
    else writeSync(terminal.output.fd, restoring);
  } catch {
    // As above.
  }
}

/**
 * Gives the terminal back when an error that nobody caught ends the process, and says it in words before. For screens
 * that end by themselves in every other case. Returns what takes it away again.
 */
export function guardAgainstFaults(
  terminal: Terminal = { input: process.stdin, output: process.stdout },
): () => void {
  const onError = (error: unknown) => failed(terminal, error);
  process.on('uncaughtException', onError);
  process.on('unhandledRejection', onError);
  return () => {
    process.off('uncaughtException', onError);
    process.off('unhandledRejection', onError);
  };
}

function failed(terminal: Terminal, error: unknown): never {
  // What a library puts on the screen while the process ends comes before this.
  process.on('exit', () => giveBack(terminal));
  giveBack(terminal);
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  try {
    writeSync(2, `${text}\n`);
  } catch {
    // No standard error either.
  }
  process.exit(1);
}

/**
 * Gives the terminal back however the process ends: by itself, by SIGINT, SIGTERM, SIGHUP or SIGQUIT, or by an error that
 * nobody caught. Install it before the first frame. `leave` is called once for a signal and may tidy up (write what is
 * not yet on disk); the process ends when its promise has settled, or after two seconds, or at the second signal.
 */
export function guardTerminal(
  leave: (signal: NodeJS.Signals) => Promise<void> | void = () => {},
  terminal: Terminal = { input: process.stdin, output: process.stdout },
): Guarding {
  const restore = () => giveBack(terminal);

  let leaving = false;
  const onSignal = (signal: NodeJS.Signals) => {
    restore();
    if (leaving) process.exit(interrupted);
    leaving = true;
    setTimeout(() => process.exit(interrupted), 2000).unref();
    void Promise.resolve()
      .then(() => leave(signal))
      .catch(() => {})
      .finally(() => process.exit(interrupted));
  };
  const onError = (error: unknown) => failed(terminal, error);

  for (const signal of endings) process.on(signal, onSignal);
  process.on('uncaughtException', onError);
  process.on('unhandledRejection', onError);
  process.on('exit', restore);
  return {
    restore,
    release() {
      restore();
      for (const signal of endings) process.off(signal, onSignal);
      process.off('uncaughtException', onError);
      process.off('unhandledRejection', onError);
      process.off('exit', restore);
    },
  };
}
