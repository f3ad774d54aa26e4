import { expect, test } from 'vitest';
import { OutputScreen } from '../../src/execution/output-screen.ts';

function screenOf(...pieces: (string | Buffer)[]): OutputScreen {
  const screen = new OutputScreen(24);
  for (const piece of pieces) screen.add(Buffer.from(piece as string));
  return screen;
}

test('a carriage return overwrites the line, as a progress bar does', () => {
  expect(screenOf('10%\r50%\r100%\ndone').tail(5, 40)).toEqual(['100%', 'done']);
});

test('cursor movements of a progress display of several lines', () => {
  expect(
    screenOf('layer a: 0%\nlayer b: 0%\n', '\x1b[2A\x1b[2Klayer a: 100%\n', '\x1b[2Klayer b: 50%\n').tail(
      5,
      40,
    ),
  ).toEqual(['layer a: 100%', 'layer b: 50%']);
});

test('colours stay, and every row closes its own', () => {
  expect(
    screenOf('\x1b[31mred\nstill\x1b[0m plain \x1b[1;38;5;200mx\x1b[48;2;1;2;3my\x1b[m').tail(5, 40),
  ).toEqual([
    '\x1b[31mred\x1b[0m',
    '\x1b[31mstill\x1b[0m plain \x1b[1;38;5;200mx\x1b[0m\x1b[1;38;5;200;48;2;1;2;3my\x1b[0m',
  ]);
});

test('nothing but SGR comes out of hostile output', () => {
  const rows = screenOf(
    '\x1b]0;title\x07\x1b]52;c;aGk=\x07\x1bPq\x1b\\\x1b[?1049h\x1b[?1000h\x1b[6n\x07a\u202eb\x1b[5i\x9b31mc\x00',
  ).tail(9, 40);
  expect(rows.join('').replace(/\x1b\[[0-9;]*m/g, '')).toBe('a⟨U+202E⟩bc');
});

test('wide characters take two cells and wrap whole', () => {
  expect(screenOf('日本語x').tail(5, 5)).toEqual(['日本', '語x']);
});

test('a character cut between two looks is put together', () => {
  const bytes = Buffer.from('é日');
  const screen = new OutputScreen();
  screen.add(bytes.subarray(0, 1));
  screen.tail(2, 20);
  screen.add(bytes.subarray(1, 3));
  screen.tail(2, 20);
  screen.add(bytes.subarray(3));
  expect(screen.tail(2, 20)).toEqual(['é日']);
});

test('bytes that are no UTF-8 show as replacement characters', () => {
  expect(screenOf(Buffer.from([0x61, 0xff, 0xfe, 0x62, 0x00, 0x63])).tail(2, 20)).toEqual([
    'a\ufffd\ufffdbc',
  ]);
});

test('looking often says what looking once says', () => {
  const pieces = Array.from(
    { length: 400 },
    (_, at) => `\x1b[3${at % 8}mline ${at}\x1b[0m ${'x'.repeat(at % 50)}${at % 3 ? '\n' : '\r'}`,
  );
  const often = new OutputScreen();
  const once = new OutputScreen();
  for (const piece of pieces) {
    often.add(Buffer.from(piece));
    often.tail(10, 60);
    once.add(Buffer.from(piece));
  }
  expect(often.tail(10, 60)).toEqual(once.tail(10, 60));
});

test('another width shows the same output anew', () => {
  const screen = screenOf('abcdefghij');
  expect(screen.tail(5, 20)).toEqual(['abcdefghij']);
  expect(screen.tail(5, 4)).toEqual(['abcd', 'efgh', 'ij']);
  expect(screen.tail(1, 4)).toEqual(['ij']);
});

test('counts lines and bytes of what it no longer has', () => {
  const screen = new OutputScreen();
  for (let at = 0; at < 200; at++) screen.add(Buffer.from(`${'y'.repeat(9_998)}${at}\n`.slice(-10_000)));
  expect([screen.lines, screen.bytes]).toEqual([200, 2_000_000]);
  screen.add(Buffer.from('begun'));
  expect(screen.lines).toBe(201);
  expect(screen.tail(1, 80)).toEqual(['begun']);
});

test.each([0, 1, 2, 3])('counts newlines wherever the chunk lies in memory (%i)', (offset) => {
  const whole = Buffer.alloc(64, 'x');
  for (const at of [0, 1, 5, 10, 11, 12, 13, 30, 63]) whole[at] = 10;
  const part = whole.subarray(offset, 64);
  const screen = new OutputScreen();
  screen.add(part);
  expect(screen.lines).toBe([...part].filter((byte) => byte === 10).length);
});

test('plain text for the journal: colours gone, long lines whole, never more than asked', () => {
  const screen = screenOf(`\x1b[32m${'w'.repeat(1200)}\x1b[0m\n1%\r2%\nend\n\n`);
  expect(screen.text(4000)).toBe(`${'w'.repeat(1200)}\n2%\nend`);
  expect(screen.text(3)).toBe('end');
  expect(screenOf('a😀').text(1)).toBe('');
});

test('an output without anything has no rows', () => {
  expect(new OutputScreen().tail(5, 20)).toEqual([]);
  expect(new OutputScreen().text(10)).toBe('');
});
