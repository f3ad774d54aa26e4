import { expect, test } from 'vitest';
import { leftBehindModes } from '../../src/terminal/modes.ts';

/** What brings the terminal back after a program that wrote these pieces. */
function after(...pieces: string[]): string {
  const modes = leftBehindModes();
  for (const piece of pieces) modes.see(Buffer.from(piece, 'latin1'));
  return modes.restoring();
}

test.each([
  ['a hidden cursor', '\x1b[?25l', '\x1b[?25h'],
  ['the other screen', '\x1b[?1049h', '\x1b[?1049l'],
  ['bracketed paste', '\x1b[?2004h', '\x1b[?2004l'],
  ['the mouse, by cell and by pixel', '\x1b[?1003;1016h', '\x1b[?1003l\x1b[?1016l'],
  ['reports of the focus', '\x1b[?1004h', '\x1b[?1004l'],
  ['kitty’s keyboard', '\x1b[>1u', '\x1b[<u'],
  ['kitty’s keyboard, set', '\x1b[=5;1u', '\x1b[=0u'],
  ['xterm’s other keys', '\x1b[>4;2m', '\x1b[>4m'],
  ['a scroll region', '\x1b[3;10r', '\x1b7\x1b[r\x1b8'],
  ['origin mode', '\x1b[?6h', '\x1b[?6l'],
  ['insert mode', '\x1b[4h', '\x1b[4l'],
  ['the shape of the cursor', '\x1b[5 q', '\x1b[0 q'],
  ['keys of the keypad', '\x1b=', '\x1b>'],
  ['line drawing', '\x1b(0', '\x1b(B'],
  ['line drawing by shifting', '\x0e', '\x0f'],
])('%s is brought back, also where its sequence comes in two pieces', (_, sequence, back) => {
  expect(after(`x${sequence}y`).replace(/\x1b\[0m$/, '')).toBe(back);
  for (let at = 1; at < sequence.length; at++)
    expect(after(sequence.slice(0, at), sequence.slice(at)).replace(/\x1b\[0m$/, '')).toBe(back);
});

test('what a program left by itself is not touched again', () => {
  expect(after('plain\r\n')).toBe('');
  expect(after('\x1b[?1049h\x1b[>1u\x1b[3;10r\x1b=\x1b(0', '\x1b(B\x1b>\x1b[r\x1b[<u\x1b[?1049l')).toBe(
    '\x1b[0m',
  );
});
