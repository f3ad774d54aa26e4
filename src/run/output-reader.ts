/** A row of an output: the byte at which its line begins, and which row of the wrapped line it is, from 0. */
export interface Place {
  readonly offset: number;
  readonly row: number;
}

export interface Row {
  readonly place: Place;
  /** Safe for the screen, no wider than asked. */
  readonly text: string;
  /** Its line began in what the command said on its standard error. */
  readonly isError: boolean;
}

/** How rows are made of lines. */
export interface Layout {
  readonly columns: number;
  readonly wrap: boolean;
}

/** The first row of an output. */
export const top: Place = { offset: 0, row: 0 };

/**
 * A recorded output of any length, looked at through a window: every look reads what it shows and a little around it.
 * Offsets are bytes of the file. A search that takes long gives up when its signal is aborted, and rejects with its
 * reason.
 */
export interface OutputReader {
  /** Where the output lies, for `$PAGER`. */
  readonly path: string;
  /** Bytes, as of the last `refresh`. */
  readonly size: number;
  /** Sees what was written since; true where there is more. To follow, go to `bottom` when it says so. */
  refresh(): Promise<boolean>;
  /** So many rows from a place on; fewer where the output ends. */
  rows(from: Place, count: number, layout: Layout): Promise<readonly Row[]>;
  /** The place so many rows further down, or up where `by` is negative; the first or last row where there are no more. */
  move(from: Place, by: number, layout: Layout): Promise<Place>;
  /** The place from which `count` rows reach the end. */
  bottom(count: number, layout: Layout): Promise<Place>;
  /** The row in which a byte is shown. */
  placeOf(offset: number, layout: Layout): Promise<Place>;
  /** The number of the line that holds a byte, from 1. */
  lineNumber(offset: number, signal?: AbortSignal): Promise<number>;
  /** Where a line begins, by its number from 1; the last line where there are fewer. */
  placeOfLine(number: number, signal?: AbortSignal): Promise<Place>;
  /**
   * The next byte after `after` at which a text stands; undefined where there is none. A text without capital letters is
   * found in both cases of ASCII letters. From the byte `until` on it need not be looked for.
   */
  findNext(text: string, after: number, signal?: AbortSignal, until?: number): Promise<number | undefined>;
  /** The last byte before `before` at which a text stands. Before the byte `from` it need not be looked for. */
  findPrevious(
    text: string,
    before: number,
    signal?: AbortSignal,
    from?: number,
  ): Promise<number | undefined>;
  /** Whole lines from the one that holds `from` up to the byte `to`, safe to be copied; at most a megabyte. */
  text(from: number, to: number): Promise<string>;
  close(): Promise<void>;
}
