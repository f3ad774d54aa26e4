import type { Phase } from './phase.ts';

/** What an author added to a fence: ` ```bash {phase=restore timeout=30m} `. All optional. */
export interface Hints {
  readonly phase?: Phase;
  readonly effect?: 'reads' | 'changes' | 'destroys';
  /** Milliseconds. */
  readonly timeout?: number;
  /** Milliseconds without a word after which somebody should look. Nothing is stopped. */
  readonly silence?: number;
  /** A pattern that the output must contain for the command to count as done well. */
  readonly expect?: string;
  readonly interactive?: boolean;
  readonly background?: boolean;
  readonly cwd?: string;
  readonly name?: string;
}
