import { expect, test } from 'vitest';
import { clipboard } from '../../src/terminal/clipboard.ts';

test('a text goes to the clipboard by OSC 52; nothing in it can end the sequence', () => {
  expect(clipboard('a\x07b\x1b\\ä', {})).toBe(
    `\x1b]52;c;${Buffer.from('a\x07b\x1b\\ä').toString('base64')}\x07`,
  );
});

test('in tmux it is sent to tmux and through it', () => {
  expect(clipboard('x', { TMUX: '1' })).toBe('\x1b]52;c;eA==\x07\x1bPtmux;\x1b\x1b]52;c;eA==\x07\x1b\\');
});
