import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  between,
  breakLine,
  clip,
  clipStart,
  columnsOf,
  line,
  padded,
  plain,
  span,
  widthOf,
  wrap,
  wrapText,
} from '../../src/tui/line.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 200 }).map((raw) => span(raw).text);
const width = fc.integer({ min: 2, max: 120 });
// Some graphemes are wider than two columns; nothing that holds them is narrower than this.
const roomy = fc.integer({ min: 16, max: 120 });

describe('rows', () => {
  test('are never wider than asked for', () => {
    fc.assert(
      fc.property(text, text, width, (left, right, columns) => {
        expect(widthOf(clip(line(left, right), columns))).toBeLessThanOrEqual(columns);
        expect(widthOf(between(line(left), line(right), columns))).toBeLessThanOrEqual(columns);
        expect(widthOf(padded(line(left), columns))).toBe(columns);
        for (const row of wrap(line(left, right), columns)) expect(widthOf(row)).toBeLessThanOrEqual(columns);
        for (const row of breakLine(line(left, right), columns))
          expect(widthOf(row)).toBeLessThanOrEqual(columns);
      }),
    );
  });

  test('lose nothing when a line is broken by width', () => {
    fc.assert(
      fc.property(text, roomy, (typed, columns) => {
        expect(breakLine(line(typed), columns).map(plain).join('')).toBe(typed);
      }),
    );
  });

  test('lose nothing but blanks when a paragraph is broken between words', () => {
    fc.assert(
      fc.property(text, roomy, (typed, columns) => {
        const dense = (raw: string): string => raw.replace(/ /g, '');
        expect(dense(wrap(line(typed), columns).map(plain).join(''))).toBe(dense(typed));
      }),
    );
  });

  test('break between words and move the following rows in', () => {
    expect(wrap(line('one two three four'), 9, 2).map(plain)).toEqual(['one two ', '  three ', '  four']);
    expect(wrapText('a\nb', 10).map(plain)).toEqual(['a', 'b']);
  });

  test('hold nothing that a terminal would obey', () => {
    expect(span('a\u001B[2Jb\u0007\rc\td').text).not.toMatch(/[\u0000-\u001F\u007F]/);
  });

  test('know how wide wide glyphs are', () => {
    expect(columnsOf('日本')).toBe(4);
    expect(plain(clip(line('日本語'), 4))).toBe('日…');
    expect(clipStart('/store/members.dump', 13)).toBe('…members.dump');
    expect(clipStart('日本語', 4)).toBe('…語');
  });
});
