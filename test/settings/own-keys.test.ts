import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openPreferences } from '../../src/settings/preferences.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drillbook-keys-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('own keys and comforts are kept, and one key is given back without the others', async () => {
  const mine = openPreferences(folder);
  expect(mine.keys).toEqual({});
  expect(mine.comfort).toEqual({});
  mine.setKeys({ note: ['ctrl+n'], timeline: ['T', 't'] });
  mine.setKeys({ timeline: undefined });
  mine.setComfort({ screenReader: true });
  mine.setComfort({ reducedMotion: true });
  const again = openPreferences(folder);
  expect(again.keys).toEqual({ note: ['ctrl+n'] });
  expect(again.comfort).toEqual({ screenReader: true, reducedMotion: true });
});

test('what a hand has written wrongly counts as not said and is not thrown away', async () => {
  const path = join(folder, 'preferences.json');
  const written = JSON.stringify({ targets: {}, keys: { note: 7 }, screenReader: 'yes' });
  await writeFile(path, written);
  const mine = openPreferences(folder);
  expect(mine.keys).toEqual({});
  expect(mine.comfort).toEqual({});
  expect(JSON.parse(await readFile(path, 'utf8')).keys).toEqual({ note: 7 });
});
