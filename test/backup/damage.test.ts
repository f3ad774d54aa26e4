import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findBackup, readCatalog } from '../../src/backup/catalog.ts';
import { createBackup } from '../../src/backup/create.ts';
import { endingOf } from '../../src/backup/format.ts';
import { directoryStore } from '../../src/backup/stores/directory.ts';
import { verifyBackup } from '../../src/backup/verify.ts';
import { type Cluster, startCluster } from '../support/postgres.ts';

let cluster: Cluster;
let folder: string;
let url: string;

beforeAll(async () => {
  cluster = await startCluster();
  folder = await mkdtemp(join(tmpdir(), 'backups-'));
  url = await cluster.create(
    'shop',
    'create table sale (id int primary key, what text); insert into sale select i, md5(i::text) from generate_series(1, 2000) i',
  );
});

afterAll(async () => {
  await cluster?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Places spread over a file, its first and last bytes among them; the same at every run. */
function places(length: number, count: number): number[] {
  return [
    ...new Set([
      0,
      1,
      length - 1,
      ...Array.from({ length: count }, (_, i) => Math.floor(((i + 0.37) * length) / count)),
    ]),
  ];
}

describe.each(['custom', 'directory', 'plain', 'plain-gzip'] as const)('%s', (format) => {
  test('every flipped bit and every cut is found by its bytes', async () => {
    const store = directoryStore(join(folder, format));
    await createBackup({ url, target: 'shop', kind: 'on-demand', store, format });
    const backup = findBackup(await readCatalog(store), 'latest');
    const path = store.path!(backup.file);
    const whole = await readFile(path);
    for (const place of places(whole.length, 50)) {
      const flipped = Buffer.from(whole);
      flipped[place]! ^= 1 << (place % 8);
      await writeFile(path, flipped);
      expect((await verifyBackup({ store, backup, level: 'bytes' })).passed, `flip at ${place}`).toBe(false);
      await writeFile(path, whole.subarray(0, place));
      expect((await verifyBackup({ store, backup, level: 'bytes' })).passed, `cut at ${place}`).toBe(false);
    }
    await writeFile(path, whole);
    expect((await verifyBackup({ store, backup, level: 'archive' })).passed).toBe(true);
  });

  test('a cut is found without a manifest as well, by reading the archive', async () => {
    const made = findBackup(await readCatalog(directoryStore(join(folder, format))), 'latest');
    const whole = await readFile(made.location);
    const store = directoryStore(await mkdtemp(join(folder, 'foreign-')));
    const file = `dump${endingOf(format)}`;
    await writeFile(join(store.location, file), whole);
    const foreign = findBackup(await readCatalog(store), 'dump');
    expect(foreign.manifest).toBeUndefined();
    expect((await verifyBackup({ store, backup: foreign, level: 'archive' })).passed).toBe(true);
    expect((await verifyBackup({ store, backup: foreign, level: 'bytes' })).passed).toBe(false);
    // The last kilobyte of a tar is padding: a cut in it loses nothing.
    const lost = format === 'directory' ? whole.length - 10_240 : whole.length - 40;
    for (const place of [0, 10, ...places(lost, 6).filter((one) => one > 10), lost]) {
      await writeFile(join(store.location, file), whole.subarray(0, place));
      expect(
        (await verifyBackup({ store, backup: foreign, level: 'archive' })).passed,
        `cut at ${place}`,
      ).toBe(false);
    }
    await rm(store.location, { recursive: true });
  });
});
