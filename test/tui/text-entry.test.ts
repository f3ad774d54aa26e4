import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plain, widthOf } from '../../src/tui/line.ts';
import { entryLines, entryOf, insert, press, type TextEntry } from '../../src/tui/text-entry.ts';

function typed(entry: TextEntry, ...names: readonly string[]): TextEntry {
  return names.reduce(
    (now, name) => press(now, { name, text: name.length === 1 ? name : '' }, true) ?? now,
    entry,
  );
}

describe('typing', () => {
  test('puts text in at the cursor', () => {
    expect(typed(entryOf('ac'), 'left', 'b').text).toBe('abc');
    expect(typed(entryOf('one\ntwo'), 'home', 'x').text).toBe('one\nxtwo');
    expect(typed(entryOf('one\ntwo'), 'up', 'end', '!').text).toBe('one!\ntwo');
  });

  test('takes away by letter, word and line', () => {
    expect(typed(entryOf('abc'), 'backspace').text).toBe('ab');
    expect(typed(entryOf('abc'), 'home', 'delete').text).toBe('bc');
    expect(typed(entryOf('drop the table'), 'ctrl+w').text).toBe('drop the ');
    expect(typed(entryOf('one\ntwo'), 'ctrl+u').text).toBe('one\n');
    expect(typed(entryOf('one\ntwo'), 'up', 'home', 'ctrl+k').text).toBe('\ntwo');
  });

  test('goes over glyphs as a whole, however they are made', () => {
    expect(typed(entryOf('a👩‍👩‍👧b'), 'left', 'backspace').text).toBe('ab');
    expect(typed(entryOf('e\u0301x'), 'left', 'left', 'delete').text).toBe('x');
  });

  test('goes up and down in the same column, wide glyphs counted', () => {
    const entry = typed({ text: '日本語\nabcdef', cursor: 3 + 1 + 4 }, 'up');
    expect(entry.cursor).toBe(2);
  });

  test('takes a paste with its lines, or as one line, without control characters', () => {
    expect(insert(entryOf(''), 'a\r\nb\u0007', true).text).toBe('a\nb');
    expect(insert(entryOf(''), 'a\nb\n', false).text).toBe('a b');
  });

  test('keeps the cursor inside of the text, whatever is pressed', () => {
    const keys = fc.array(
      fc.constantFrom(
        'left',
        'right',
        'up',
        'down',
        'home',
        'end',
        'backspace',
        'delete',
        'ctrl+u',
        'ctrl+k',
        'ctrl+w',
        'a',
        'ß',
      ),
    );
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), keys, (start, names) => {
        const entry = typed(insert(entryOf(''), start, true), ...names);
        expect(entry.cursor).toBeGreaterThanOrEqual(0);
        expect(entry.cursor).toBeLessThanOrEqual(entry.text.length);
      }),
    );
  });
});

describe('a field', () => {
  test('is never wider or higher than its place, and shows where the cursor is', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 300 }),
        fc.integer({ min: 4, max: 40 }),
        fc.integer({ min: 1, max: 6 }),
        (text, width, height) => {
          const rows = entryLines(insert(entryOf(''), text, true), width, height);
          expect(rows.length).toBeLessThanOrEqual(height);
          for (const row of rows) expect(widthOf(row)).toBeLessThanOrEqual(width);
          expect(rows.flat().filter((part) => part.inverse)).toHaveLength(1);
        },
      ),
    );
  });

  test('shows dots for a secret, and nothing of it', () => {
    const rows = entryLines(entryOf('pässword'), 40, 1, true);
    expect(plain(rows[0]!).trim()).toBe('••••••••');
  });
});
