import type { BackgroundProcess, Exit, OutputRecord, Verdict } from '../run/event.ts';

export type { BackgroundProcess } from '../run/event.ts';

/** How a command ended; the fields that `command-finished` has mean the same here. */
export interface ExecutionResult {
  readonly exit: Exit;
  readonly durationMs: number;
  readonly verdict: Verdict;
  readonly reason?: string;
  readonly output: OutputRecord;
  /** The longest time in which it printed nothing, milliseconds; undefined where a person typed into it meanwhile. */
  readonly silentMs?: number;
  readonly changed: readonly string[];
  /** The same and the rest, as words: `sets NAME`, `cd /x`, `alias ll`. Masked; never a value. */
  readonly stateChanges: readonly string[];
  readonly pipeStatus?: readonly number[];
  /** False where the command had the terminal itself, so that its output is not in the file. */
  readonly recorded: boolean;
  /** What the command left running. */
  readonly background: readonly BackgroundProcess[];
  /** JSON values that the command or its children appended as lines to the file named by DRILLBOOK_REPORT. */
  readonly reports: readonly unknown[];
  /** The command seems to have wanted to prompt: offer to run it with the terminal. */
  readonly needsTerminal?: true;
  /** What went wrong on our side without changing the command's end: output not recorded, state not kept. */
  readonly faults: readonly string[];
}

/** The start of a process, for the journal and for `isAlive`. */
export interface Spawned {
  readonly pid: number;
  readonly birth?: string;
}

export const ladder = ['SIGINT', 'SIGTERM', 'SIGKILL'] as const;
export type Rung = (typeof ladder)[number];
