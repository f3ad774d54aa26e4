import { expect, test } from 'vitest';
import { capabilitiesOf, isInteractive } from '../../src/terminal/capabilities.ts';
import { leftBehindModes } from '../../src/terminal/modes.ts';
import { sizeOf } from '../../src/terminal/size.ts';

const tty = { isTTY: true };

test.each([
  [tty, { TERM: 'xterm' }, 1],
  [tty, { TERM: 'xterm-256color' }, 2],
  [tty, { TERM: 'xterm', COLORTERM: 'truecolor' }, 3],
  [tty, { TERM: 'xterm-256color', NO_COLOR: '1' }, 0],
  [tty, { TERM: 'xterm-256color', NO_COLOR: '' }, 2],
  [tty, { TERM: 'dumb' }, 0],
  [{}, { TERM: 'xterm-256color' }, 0],
  [{}, { FORCE_COLOR: '3', NO_COLOR: '1' }, 3],
  [tty, { TERM: 'xterm', FORCE_COLOR: '0' }, 0],
] as const)('colours of %o in %o: %i', (output, environment, level) => {
  expect(capabilitiesOf(output, environment).colour).toBe(level);
});

test.each([
  [{ LANG: 'en_GB.UTF-8' }, true],
  [{ LC_ALL: 'C', LANG: 'en_GB.UTF-8' }, false],
  [{ LC_CTYPE: 'de_DE.utf8' }, true],
  [{ TERM: 'linux', LANG: 'C.UTF-8' }, false],
])('unicode in %o: %s', (environment, unicode) => {
  expect(capabilitiesOf(tty, environment).unicode).toBe(unicode);
});

test('a person sits there only where both ends are a terminal and this is no CI job', () => {
  expect(isInteractive(tty, tty, { TERM: 'xterm' })).toBe(true);
  expect(isInteractive({}, tty, { TERM: 'xterm' })).toBe(false);
  expect(isInteractive(tty, {}, { TERM: 'xterm' })).toBe(false);
  expect(isInteractive(tty, tty, { TERM: 'dumb' })).toBe(false);
  expect(isInteractive(tty, tty, { TERM: 'xterm', CI: 'true' })).toBe(false);
  expect(isInteractive(tty, tty, { TERM: 'xterm', CI: 'false' })).toBe(true);
});

test('a size is that of the output, of the environment, or 80 by 24', () => {
  expect(sizeOf({ columns: 100, rows: 30 }, {})).toEqual({ columns: 100, rows: 30 });
  expect(sizeOf({ columns: 0 }, { COLUMNS: '61', LINES: '20' })).toEqual({ columns: 61, rows: 20 });
  expect(sizeOf({}, { COLUMNS: 'wide' })).toEqual({ columns: 80, rows: 24 });
});

test('modes are undone only where they were left on, also where a sequence was cut in two', () => {
  const modes = leftBehindModes();
  for (const piece of ['\x1b[?104', '9h\x1b[?25l', 'x\x1b[?1000h', '\x1b[?1000l'])
    modes.see(Buffer.from(piece));
  expect(modes.restoring()).toBe('\x1b[?1049l\x1b[?25h\x1b[0m');
  const quiet = leftBehindModes();
  quiet.see(Buffer.from('plain'));
  expect(quiet.restoring()).toBe('');
});
