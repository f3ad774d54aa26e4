import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openPreferences } from '../../src/settings/preferences.ts';
import { readScreenPreferences, screenPreferences } from '../../src/settings/screen-preferences.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drillbook-screen-preferences-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const nothing = { keys: {}, comfort: {} };

test('what was set is read without opening the preferences', async () => {
  const preferences = openPreferences(folder);
  preferences.setKeys({ skip: ['x'], note: ['y', 'z'] });
  preferences.setComfort({ screenReader: true, reducedMotion: false });
  const read = await readScreenPreferences(folder);
  expect(read).toEqual({
    keys: { skip: ['x'], note: ['y', 'z'] },
    comfort: { screenReader: true, reducedMotion: false },
  });
  expect(read).toEqual({ keys: preferences.keys, comfort: preferences.comfort });
});

test('none, or a torn file, says nothing', async () => {
  expect(await readScreenPreferences(join(folder, 'none'))).toEqual(nothing);
  await writeFile(join(folder, 'preferences.json'), '{"keys": {"skip":');
  expect(await readScreenPreferences(folder)).toEqual(nothing);
});

test.each([
  undefined,
  null,
  [],
  'x',
  { keys: 'x' },
  { keys: { skip: 1 } },
  { keys: { skip: ['x', 1] } },
  { screenReader: 'yes' },
])('what a hand has written in another form is not said: %j', (stored) => {
  expect(screenPreferences(stored)).toEqual(nothing);
});
