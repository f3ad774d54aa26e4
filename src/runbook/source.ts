import type { Range } from './range.ts';

/** The text of a document, able to tell lines and columns. Lines end with LF, CRLF or CR. */
export interface Source {
  readonly text: string;
  /** Offsets at which lines start; line 1 is at index 0. */
  readonly starts: readonly number[];
  /** A range from two offsets, clamped to the text. */
  range(start: number, end: number): Range;
  /** The number of the line, from 1, that holds the offset. */
  lineAt(offset: number): number;
  /** A line's span without its line ending; line numbers count from 1. */
  line(number: number): { readonly start: number; readonly end: number };
}

/** Indexes a text once; every later question is a binary search. */
export function openSource(text: string): Source {
  const starts = [0];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 10 || (code === 13 && text.charCodeAt(at + 1) !== 10)) starts.push(at + 1);
  }
  const lineAt = (offset: number): number => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  };
  const line = (number: number) => {
    const start = starts[number - 1] ?? text.length;
    let end = starts[number] ?? text.length;
    while (end > start && (text.charCodeAt(end - 1) === 10 || text.charCodeAt(end - 1) === 13)) end--;
    return { start, end };
  };
  const range = (from: number, to: number): Range => {
    const start = Math.max(0, Math.min(from, text.length));
    const end = Math.max(start, Math.min(to, text.length));
    const first = lineAt(start);
    const last = lineAt(end);
    return {
      start,
      end,
      line: first,
      column: start - starts[first - 1]! + 1,
      endLine: last,
      endColumn: end - starts[last - 1]! + 1,
    };
  };
  return { text, starts, range, lineAt, line };
}
