import type { Item } from './choice.ts';
import type { Estimate } from './estimate.ts';
import type { GuessedBlock } from './guess.ts';
import type { Placeholder, Variable } from './placeholder.ts';
import type { Range } from './range.ts';

/** A part of a runbook that leads to a result, from its heading to the end of its section. */
export interface Procedure {
  /** Slug of the heading, with -2, -3 where repeated. */
  readonly id: string;
  readonly title: string;
  /** The headings above it, outermost first. */
  readonly path: readonly string[];
  readonly range: Range;
  readonly estimate?: Estimate;
  /** What stands before the first step. */
  readonly prose: string;
  readonly items: readonly Item[];
  readonly placeholders: readonly Placeholder[];
  readonly variables: readonly Variable[];
  /** Blocks in its steps that were read by guess, with the other reading; none where nothing was guessed. */
  readonly guesses?: readonly GuessedBlock[];
}
