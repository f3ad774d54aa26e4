import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { keymap } from '../../src/tui/keymap.ts';
import { keysPage } from './keys-page.ts';
import { root } from './page.ts';

const file = join(root, 'docs/keys.md');

test('the page of keys is that of the keymap', async () => {
  if (process.env.DRILLBOOK_PICTURES === 'write') await writeFile(file, keysPage());
  expect(await readFile(file, 'utf8'), 'npm run pictures makes it anew').toBe(keysPage());
});

test('every binding stands on it once', () => {
  const rows = keysPage()
    .split('\n')
    .filter((line) => /^\| `/.test(line));
  expect(rows).toHaveLength(keymap.length);
});
