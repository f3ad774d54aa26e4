import type { Guess } from './guess.ts';
import type { Range } from './range.ts';

/** One code block of the source and how it was read. */
export interface Block {
  readonly id: string;
  readonly range: Range;
  /** The first word of the info string, lower case; empty where the fence has none. */
  readonly tag: string;
  readonly role: 'commands' | 'sample' | 'file' | 'code' | 'log' | 'template';
  readonly content: string;
  readonly closed: boolean;
  readonly reason: string;
  readonly guess?: Guess;
}
