import type { Block } from './block.ts';
import type { Part } from './part.ts';
import type { Range } from './range.ts';

/** A reading that could have been another one; the screen offers the other with one key. */
export interface Guess {
  readonly reason: string;
  readonly otherwise: string;
}

/**
 * A block in the steps of a procedure whose reading is a guess, with what the other reading would give. The parts that
 * it gives now are those of its steps whose range lies in its own. `rereadBlock` changes one for the other.
 */
export interface GuessedBlock {
  /** The block's id. */
  readonly block: string;
  readonly range: Range;
  /** How it is read now. */
  readonly role: Block['role'];
  readonly guess: Guess;
  readonly other: {
    readonly role: Block['role'];
    readonly places: readonly PlacedParts[];
  };
}

/** Parts of a block and the step, by its id, that they stand in. */
export interface PlacedParts {
  readonly step: string;
  readonly parts: readonly Part[];
}
