import stringWidth from 'string-width';
import { expect, it } from 'vitest';
import { themeFor } from '../../src/tui/theme.ts';

const { narrowCharacters } = (await import(
  new URL('../../.ci/narrow-characters.mjs', import.meta.url).href
)) as { narrowCharacters: string };
const one = new RegExp(`^[${narrowCharacters}]$`);

it('what the bundle takes for narrow is one column wide, alone and beside any other of them', () => {
  const all = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code)).filter((c) =>
    one.test(c),
  );
  expect(all.length).toBeGreaterThan(500);
  expect(all.filter((character) => stringWidth(character) !== 1)).toEqual([]);
  expect(all.filter((character) => stringWidth(`─${character}${character}é`) !== 4)).toEqual([]);
  expect(stringWidth(all.join(''))).toBe(all.length);
});

it('the marks of the screens are among them', () => {
  const { spinner } = themeFor({ DRILLBOOK_REDUCED_MOTION: '1' });
  for (const mark of [...spinner, ...'✓▶✗–─┆│┃█░…·•●↪→×▸☐☑›⏎↑↓']) expect(mark).toMatch(one);
});
