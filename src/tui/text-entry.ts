import type { Press } from './key.ts';
import { columnsOf, type Line, span } from './line.ts';

/** A text being typed. The cursor is an offset in UTF-16 code units, always at the edge of a grapheme. */
export interface TextEntry {
  readonly text: string;
  readonly cursor: number;
}

export function entryOf(text: string): TextEntry {
  return { text, cursor: text.length };
}

/** The text with something put in at the cursor. In a single line, line breaks become blanks. */
export function insert(entry: TextEntry, typed: string, multiline: boolean): TextEntry {
  const unix = typed.replace(/\r\n?/g, '\n');
  // A pasted control character would be neither seen nor meant.
  const clean = unix.replace(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/g, '');
  const put = multiline ? clean : clean.replace(/\n+$/, '').replace(/\n/g, ' ');
  return {
    text: entry.text.slice(0, entry.cursor) + put + entry.text.slice(entry.cursor),
    cursor: entry.cursor + put.length,
  };
}

/** What a key does to a text; undefined for a key that means nothing here. */
export function press(entry: TextEntry, key: Press, multiline: boolean): TextEntry | undefined {
  const { text, cursor } = entry;
  switch (key.name) {
    case 'left':
    case 'ctrl+b':
      return { text, cursor: before(text, cursor) };
    case 'right':
    case 'ctrl+f':
      return { text, cursor: after(text, cursor) };
    case 'up':
      return multiline ? { text, cursor: vertically(text, cursor, -1) } : undefined;
    case 'down':
      return multiline ? { text, cursor: vertically(text, cursor, 1) } : undefined;
    case 'home':
    case 'ctrl+a':
      return { text, cursor: lineStart(text, cursor) };
    case 'end':
    case 'ctrl+e':
      return { text, cursor: lineEnd(text, cursor) };
    // Many terminals send DEL for the backspace key, which Ink calls `delete` or `backspace` by its byte.
    case 'backspace':
      return cut(text, before(text, cursor), cursor);
    case 'delete':
    case 'ctrl+d':
      return cut(text, cursor, after(text, cursor));
    case 'ctrl+u':
      return cut(text, lineStart(text, cursor), cursor);
    case 'ctrl+k':
      return cut(text, cursor, lineEnd(text, cursor));
    case 'ctrl+w':
    case 'alt+backspace':
      return cut(text, wordStart(text, cursor), cursor);
    default:
      return key.text === '' ? undefined : insert(entry, key.text, multiline);
  }
}

function cut(text: string, from: number, to: number): TextEntry {
  return { text: text.slice(0, from) + text.slice(to), cursor: from };
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

function before(text: string, cursor: number): number {
  const start = Math.max(0, cursor - 64);
  const last = [...graphemes.segment(text.slice(start, cursor))].at(-1);
  return last ? cursor - last.segment.length : cursor;
}

function after(text: string, cursor: number): number {
  for (const { segment } of graphemes.segment(text.slice(cursor, cursor + 64)))
    return cursor + segment.length;
  return cursor;
}

function lineStart(text: string, cursor: number): number {
  return text.lastIndexOf('\n', cursor - 1) + 1;
}

function lineEnd(text: string, cursor: number): number {
  const end = text.indexOf('\n', cursor);
  return end < 0 ? text.length : end;
}

function wordStart(text: string, cursor: number): number {
  const kept = /^[\s\S]*?(?=\S*\s*$)/.exec(text.slice(0, cursor))?.[0] ?? '';
  return kept.length;
}

/** The place above or below in the same column, as far as that line goes. */
function vertically(text: string, cursor: number, by: -1 | 1): number {
  const start = lineStart(text, cursor);
  if (by < 0 && start === 0) return 0;
  if (by > 0 && lineEnd(text, cursor) === text.length) return text.length;
  const column = columnsOf(text.slice(start, cursor));
  const target = by < 0 ? lineStart(text, start - 1) : lineEnd(text, cursor) + 1;
  let at = target;
  for (const { segment } of graphemes.segment(text.slice(target, lineEnd(text, target)))) {
    if (columnsOf(text.slice(target, at)) + columnsOf(segment) > column) break;
    at += segment.length;
  }
  return at;
}

/**
 * The rows of a text with its cursor, broken at the width, at most `height` of them around the cursor. With
 * `secret`, a dot stands for every character.
 */
export function entryLines(
  entry: TextEntry,
  width: number,
  height: number,
  secret = false,
  focused = true,
): readonly Line[] {
  const rows: { start: number; end: number }[] = [];
  let start = 0;
  let used = 0;
  for (const { segment, index } of graphemes.segment(entry.text)) {
    if (segment === '\n') {
      rows.push({ start, end: index });
      start = index + 1;
      used = 0;
      continue;
    }
    const columns = secret ? 1 : columnsOf(segment);
    // One column is kept free for a cursor behind the last glyph.
    if (used + columns > width - 1 && used > 0) {
      rows.push({ start, end: index });
      start = index;
      used = 0;
    }
    used += columns;
  }
  rows.push({ start, end: entry.text.length });
  const at = rows.findLastIndex((row) => row.start <= entry.cursor);
  const first = Math.max(0, Math.min(at - Math.floor(height / 2), rows.length - height));
  return rows.slice(first, first + height).map((row, offset) => {
    const text = entry.text.slice(row.start, row.end);
    if (!focused || first + offset !== at) return [span(shown(text, secret))];
    const local = entry.cursor - row.start;
    const under = text.slice(local, after(text, local));
    return [
      span(shown(text.slice(0, local), secret)),
      { text: under === '' ? ' ' : shown(under, secret), inverse: true },
      span(shown(text.slice(local + under.length), secret)),
    ];
  });
}

function shown(text: string, secret: boolean): string {
  return secret ? '•'.repeat([...graphemes.segment(text)].length) : text;
}
