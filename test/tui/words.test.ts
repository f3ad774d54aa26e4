import { describe, expect, test } from 'vitest';
import type { Reading } from '../../src/effects/effect.ts';
import { commandLines, effectLines } from '../../src/tui/command-lines.ts';
import { brief, clock, expectation, size } from '../../src/tui/duration.ts';
import { plain } from '../../src/tui/line.ts';
import { proseLines } from '../../src/tui/prose.ts';
import { themeFor } from '../../src/tui/theme.ts';

const reading = (text: string, part: string): Reading => ({
  class: 'destroys',
  effects: [
    {
      class: 'destroys',
      reason: 'drops the database',
      start: text.indexOf(part),
      end: text.indexOf(part) + part.length,
    },
  ],
  connections: [],
  interactive: false,
  background: false,
  longRunning: false,
});

describe('a command on the screen', () => {
  test('marks a row that was broken for want of room, and nothing else', () => {
    const text = 'first line\nsecond line that is long';
    expect(commandLines(text, reading(text, 'none'), 16).map(plain)).toEqual([
      '  first line',
      '  second line ',
      '↪ that is long',
    ]);
    const whole = 'x'.repeat(30);
    expect(commandLines(whole, reading(whole, 'none'), 22).map(plain)).toEqual([
      `  ${'x'.repeat(20)}`,
      `↪ ${'x'.repeat(10)}`,
    ]);
  });

  test('underlines what destroys, also over several lines', () => {
    const text = 'psql -c "\nDROP DATABASE\nlive"';
    const marked = commandLines(text, reading(text, 'DROP DATABASE\nlive'), 40)
      .flat()
      .filter((part) => part.underline)
      .map((part) => part.text);
    expect(marked).toEqual(['DROP DATABASE', 'live']);
  });

  test('shows dots for a secret', () => {
    const text = 'login --token "${DRILLBOOK_SECRET_TOKEN}"';
    expect(plain(commandLines(text, reading(text, 'none'), 60)[0]!)).toBe('  login --token ••••••');
  });

  test('names what it destroys and where', () => {
    const text = 'dropdb live';
    const read = reading(text, text);
    const there = { ...read, effects: read.effects.map((effect) => ({ ...effect, connected: true })) };
    const lines = (one: typeof read) => effectLines(one, 'live@db:5432', 80).map(plain);
    expect(lines(there)).toEqual(['! destroys  drops the database on live@db:5432']);
    // A file stands here, and what names a server of its own goes there.
    expect(lines(read)).toEqual(['! destroys  drops the database']);
    const other = { tool: 'dropdb', host: 'elsewhere', start: 0, end: 1 };
    expect(lines({ ...there, connections: [other] })).toEqual(['! destroys  drops the database']);
  });
});

describe('prose', () => {
  test('fills paragraphs, keeps lists and code, drops the marks of emphasis', () => {
    const markdown =
      '## Head\n\nSome **bold**\ntext with `code` and [a link](http://x).\n\n- one\n- [x] two\n\n```\n  kept\n```\n';
    expect(proseLines(markdown, 80).map(plain)).toEqual([
      'Head',
      '',
      'Some bold text with code and a link (http://x).',
      '',
      '• one',
      '☑ two',
      '',
      '    kept',
    ]);
  });

  test('leaves names with underscores and stars as they are', () => {
    expect(proseLines('use pg_stat_activity and 2 * 3 * 4', 80).map(plain)).toEqual([
      'use pg_stat_activity and 2 * 3 * 4',
    ]);
  });
});

describe('times and sizes', () => {
  test.each([
    [400, '0.4s'],
    [2000, '2s'],
    [38_000, '38s'],
    [112_000, '1m52s'],
    [3_900_000, '1h05m'],
  ])('%i ms are %s', (milliseconds, text) => expect(brief(milliseconds)).toBe(text));

  test('clock, expectation, size', () => {
    expect(clock(862_000)).toBe('00:14:22');
    expect(expectation({ min: 600, max: 1200 })).toBe('10–20m');
    expect(expectation({ min: 30, max: 120 })).toBe('30s–2m');
    expect(expectation({ min: 60, max: 60 })).toBe('1m');
    expect(size(812)).toBe('812 B');
    expect(size(1_430_000)).toBe('1.4 MB');
  });
});

describe('the theme', () => {
  test('knows no colour where none is wanted', () => {
    expect(themeFor({ NO_COLOR: '1' }).color('danger')).toBeUndefined();
    expect(themeFor({ TERM: 'dumb' }).color('danger')).toBeUndefined();
    expect(themeFor({}).color('danger')).toBe('red');
  });

  test('draws in ASCII of the same width where the locale knows no more', () => {
    const ascii = themeFor({ LANG: 'C' });
    expect(ascii.unicode).toBe(false);
    expect(ascii.text('✓ ─ ┆ … ▸')).toBe('+ - | ~ >');
    expect(themeFor({ LANG: 'de_DE.UTF-8' }).text('✓')).toBe('✓');
  });
});
