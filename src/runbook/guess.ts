/** A reading that could have been another one; the screen offers the other with one key. */
export interface Guess {
  readonly reason: string;
  readonly otherwise: string;
}
