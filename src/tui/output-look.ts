import type { Place, Row } from '../run/output-reader.ts';

/** What the viewer shows at a moment. */
export interface OutputLook {
  /** The rows of the window, at most as many as fit; undefined before the first look at the file. */
  readonly rows: readonly Row[] | undefined;
  /** Which of them is marked. */
  readonly mark: number;
  /** The line from which on lines are selected, up to the marked one. */
  readonly anchor: Place | undefined;
  readonly following: boolean;
  readonly wrap: boolean;
  /** Bytes of the output, and how far down the last row shown is, 0–1. */
  readonly size: number;
  readonly seen: number;
  readonly query: string;
  readonly searching: boolean;
  /** What came of the last key, where that is not to be seen. */
  readonly message: string;
}

/** Before anything was read: at the end, following. */
export function firstLook(size: number): OutputLook {
  return {
    rows: undefined,
    mark: 0,
    anchor: undefined,
    following: true,
    wrap: true,
    size,
    seen: 1,
    query: '',
    searching: false,
    message: '',
  };
}

/** Whether two places are the same row. */
export function samePlace(a: Place, b: Place): boolean {
  return a.offset === b.offset && a.row === b.row;
}

/** Whether a row stands further down than another one. */
export function isBehind(a: Place, b: Place): boolean {
  return a.offset > b.offset || (a.offset === b.offset && a.row > b.row);
}
