import type { Reading } from '../effects/effect.ts';
import type { BackgroundProcess, RunEvent } from './event.ts';
import type { Guard } from './guard.ts';

/** What `decide` says to an intent. */
export type Decision = Accepted | Guarded | Refused;

/** These events are to be journaled in order, then the action, if any, is carried out. */
export interface Accepted {
  readonly kind: 'accepted';
  readonly events: readonly RunEvent[];
  readonly action?: Action;
}

/** A person must confirm first; send the intent again with a confirmation. */
export interface Guarded {
  readonly kind: 'guarded';
  /** The command's id; `shell` where a shell is asked for. */
  readonly command: string;
  /** Not a command of the runbook is guarded but a shell of the operator's own. */
  readonly shell?: true;
  readonly guard: Extract<Guard, { kind: 'enter' | 'phrase' }>;
  readonly reading: Reading;
  /** What else the operator should see before confirming: connections that go elsewhere. */
  readonly cautions: readonly string[];
}

/** Not now, or not at all. */
export interface Refused {
  readonly kind: 'refused';
  readonly reason: string;
  /** What to do instead. */
  readonly next: string;
  /** A confirmation by override, with a reason, would be taken. */
  readonly overridable: boolean;
  /** True where the intent was well-formed but the phrase or confirmation did not fit: ask again. */
  readonly again?: boolean;
  /** What is journaled all the same: a guard that stopped somebody is a fact of the run. */
  readonly events?: readonly RunEvent[];
  /** Nobody is there who could decide this; a script ends with the exit code for that. */
  readonly needsPerson?: boolean;
}

/** What the edge is asked to do. */
export type Action =
  | {
      readonly kind: 'execute';
      readonly command: string;
      readonly attempt: number;
      readonly text: string;
      readonly interactive: boolean;
      readonly output: string;
      readonly cwd?: string;
      /** A pattern that the output must contain. */
      readonly expect?: string;
      readonly timeoutMs?: number;
      /** So long a silence is worth a word, as the author says. */
      readonly silenceMs?: number;
    }
  /** Ask the server who it is, journal the answer, and decide the same intent again. */
  | { readonly kind: 'identify' }
  | { readonly kind: 'interrupt'; readonly command: string }
  | {
      readonly kind: 'stop-background';
      readonly process: BackgroundProcess;
      readonly signal: 'SIGTERM' | 'SIGKILL';
    }
  | { readonly kind: 'save-file'; readonly part: string; readonly path: string; readonly content: string }
  | { readonly kind: 'open-shell' };
