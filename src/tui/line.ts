import stringWidth from 'string-width';
import { sanitise } from '../terminal/sanitise.ts';
import type { Tone } from './theme.ts';

/** A stretch of text with one look. `text` never holds a line break or a control character of somebody else's. */
export interface Span {
  readonly text: string;
  readonly tone?: Tone;
  readonly bold?: boolean;
  readonly dim?: boolean;
  readonly inverse?: boolean;
  readonly underline?: boolean;
  /** Where a terminal that knows links goes to: printable ASCII without blanks. */
  readonly link?: string;
}

/** One row of the screen. Screens are lists of these, so that their height is known before anything is drawn. */
export type Line = readonly Span[];

export type Look = Omit<Span, 'text'>;

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Text from anywhere as one safe stretch: control characters out, line breaks and tabs as a blank. */
export function span(text: string, look: Look = {}): Span {
  return { ...look, text: sanitise(text).replace(/[\r\n\t]+/g, ' ') };
}

/** A row out of strings and spans. */
export function line(...parts: readonly (string | Span)[]): Line {
  return parts.map((part) => (typeof part === 'string' ? span(part) : part));
}

export const blank: Line = [];

/** Columns that a string takes in a terminal. */
export function columnsOf(text: string): number {
  return stringWidth(text);
}

/** Columns that a row takes in a terminal. */
export function widthOf(row: Line): number {
  return row.reduce((sum, part) => sum + stringWidth(part.text), 0);
}

/** The row cut to a width, with an ellipsis where something was cut. Wide glyphs are never halved. */
export function clip(row: Line, width: number): Line {
  if (width <= 0) return [];
  if (widthOf(row) <= width) return row;
  return [...take(row, width - 1).taken, { ...(row.at(-1) ?? {}), text: '…' }];
}

/** A text cut to a width at its beginning: of a path, the end says which it is. */
export function clipStart(text: string, width: number): string {
  if (columnsOf(text) <= width) return text;
  let kept = '';
  for (const { segment } of [...graphemes.segment(text)].reverse()) {
    if (columnsOf(segment + kept) > width - 1) break;
    kept = segment + kept;
  }
  return `…${kept}`;
}

/** The row filled up with blanks to exactly a width, or cut to it. */
export function padded(row: Line, width: number): Line {
  const cut = clip(row, width);
  const rest = width - widthOf(cut);
  return rest > 0 ? [...cut, { text: ' '.repeat(rest) }] : cut;
}

/** Two things on one row, one at each end; the left one gives way. */
export function between(left: Line, right: Line, width: number): Line {
  const kept = clip(right, width);
  const room = width - widthOf(kept) - 1;
  return room <= 0 ? kept : [...padded(left, room), { text: ' ' }, ...kept];
}

/** The first `width` columns of a row, and what is left. */
function take(row: Line, width: number): { readonly taken: Line; readonly rest: Line } {
  const taken: Span[] = [];
  let room = width;
  for (const [index, part] of row.entries()) {
    const partWidth = stringWidth(part.text);
    if (partWidth <= room) {
      taken.push(part);
      room -= partWidth;
      continue;
    }
    let end = 0;
    for (const { segment } of graphemes.segment(part.text)) {
      const segmentWidth = stringWidth(segment);
      if (segmentWidth > room) break;
      room -= segmentWidth;
      end += segment.length;
    }
    if (end > 0) taken.push({ ...part, text: part.text.slice(0, end) });
    return { taken, rest: [{ ...part, text: part.text.slice(end) }, ...row.slice(index + 1)] };
  }
  return { taken, rest: [] };
}

/**
 * A row broken at the width with every blank kept: for commands and output, whose blanks count. With `atBlanks` a
 * blank near the end of the row is taken to break at, so that names stay whole.
 */
export function breakLine(row: Line, width: number, atBlanks = false): readonly Line[] {
  if (width < 2) return [];
  const rows: Line[] = [];
  for (let rest = row; ; ) {
    const cut = atBlanks ? takeToBlank(rest, width) : take(rest, width);
    // A glyph that is wider than the whole column can only be left out.
    if (cut.taken.length === 0 && cut.rest.length > 0) {
      rest = withoutFirst(cut.rest);
      continue;
    }
    rows.push(cut.taken);
    if (cut.rest.length === 0) return rows;
    rest = cut.rest;
  }
}

/** Like `take`, up to the last blank in the second half of the row, where something is left over and there is one. */
function takeToBlank(row: Line, width: number): { readonly taken: Line; readonly rest: Line } {
  const cut = take(row, width);
  if (cut.rest.length === 0) return cut;
  const text = plain(cut.taken);
  const blankAt = text.lastIndexOf(' ');
  return blankAt * 2 < text.length ? cut : take(row, stringWidth(text.slice(0, blankAt + 1)));
}

/** A row without its first glyph. */
function withoutFirst([first, ...others]: Line): Line {
  if (!first) return [];
  for (const { segment } of graphemes.segment(first.text))
    return first.text.length > segment.length
      ? [{ ...first, text: first.text.slice(segment.length) }, ...others]
      : others;
  return others;
}

/** Spans as paragraph text, broken between words, with the rows after the first moved in by `indent` columns. */
export function wrap(spans: Line, width: number, indent = 0): readonly Line[] {
  const rows: Line[] = [];
  const start = (): { row: Span[]; used: number } =>
    rows.length === 0 || indent === 0
      ? { row: [], used: 0 }
      : { row: [{ text: ' '.repeat(indent) }], used: indent };
  let current = start();
  const flush = (): void => {
    rows.push(current.row);
    current = start();
  };
  for (const part of spans) {
    for (const word of part.text.split(/( +)/)) {
      if (word === '') continue;
      const wordWidth = stringWidth(word);
      if (current.used + wordWidth <= width) {
        current.row.push({ ...part, text: word });
        current.used += wordWidth;
        continue;
      }
      if (/^ +$/.test(word)) {
        flush();
        continue;
      }
      if (current.used > (rows.length === 0 ? 0 : indent)) flush();
      const pieces = breakLine([{ ...part, text: word }], Math.max(2, width - current.used));
      for (const [index, piece] of pieces.entries()) {
        if (index > 0) flush();
        current.row.push(...piece);
        current.used += widthOf(piece);
      }
    }
  }
  if (current.row.length > 0 || rows.length === 0) rows.push(current.row);
  return rows;
}

/** Plain text as wrapped rows with one look; its own line breaks are kept. */
export function wrapText(text: string, width: number, look: Look = {}): readonly Line[] {
  return text.split(/\r?\n/).flatMap((part) => wrap([span(part, look)], width));
}

/** What a row says, without its looks. */
export function plain(row: Line): string {
  return row.map((part) => part.text).join('');
}
