import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findBackup, readCatalog } from '../../src/backup/catalog.ts';
import { createBackup } from '../../src/backup/create.ts';
import { readIdentity } from '../../src/backup/identity.ts';
import type { Store } from '../../src/backup/store.ts';
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
    `create table customer (id int primary key generated always as identity, name text not null, created_at timestamptz default now());
     create table invoice (id bigserial primary key, customer int not null references customer, cents bigint);
     insert into customer (name) select 'customer ' || i from generate_series(1, 500) i;
     insert into invoice (customer, cents) select i, i * 100 from generate_series(1, 500) i;`,
  );
});

afterAll(async () => {
  await cluster?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** A store in a folder of its own below the temporary one. */
async function newStore(): Promise<Store & { folder: string }> {
  const own = await mkdtemp(join(folder, 'store-'));
  return { ...directoryStore(own), folder: own };
}

describe('createBackup', () => {
  test.each(['custom', 'directory', 'plain', 'plain-gzip'] as const)(
    '%s: stored, described, verified',
    async (format) => {
      const store = await newStore();
      const manifest = await createBackup({ url, target: 'shop', kind: 'on-demand', store, format, jobs: 2 });
      expect(manifest.name).toMatch(/^shop-on-demand-\d{8}-\d{6}$/);
      expect(manifest.contents.tables.map((one) => [one.name, one.rows])).toEqual([
        ['customer', 500],
        ['invoice', 500],
      ]);
      expect(manifest.contents.constraints.find((one) => one.type === 'foreign key')?.orphans).toBe(0);
      expect(manifest.contents.sequences.map((one) => one.value)).toEqual(['500', '500']);
      const catalog = await readCatalog(store);
      expect(catalog.unfinished).toEqual([]);
      const backup = findBackup(catalog, 'latest');
      expect(backup.manifest).toEqual(manifest);
      for (const level of ['bytes', 'archive'] as const) {
        const result = await verifyBackup({ store, backup, level });
        expect(result.checks.map((one) => one.verdict)).not.toContain('failed');
        expect(result.passed).toBe(true);
      }
      expect((await readCatalog(store)).backups[0]?.verifications).toHaveLength(2);
      // Backup, manifest, two results: no partial file, no marker, no folder.
      expect(await readdir(store.folder)).toHaveLength(4);
    },
  );

  test('two at the same second both stand', async () => {
    const store = await newStore();
    const request = { url, target: 'shop', kind: 'scheduled', store } as const;
    const made = await Promise.all([createBackup(request), createBackup(request), createBackup(request)]);
    expect(new Set(made.map((one) => one.name)).size).toBe(3);
    const catalog = await readCatalog(store);
    expect(catalog.backups.filter((one) => one.manifest !== undefined)).toHaveLength(3);
  });

  test('the latest is the newest whole one: neither a partial one nor a dump of somebody else', async () => {
    const store = await newStore();
    const request = { url, target: 'shop', kind: 'on-demand', store } as const;
    const all = await createBackup(request);
    await createBackup({ ...request, selection: { schemas: [], tables: ['public.invoice'] } });
    await store.write('later.dump', bytes('x'));
    expect(findBackup(await readCatalog(store), 'latest').name).toBe(all.name);
    expect(() => findBackup({ backups: [], unfinished: [] }, 'latest')).toThrow(/has none/);
  });

  test('an edited manifest is told', async () => {
    const store = await newStore();
    const manifest = await createBackup({ url, target: 'shop', kind: 'on-demand', store });
    const text = await readFile(join(store.folder, `${manifest.name}.manifest.json`), 'utf8');
    await store.remove(`${manifest.name}.manifest.json`);
    await store.write(`${manifest.name}.manifest.json`, bytes(text.replace('"rows": 500', '"rows": 499')));
    const backup = findBackup(await readCatalog(store), manifest.name);
    expect(backup.damage).toMatch(/was changed after it was written/);
    expect((await verifyBackup({ store, backup, level: 'archive' })).passed).toBe(false);
  });

  test('an abort leaves nothing', async () => {
    const store = await newStore();
    const stop = new AbortController();
    const made = createBackup({
      url,
      target: 'shop',
      kind: 'on-demand',
      store,
      signal: stop.signal,
      onProgress: () => stop.abort(),
    });
    await expect(made).rejects.toMatchObject({ kind: 'aborted' });
    expect(await readdir(store.folder)).toEqual([]);
  });
});

describe('readIdentity', () => {
  test('tells system, address and database, also of a fenced one', async () => {
    const fenced = await cluster.create('fenced');
    await cluster.sql('postgres', 'alter database fenced with allow_connections false');
    expect(await readIdentity(fenced)).toEqual({
      system: expect.stringMatching(/^\d+$/),
      address: `${cluster.folder}:5432`,
      database: 'fenced',
      exists: true,
      replica: false,
      version: expect.stringMatching(/^\d+\.\d+$/),
    });
  });

  test('a database that is not there', async () => {
    expect(await readIdentity(cluster.url('nowhere'))).toMatchObject({ exists: false, database: 'nowhere' });
  });

  test.each([
    ['', /empty/],
    ['postgres://u:se:cr@et@127.0.0.1:1/x', /Nothing listens/],
    ['postgres://u:secret@127.0.0.1', /no database/],
    ['mysql://u:secret@h/x', /not of the form/],
    ['postgres://u:secret@a,b/x', /several hosts/],
    ['postgres://u:secret@h:70000/x', /port/],
  ])('%s fails with a sentence and without the password', async (bad, words) => {
    const answer = await readIdentity(bad);
    expect(answer).toMatchObject({ failure: expect.stringMatching(words) });
    expect(JSON.stringify(answer)).not.toMatch(/secret|se:cr/);
  });
});

async function* bytes(text: string) {
  yield Buffer.from(text);
}
