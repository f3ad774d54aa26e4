import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findBackup, readCatalog } from '../../src/backup/catalog.ts';
import { type Manifest, manifestFile, writeManifest } from '../../src/backup/manifest.ts';
import { backupName } from '../../src/backup/name.ts';
import { pinBackup, unpinBackup } from '../../src/backup/pin.ts';
import { planPrune, prune } from '../../src/backup/prune.ts';
import type { Store } from '../../src/backup/store.ts';
import { directoryStore } from '../../src/backup/stores/directory.ts';

const now = new Date('2026-03-31T12:00:00Z');
let folder: string;
let store: Store;
let names: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'prune-'));
  store = directoryStore(folder);
  names = [];
  for (let age = 0; age < 6; age += 1) names.push(await put(age));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** A backup so many days old; its bytes are no dump, which retention does not look at. */
async function put(age: number, target = 'shop'): Promise<string> {
  const at = new Date(now.getTime() - age * 24 * 3_600_000 - 1000);
  const name = backupName(target, 'scheduled', at);
  const manifest: Omit<Manifest, 'seal'> = {
    schema: 1,
    name,
    target,
    kind: 'scheduled',
    engine: 'postgres',
    format: 'custom',
    file: `${name}.dump`,
    bytes: 4,
    sha256: '0'.repeat(64),
    takenAt: at.toISOString(),
    finishedAt: at.toISOString(),
    durations: { dump: 1, contents: 1, total: 1 },
    server: { address: 'x', database: target, exists: true, replica: false, version: '15' },
    client: { tool: 'pg_dump', version: '15' },
    database: {
      owner: 'o',
      encoding: 'UTF8',
      collate: 'C',
      ctype: 'C',
      connectionLimit: -1,
      grants: [],
      settings: [],
      bytes: 1,
    },
    contents: {
      tables: [],
      sequences: [],
      constraints: [],
      indexes: [],
      triggers: [],
      extensions: [],
      objects: [],
      largeObjects: { count: 0 },
      grants: [],
      roles: [],
    },
    warnings: [],
  };
  await store.write(`${name}.dump`, text('dump'));
  await store.write(manifestFile(name), text(writeManifest(manifest)));
  return name;
}

async function* text(words: string) {
  yield Buffer.from(words);
}

const present = async () => (await readCatalog(store)).backups.map((one) => one.name).reverse();

test('removes what the policy lets go, with all that stands beside it, and says so in the store', async () => {
  const plan = planPrune(await readCatalog(store), 'shop', { daily: 3 }, now);
  expect(await present()).toEqual(names);
  const removed = await prune(store, plan, now);
  expect(removed.map((one) => one.name)).toEqual(names.slice(3));
  expect(await present()).toEqual(names.slice(0, 3));
  const files = await readdir(folder);
  expect(files.filter((one) => !one.startsWith('pruned-'))).toHaveLength(6);
  const log = files.find((one) => one.startsWith('pruned-'))!;
  expect(
    JSON.parse(await readFile(join(folder, log), 'utf8')).removed.map((one: { name: string }) => one.name),
  ).toEqual(names.slice(3));
  expect(await prune(store, planPrune(await readCatalog(store), 'shop', { daily: 3 }, now), now)).toEqual([]);
});

test('pins, other targets, foreign dumps and backups in progress stay', async () => {
  const other = await put(100, 'other');
  await store.write('by-hand.dump', text('x'));
  await store.write('shop-scheduled-20200101-000000.dump', text('x'));
  await store.write('shop-scheduled-20200102-000000.dump', text('x'));
  await store.write('shop-scheduled-20200102-000000.in-progress.json', text('{}'));
  await pinBackup(store, names[4]!, 'incident 42');
  await pinBackup(store, names[5]!, 'until then', new Date(now.getTime() - 1));
  await prune(store, planPrune(await readCatalog(store), 'shop', { last: 1 }, now), now);
  expect((await present()).sort()).toEqual(
    [names[0], names[4], other, 'by-hand', 'shop-scheduled-20200101-000000'].sort(),
  );
  expect(await readdir(folder)).toContain('shop-scheduled-20200102-000000.dump');
  await unpinBackup(store, names[4]!);
  await prune(store, planPrune(await readCatalog(store), 'shop', { last: 1 }, now), now);
  expect(await present()).not.toContain(names[4]);
});

test('a backup that was pinned after the plan was shown stays', async () => {
  const plan = planPrune(await readCatalog(store), 'shop', { last: 1 }, now);
  await pinBackup(store, names[3]!, 'wait');
  await prune(store, plan, now);
  expect(await present()).toEqual([names[0], names[3]]);
});

test('two at once: one is told, and nothing goes twice or too far', async () => {
  const plan = planPrune(await readCatalog(store), 'shop', { last: 2 }, now);
  const both = await Promise.allSettled([prune(store, plan, now), prune(store, plan, now)]);
  expect(both.some((one) => one.status === 'fulfilled')).toBe(true);
  for (const one of both) if (one.status === 'rejected') expect(one.reason).toMatchObject({ kind: 'unsafe' });
  expect(await present()).toEqual(names.slice(0, 2));
});

test('an empty policy is refused', async () => {
  const catalog = await readCatalog(store);
  expect(() => planPrune(catalog, 'shop', {}, now)).toThrow(/keeps nothing/);
});

test('interrupted in the middle of a removal: what is left is not called a backup', async () => {
  const plan = planPrune(await readCatalog(store), 'shop', { last: 1 }, now);
  let calls = 0;
  const breaking: Store = {
    ...store,
    remove: async (file) => {
      calls += 1;
      if (calls === 2) throw new Error('gone');
      await store.remove(file);
    },
  };
  await expect(prune(breaking, plan, now)).rejects.toThrow('gone');
  const catalog = await readCatalog(store);
  expect(catalog.unfinished.map((one) => one.name)).toEqual([names[1]]);
  expect(() => findBackup(catalog, names[1]!)).toThrow(/no backup/);
});
