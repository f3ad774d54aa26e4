import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findBackup, readCatalog } from '../../src/backup/catalog.ts';
import { createBackup, markerFile, once } from '../../src/backup/create.ts';
import { BackupError } from '../../src/backup/error.ts';
import type { Manifest } from '../../src/backup/manifest.ts';
import { planPrune } from '../../src/backup/prune.ts';
import { restoreBackup } from '../../src/backup/restore.ts';
import type { Store } from '../../src/backup/store.ts';
import { directoryStore } from '../../src/backup/stores/directory.ts';
import { verifyBackup } from '../../src/backup/verify.ts';

let folder: string;
let url: string;
let store: Store;
let made: Manifest;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lost-'));
  url = `sqlite:${join(folder, 'shop.db')}`;
  store = directoryStore(join(folder, 'store'));
  const database = new DatabaseSync(join(folder, 'shop.db'));
  database.exec('create table sale (id integer primary key); insert into sale values (1), (2)');
  database.close();
  made = await createBackup({ url, target: 'shop', kind: 'on-demand', store });
});

afterEach(() => rm(folder, { recursive: true, force: true }));

test('a backup of which only the manifest is left is told as damaged, refused, and not pruned', async () => {
  await store.remove(made.file);
  const catalog = await readCatalog(store);
  const lost = findBackup(catalog, 'latest', 'shop');
  expect(lost).toMatchObject({
    name: made.name,
    bytes: 0,
    damage: `${made.file} is gone, only its manifest is left. If it was removed on purpose, remove ${made.name}.manifest.json too.`,
  });
  await expect(
    restoreBackup({ url, store, backup: lost, place: { kind: 'into', database: join(folder, 'new.db') } }),
  ).rejects.toThrow(/is gone/);
  expect(planPrune(catalog, 'shop', { last: 1 }, new Date()).judged).toMatchObject([{ keep: true }]);
});

test('one that is being removed right now is not', async () => {
  await store.remove(made.file);
  await store.write(markerFile(made.name), once('{}'));
  expect((await readCatalog(store)).backups).toEqual([]);
});

test('one that became whole while the store was listed is not', async () => {
  const whole = await store.list();
  let listed = 0;
  const slow: Store = {
    ...store,
    list: async () => (++listed === 1 ? whole.filter((one) => one.file !== made.file) : whole),
  };
  expect((await readCatalog(slow)).backups).toEqual([]);
  expect(listed).toBe(2);
});

test('who may only read a store still learns whether a backup is whole', async () => {
  const readOnly: Store = {
    ...store,
    write: async () => {
      throw new BackupError('store', 'Not allowed to write.');
    },
  };
  const backup = findBackup(await readCatalog(store), 'latest');
  const told: string[] = [];
  const onUnkept = (words: string) => void told.push(words);
  expect(await verifyBackup({ store: readOnly, backup, level: 'bytes', onUnkept })).toMatchObject({
    passed: true,
  });
  expect(told).toEqual(['Not allowed to write.']);
  await expect(verifyBackup({ store: readOnly, backup, level: 'bytes' })).rejects.toThrow(/Not allowed/);
});
