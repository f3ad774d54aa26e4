import { expect, test } from 'vitest';
import { PlayedText } from '../../src/terminal/played-text.ts';

const recorded =
  'a\x1b[31mred\x1b[0m\x1b]52;c;aGk=\x07\x1b[2J\x1b[6n\x1b]0;title\x1b\\b\x1b[c\x1bPq#0\x1b\\\x1b[?1049h\x1b[?1000;1006h\x1b[>1u\x05c';
const played = 'a\x1b[31mred\x1b[0m\x1b[2Jb\x1b[?1049hc';

test.each([1000, 7, 3, 2, 1])('moves and colours stay, everything else goes, in pieces of %i', (size) => {
  const text = new PlayedText();
  let out = '';
  for (let at = 0; at < recorded.length; at += size) out += text.push(recorded.slice(at, at + size));
  expect(out).toBe(played);
});

test('a sequence that never ends is not kept for ever, and not shown', () => {
  const text = new PlayedText();
  expect(text.push(`x\x1b]52;c;${'A'.repeat(100_000)}`)).toBe('x');
  expect(text.push('y')).toBe('y');
});
