import { appendFile, mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Layout, OutputIndex, top } from '../../src/execution/output-index.ts';

let folder: string;
let opened: OutputIndex[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drillbook-index-'));
  opened = [];
});
afterEach(async () => {
  for (const index of opened) await index.close();
  await rm(folder, { recursive: true, force: true });
});

async function indexOf(content: string | Buffer): Promise<OutputIndex> {
  await writeFile(join(folder, 'x.log'), content);
  return await openIndex('x.log');
}

async function openIndex(name: string): Promise<OutputIndex> {
  const index = await OutputIndex.open(join(folder, name));
  opened.push(index);
  return index;
}

const wrapped: Layout = { columns: 10, wrap: true };
const cut: Layout = { columns: 10, wrap: false };
const texts = async (index: OutputIndex, layout = wrapped, from = top, count = 1000) =>
  (await index.rows(from, count, layout)).map(({ text }) => text);

test('rows of lines, wrapped or cut off', async () => {
  const index = await indexOf('short\n\nabcdefghijKLMNOP\nend');
  expect(await texts(index)).toEqual(['short', '', 'abcdefghij', 'KLMNOP', 'end']);
  expect(await texts(index, cut)).toEqual(['short', '', 'abcdefghij', 'end']);
});

test('what a terminal would show, safely', async () => {
  const index = await indexOf('10%\r100%\n\x1b[31mred\x1b[0m\x1b]0;t\x07\r\na\tb\n日本語日本語\nx\0y\xff\n');
  expect(await texts(index)).toEqual(['100%', 'red', 'a       b', '日本語日本', '語', 'xyÿ']);
  expect(await texts(await indexOf(Buffer.from([0x61, 0xff, 0x0a])))).toEqual(['a\ufffd']);
});

test('an empty output has no rows', async () => {
  const index = await indexOf('');
  expect(await texts(index)).toEqual([]);
  expect(await index.bottom(5, wrapped)).toEqual(top);
  expect(await index.move(top, 3, wrapped)).toEqual(top);
  expect(await index.findNext('x', -1)).toBeUndefined();
});

test('moving anywhere shows what stands there', async () => {
  const line = fc.string({ unit: fc.constantFrom('a', 'b', ' ', 'é', '日', '\r'), maxLength: 35 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { maxLength: 30 }),
      fc.boolean(),
      fc.nat(80),
      fc.nat(80),
      async (lines, wrap, a, b) => {
        const layout = { columns: 7, wrap };
        const index = await indexOf(lines.join('\n'));
        const all = await index.rows(top, 10_000, layout);
        if (all.length === 0) return;
        const [from, to] = [a % all.length, b % all.length];
        expect(await index.move(all[from]!.place, to - from, layout)).toEqual(all[to]!.place);
        expect(await index.rows(all[from]!.place, 5, layout)).toEqual(all.slice(from, from + 5));
        expect(await index.bottom(4, layout)).toEqual(all.at(-4)?.place ?? top);
        expect(await index.move(all[from]!.place, 1000, layout)).toEqual(all.at(-1)!.place);
        expect(await index.move(all[from]!.place, -1000, layout)).toEqual(top);
      },
    ),
    { numRuns: 60 },
  );
});

test('a line without an end is shown in parts, the same from above and from below', async () => {
  const index = await indexOf(`first\n${'y'.repeat(500_000)}\nlast\n`);
  const layout: Layout = { columns: 1000, wrap: true };
  const all = await index.rows(top, 10_000, layout);
  expect(all.map(({ text }) => text).join('')).toBe(`first${'y'.repeat(500_000)}last`);
  let place = await index.bottom(1, layout);
  for (let at = all.length - 1; at > 0; at--) {
    expect(place).toEqual(all[at]!.place);
    place = await index.move(place, -1, layout);
  }
  expect(place).toEqual(top);
});

test('search, forwards and backwards, in both cases unless a capital is asked for', async () => {
  const index = await indexOf('An error\nERROR two\nfine\nerror three\n');
  const all = [3, 9, 24];
  let at: number | undefined = -1;
  for (const wanted of [...all, undefined]) {
    at = await index.findNext('error', at ?? -1);
    expect(at).toBe(wanted);
  }
  let before: number | undefined = index.size;
  for (const wanted of [...all.toReversed(), undefined]) {
    before = await index.findPrevious('error', before ?? 0);
    expect(before).toBe(wanted);
  }
  expect(await index.findNext('ERROR', -1)).toBe(9);
  // Nothing is read where nothing is to be looked for.
  expect(await index.findNext('ERROR', -1, undefined, 0)).toBeUndefined();
  expect(await index.findPrevious('ERROR', index.size, undefined, index.size)).toBeUndefined();
  expect(await index.findNext('', -1)).toBeUndefined();
  expect(await index.findNext('f', -1)).toBe(19);
  expect(await index.placeOf(12, { columns: 2, wrap: true })).toEqual({ offset: 9, row: 1 });
});

test('lines by their numbers', async () => {
  const index = await indexOf('one\ntwo\nthree');
  expect(await Promise.all([0, 3, 4, 8, 12].map((offset) => index.lineNumber(offset)))).toEqual([
    1, 1, 2, 3, 3,
  ]);
  expect(await index.placeOfLine(1)).toEqual(top);
  expect(await index.placeOfLine(3)).toEqual({ offset: 8, row: 0 });
  expect(await index.placeOfLine(99)).toEqual({ offset: 8, row: 0 });
});

test('what is written later is seen after a refresh', async () => {
  const index = await indexOf('one\n');
  expect(await index.refresh()).toBe(false);
  await appendFile(join(folder, 'x.log'), 'two\nthr');
  expect(await texts(index)).toEqual(['one']);
  expect(await index.refresh()).toBe(true);
  expect(await texts(index, wrapped, await index.bottom(2, wrapped))).toEqual(['two', 'thr']);
  expect(await index.lineNumber(index.size)).toBe(3);
});

test('two hundred megabytes: any place at once, in little memory', async () => {
  const lines = 50_000;
  const text = (at: number) => `row ${String(at).padStart(7, '0')} of the flood\n`;
  const block = Array.from({ length: lines }, (_, at) => text(at)).join('');
  const size = 200 * 1024 * 1024;
  const file = await open(join(folder, 'big.log'), 'w');
  await file.write(block, 0);
  // A hole: zeros that no disk holds.
  await file.write(`needle\n${block}`, size - Buffer.byteLength(block) - 7);
  await file.close();

  const before = process.memoryUsage().rss;
  const index = await openIndex('big.log');
  expect(index.size).toBe(size);
  const layout: Layout = { columns: 80, wrap: true };
  const last = await index.rows(await index.bottom(3, layout), 10, layout);
  expect(last.map((row) => row.text)).toEqual([lines - 3, lines - 2, lines - 1].map((at) => text(at).trim()));

  const needle = await index.findNext('needle', -1);
  expect(needle).toBe(size - Buffer.byteLength(block) - 7);
  expect(await index.findPrevious('needle', size)).toBe(needle);
  expect(await index.lineNumber(needle!)).toBe(lines + 1);
  expect(await index.placeOfLine(lines + 2)).toEqual({ offset: needle! + 7, row: 0 });
  expect(await index.lineNumber(size - 1)).toBe(2 * lines + 1);
  // The middle is one line without an end; it can be walked through.
  const middle = await index.move({ offset: size / 2, row: 0 }, -5, layout);
  expect(middle.offset).toBeLessThan(size / 2);
  expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
});

test('a count or a search that nobody waits for any more stops', async () => {
  const index = await indexOf('x\n'.repeat(1_000_000));
  const gone = AbortSignal.abort();
  await expect(index.lineNumber(1_900_000, gone)).rejects.toThrow();
  await expect(index.findNext('nothing', -1, gone)).rejects.toThrow();
  expect(await index.lineNumber(1_900_000)).toBe(950_001);
});
