import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sanitise, sanitiseLine, visible } from '../../src/terminal/sanitise.ts';

test.each([
  ['a title', '\x1b]0;evil\x07text', 'text'],
  ['a clipboard write', '\x1b]52;c;aGk=\x1b\\text', 'text'],
  ['a link', '\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\', 'link'],
  ['a device control string', 'a\x1bP1$q\x1b\\b', 'ab'],
  ['8-bit controls', 'a\x9d0;t\x9cb\x9b2Jc', 'abc'],
  ['an unended sequence', 'a\x1b]0;never ends', 'a'],
  ['a cursor movement', 'a\x1b[2J\x1b[1;1Hb', 'ab'],
  ['a mode', '\x1b[?1049ha\x1b[?25l', 'a'],
  ['a charset and a reset', '\x1b(0a\x1bcb', 'ab'],
  ['colours', '\x1b[31ma\x1b[0m', 'a'],
  ['a backspace and a bell', 'a\bb\x07c\x7f', 'abc'],
  ['a lone carriage return', 'harmless\rrm -rf', 'harmlessrm -rf'],
  ['line ends', 'a\r\nb\tc\n', 'a\nb\tc\n'],
  ['bidirectional overrides', 'a\u202eb\u2066c', 'a⟨U+202E⟩b⟨U+2066⟩c'],
  ['ordinary text of the world', 'é 日本 😀 ✓', 'é 日本 😀 ✓'],
])('%s', (_, text, safe) => {
  expect(sanitise(text)).toBe(safe);
});

test('colours stay where asked for, and end', () => {
  expect(sanitise('\x1b[1;31mred\x1b[2K', { keepColour: true })).toBe('\x1b[1;31mred\x1b[0m');
  expect(sanitise('plain', { keepColour: true })).toBe('plain');
  expect(sanitise('\x1b[?31m\x1b[>4;2mx', { keepColour: true })).toBe('x');
});

test('a line is one line', () => {
  expect(sanitiseLine('a\n\tb\x1b[31m')).toBe('a b');
});

test('whatever comes in, no control is left', () => {
  const unit = fc.constantFrom(
    '\x1b',
    '[',
    ']',
    '0',
    ';',
    'm',
    '\x07',
    '\\',
    'P',
    '\x9b',
    '\x9c',
    'H',
    '\x00',
    '?',
    'h',
    'x',
    ' ',
    '(',
    '\ue01b',
    '\r',
    '\u202e',
  );
  fc.assert(
    fc.property(fc.array(unit, { maxLength: 40 }), (units) => {
      const text = units.join('');
      expect(sanitise(text)).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]/);
      const coloured = sanitise(text, { keepColour: true }).replace(/\x1b\[[0-9;:]*m/g, '');
      expect(coloured).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]/);
      expect(visible(text)).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]/);
    }),
    { numRuns: 1000 },
  );
});
