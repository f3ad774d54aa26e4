import { beforeAll, expect, test } from 'vitest';
import { effectClasses } from '../../src/effects/effect.ts';
import { readEffects } from '../../src/effects/read.ts';
import { loadSyntax } from '../support/syntax.ts';
import { labelled } from './labelled.ts';

beforeAll(loadSyntax);

test.each([
  ['commands.txt', 800],
  ['held-out.txt', 130],
  ['detours.txt', 160],
  ['held-out-again.txt', 178],
  ['detours-again.txt', 439],
])('every labelled command of %s is read as a person would', async (file, least) => {
  const commands = await labelled(file);
  expect(commands.length).toBeGreaterThanOrEqual(least);
  console.log(`${file}: ${commands.length} commands`);
  const read = commands.map((command) => ({ ...command, got: readEffects(command.text, 'shell').class }));
  for (const each of effectClasses) {
    const right = read.filter(({ expected, got }) => expected === each && got === each).length;
    const said = read.filter(({ got }) => got === each).length;
    const meant = read.filter(({ expected }) => expected === each).length;
    const percent = (part: number, whole: number) => `${((100 * part) / whole).toFixed(1)}%`;
    console.log(`${each}: precision ${percent(right, said)}, recall ${percent(right, meant)} of ${meant}`);
  }
  const wrong = read.filter(({ expected, got }) => expected !== got);
  expect(wrong.map(({ expected, got, text }) => `${expected}, read as ${got}: ${text}`)).toEqual([]);
});

test('spans stand inside the text, and a reading of no class but reads has an effect that says why', async () => {
  for (const { text } of await labelled()) {
    const reading = readEffects(text, 'shell');
    for (const { start, end, reason } of reading.effects) {
      expect(start).toBeGreaterThanOrEqual(0);
      expect(end).toBeGreaterThanOrEqual(start);
      expect(end).toBeLessThanOrEqual(text.length);
      expect(reason).not.toBe('');
    }
    if (reading.class !== 'reads') expect(reading.effects.some((e) => e.class === reading.class)).toBe(true);
  }
});
