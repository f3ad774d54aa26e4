import type { Decision } from './decision.ts';
import type { Intent } from './intent.ts';
import type { RecordedEvent, RunState } from './state.ts';

/**
 * A run as the front ends know it: state to select from, intents to dispatch. It is wired in `cli`; `tui` and
 * `plain` get one and know nothing of journals and processes.
 */
export interface Session {
  /** The run's folder. */
  readonly folder: string;
  state(): RunState;
  /** Every event so far, oldest first. */
  events(): readonly RecordedEvent[];
  /** The running command, while there is one. */
  live(): Live | undefined;
  /**
   * Every whole line that a running command prints, redacted and sanitised, in order; a line without its end comes
   * when the command ends.
   */
  onLine(listener: (line: string) => void): () => void;
  /** Called after every change of state and, at most 30 times a second, while output comes in. */
  subscribe(listener: () => void): () => void;
  /** Resolves as soon as the intent is decided and journaled; a command it starts goes on by itself. */
  dispatch(intent: Intent): Promise<Decision>;
  /** Resolves when no command runs any more. */
  settled(): Promise<void>;
  /** The end of the recorded output of an attempt, redacted and sanitised, newest last. */
  output(command: string, attempt: number, rows: number, columns: number): Promise<readonly string[]>;
  /** Who lends the terminal to interactive commands; without one they fail with a sentence that says so. */
  lender: TerminalLender | undefined;
  /** Gives back locks and files. The run stays as its journal says. */
  close(): Promise<void>;
}

export interface TerminalLender {
  /** Takes the screen away, runs the task with the terminal in its hands, brings the screen back. */
  lend<T>(task: () => Promise<T>): Promise<T>;
}

/** How far a command is, as it said itself. */
export interface LiveProgress {
  readonly done: number;
  readonly total?: number;
  readonly unit: 'bytes' | 'items' | 'percent';
  /** Units a second. */
  readonly rate?: number;
  /** Seconds, where total and rate are known. */
  readonly eta?: number;
  /** What it is at, safe for the screen; may be empty. */
  readonly words: string;
}

/** A running command, seen through its output. */
export interface Live {
  readonly command: string;
  readonly attempt: number;
  readonly pid: number | undefined;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** Bytes and lines so far, stdout and stderr together. */
  readonly bytes: number;
  readonly lines: number;
  /** Milliseconds since the last byte. */
  readonly silentFor: number;
  /** Which rung of the stop ladder was taken last. */
  readonly stopping: 'SIGINT' | 'SIGTERM' | 'SIGKILL' | undefined;
  /** How far the command is, where it can be known; honest elapsed time is all there is otherwise. */
  readonly progress?: LiveProgress | undefined;
  /**
   * The last rows as a terminal of that width would show them: carriage returns applied, wide glyphs counted,
   * no control sequence left but SGR colours.
   */
  tail(rows: number, columns: number): readonly string[];
}
