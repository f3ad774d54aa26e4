import type { Decision } from './decision.ts';
import type { Intent } from './intent.ts';
import type { OutputReader } from './output-reader.ts';
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
  /**
   * The recorded output of an attempt from end to end, while it comes in too; undefined where nothing was recorded. The
   * caller closes it.
   */
  openOutput(command: string, attempt: number): Promise<OutputReader | undefined>;
  /** Shows the recorded output of an attempt in the operator's pager, in the terminal that `lender` lends. */
  page(command: string, attempt: number): Promise<void>;
  /** Who lends the terminal to interactive commands; without one they fail with a sentence that says so. */
  lender: TerminalLender | undefined;
  /** Gives back locks and files. The run stays as its journal says. */
  close(): Promise<void>;
}

export interface TerminalLender {
  /**
   * Takes the screen away, runs the task with the terminal in its hands, brings the screen back: after Enter, so that
   * what the task left can be read, or at once where it leaves nothing (`atOnce`).
   */
  lend<T>(task: () => Promise<T>, options?: { readonly atOnce?: boolean }): Promise<T>;
}

/** How long a command took before, of those times that it succeeded; milliseconds. */
export interface LiveTypical {
  readonly count: number;
  readonly median: number;
  readonly shortest: number;
  readonly longest: number;
  /** The longest time in which it printed nothing; none where that was never worth a word. */
  readonly silent?: number;
}

/** Programs that tell how far they are. */
export type ProgressSource = 'pg_restore' | 'pg_dump' | 'aws' | 'curl' | 'drillbook';

/** How far a command is, as it said itself. */
export interface LiveProgress {
  readonly done: number;
  readonly total?: number;
  readonly unit: 'bytes' | 'items' | 'percent';
  /** 0 to 100, where the total is known. */
  readonly percent?: number;
  /** Which program told it. */
  readonly source: ProgressSource;
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
  /** How long this command took in earlier runs on this machine. */
  readonly typical?: LiveTypical | undefined;
  /** When it is stopped for taking too long, from its start; milliseconds. */
  readonly timeoutMs?: number | undefined;
  /** Nothing has come for so long that somebody should look. A flag: nothing is stopped. */
  readonly silent?: boolean;
  /** Bytes that came from standard error; none where the command has the terminal, where the two are one. */
  readonly stderrBytes?: number;
  /** Which rung of the stop ladder was taken last. */
  readonly stopping: 'SIGINT' | 'SIGTERM' | 'SIGKILL' | undefined;
  /** How far the command is, where it can be known; honest elapsed time is all there is otherwise. */
  readonly progress?: LiveProgress | undefined;
  /**
   * The last rows as a terminal of that width would show them: carriage returns applied, wide glyphs counted,
   * no control sequence left but SGR colours.
   */
  tail(rows: number, columns: number): readonly string[];
  /** The same of what came from standard error alone. */
  stderrTail?(rows: number, columns: number): readonly string[];
}
