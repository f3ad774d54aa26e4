import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { showInPager } from '../../src/cli/pager.ts';

let folder: string;
let output: string;
let got: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drillbook-pager-'));
  output = join(folder, 'output.log');
  got = join(folder, 'got');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function paged(pager: string | undefined): Promise<void> {
  return showInPager(output, { PATH: process.env.PATH, GOT: got, ...(pager ? { PAGER: pager } : {}) });
}

test('the pager gets the whole output, with nothing in it that touches the terminal', async () => {
  const long = 'ä'.repeat(100_000);
  await writeFile(
    output,
    `one\n\u001B]52;c;aGk=\u0007two\u001B[2J\n\u001B[31mred\u001B[0m\n${long}\nthe end`,
  );
  await paged('cat > "$GOT"');
  expect(await readFile(got, 'utf8')).toBe(`one\ntwo\nred\n${long}\nthe end`);
});

test('it may be left in the middle', async () => {
  await writeFile(output, 'a line\n'.repeat(1_000_000));
  await paged('head -n 2 > "$GOT"');
  expect(await readFile(got, 'utf8')).toBe('a line\na line\n');
});

test('one that is not there is named', async () => {
  await expect(paged('no-such-pager 2>/dev/null')).rejects.toThrow(/no-such-pager.*PAGER/s);
});
