import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Backup, findBackup, readCatalog } from '../../src/backup/catalog.ts';
import { createBackup } from '../../src/backup/create.ts';
import { restoreBackup } from '../../src/backup/restore.ts';
import type { Store } from '../../src/backup/store.ts';
import { directoryStore } from '../../src/backup/stores/directory.ts';
import { continueRestore, readWayBack, undoRestore } from '../../src/backup/undo.ts';
import { type Cluster, startCluster } from '../support/postgres.ts';

let cluster: Cluster;
let folder: string;
let url: string;
let store: Store;
let backup: Backup;

beforeAll(async () => {
  cluster = await startCluster();
  folder = await mkdtemp(join(tmpdir(), 'backups-'));
  await cluster.sql('postgres', 'create role app login; create role other; create role "odd role"');
});

afterAll(async () => {
  await cluster?.stop();
  await rm(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  for (const { datname } of await cluster.sql(
    'postgres',
    "select datname from pg_database where datname ~ '^(shop|side)'",
  ))
    await cluster.sql('postgres', `drop database "${datname}" with (force)`);
  url = await cluster.create(
    'shop',
    `create table sale (id int primary key, what text); insert into sale select i, 'sale ' || i from generate_series(1, 100) i;`,
  );
  await cluster.sql(
    'postgres',
    `alter database shop owner to other;
     alter database shop set work_mem = '7MB';
     alter database shop set search_path = "$user", public, 'Odd, "schema"';
     alter database shop set app.secret_key = 'it''s \\ hidden';
     alter role "odd role" in database shop set timezone = 'Asia/Tokyo';
     alter database shop connection limit 42;
     revoke connect on database shop from public;
     grant connect on database shop to app with grant option;
     comment on database shop is 'the shop''s own words'`,
  );
  store = directoryStore(await mkdtemp(join(folder, 'store-')));
  await createBackup({ url, target: 'shop', kind: 'on-demand', store });
  backup = findBackup(await readCatalog(store), 'latest');
  await cluster.sql(
    'shop',
    "delete from sale where id > 10; insert into sale values (1000, 'after the backup')",
  );
});

/** What stands outside a dump, as the catalogue has it. */
async function outside(database: string) {
  const [row] = await cluster.sql(
    'postgres',
    `select pg_get_userbyid(datdba) as owner, datconnlimit, datallowconn,
            (select array_agg(x::text order by x::text) from unnest(datacl) x)::text as acl,
            shobj_description(d.oid, 'pg_database') as comment,
            (select json_agg(json_build_object('role', setrole::regrole::text, 'config', setconfig) order by setrole) from pg_db_role_setting where setdatabase = d.oid) as settings
       from pg_database d where datname = '${database}'`,
  );
  return row;
}

const rows = async (database: string) =>
  (await cluster.sql(database, 'select count(*)::int as n from sale'))[0]!.n;
const databases = async () =>
  (
    await cluster.sql('postgres', "select datname from pg_database where datname like 'shop%' order by 1")
  ).map((one) => one.datname);

describe('the safe swap', () => {
  test('the live name holds the backup, all that stands outside the dump came along, the old one is fenced', async () => {
    const before = await outside('shop');
    const session = new pg.Client({ host: cluster.folder, user: cluster.user, database: 'shop' });
    session.on('error', () => {});
    await session.connect();
    const result = await restoreBackup({ url, store, backup, place: { kind: 'swap' } });
    await session.end().catch(() => {});
    expect(result.sessionsEnded).toBe(1);
    expect(result.comparison?.equal).toBe(true);
    expect(await rows('shop')).toBe(100);
    expect(await outside('shop')).toEqual(before);
    expect(result.old).toMatch(/^shop_old_\d{8}_\d{6}$/);
    expect(await databases()).toEqual(['shop', result.old]);
    expect(await outside(result.old!)).toMatchObject({ datallowconn: false });
    await expect(rows(result.old!)).rejects.toThrow(/not currently accepting/);
  });

  test('undo brings the old one back with its rows and settings, and a second undo the restored one', async () => {
    const before = await outside('shop');
    const { old } = await restoreBackup({ url, store, backup, place: { kind: 'swap' } });
    expect(await readWayBack(url)).toMatchObject({ kind: 'swap-back', old, backup: backup.name });
    await cluster.sql('shop', "insert into sale values (5000, 'after the restore')");
    const undone = await undoRestore(url);
    expect(undone.words).toMatch(/again what it was/);
    expect(await rows('shop')).toBe(11);
    expect(await outside('shop')).toEqual(before);
    await undoRestore(url);
    expect(await rows('shop')).toBe(101);
    expect(await outside('shop')).toEqual(before);
  });

  test('where the live database is gone altogether', async () => {
    await cluster.sql('postgres', 'drop database shop');
    const result = await restoreBackup({ url, store, backup, place: { kind: 'swap' } });
    expect(result.old).toBeUndefined();
    expect(await rows('shop')).toBe(100);
    expect(await databases()).toEqual(['shop']);
  });

  test('two at once: one is told that the other is at work', async () => {
    const both = await Promise.allSettled([
      restoreBackup({ url, store, backup, place: { kind: 'swap' } }),
      restoreBackup({ url, store, backup, place: { kind: 'swap' } }),
    ]);
    expect(both.map((one) => one.status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(both.find((one) => one.status === 'rejected')?.reason).toMatchObject({ kind: 'unsafe' });
    expect(await rows('shop')).toBe(100);
  });
});

describe('what is refused or fails leaves the live database as it was', () => {
  const swap = (more: Partial<Parameters<typeof restoreBackup>[0]> = {}) =>
    restoreBackup({ url, store, backup, place: { kind: 'swap' }, ...more });
  const untouched = async () => {
    expect(await rows('shop')).toBe(11);
    expect(await databases()).toEqual(['shop']);
    expect(await outside('shop')).toMatchObject({ datallowconn: true, comment: "the shop's own words" });
  };

  test('a damaged archive', async () => {
    const path = store.path!(backup.file);
    const bytes = await readFile(path);
    bytes[Math.floor(bytes.length / 2)]! ^= 0x10;
    await writeFile(path, bytes);
    await expect(swap()).rejects.toMatchObject({ kind: 'damaged' });
    await untouched();
  });

  test('a truncated archive', async () => {
    const path = store.path!(backup.file);
    await writeFile(path, (await readFile(path)).subarray(0, -100));
    const cut = findBackup(await readCatalog(store), 'latest');
    await expect(swap({ backup: cut })).rejects.toMatchObject({ kind: 'damaged' });
    await untouched();
  });

  test('a dump that does not hold what its manifest says', async () => {
    const manifest = backup.manifest!;
    const tables = manifest.contents.tables.map((one) => ({ ...one, rows: 101 }));
    const lying = { ...backup, manifest: { ...manifest, contents: { ...manifest.contents, tables } } };
    await expect(swap({ backup: lying })).rejects.toMatchObject({
      kind: 'different',
      message: expect.stringMatching(/has 101 rows/),
    });
    await untouched();
    const accepted = await swap({ backup: lying, acceptDifferences: true });
    expect(accepted.comparison?.equal).toBe(false);
  });

  test('an abort', async () => {
    const stop = new AbortController();
    await expect(
      swap({ signal: stop.signal, onProgress: ({ phase }) => phase === 'compare' && stop.abort() }),
    ).rejects.toMatchObject({
      kind: 'aborted',
    });
    await untouched();
  });

  test('a plain dump that connects elsewhere by itself', async () => {
    await store.write(
      'foreign.sql',
      text(
        'create table a (i int);\n\\connect shop\ndrop table sale;\n-- PostgreSQL database dump complete\n',
      ),
    );
    const foreign = findBackup(await readCatalog(store), 'foreign');
    await expect(swap({ backup: foreign })).rejects.toMatchObject({ kind: 'unsafe' });
    await expect(swap({ backup: foreign, withoutManifest: true })).rejects.toThrow(/connect/);
    await untouched();
  });

  test('a role that the server lacks', async () => {
    const manifest = backup.manifest!;
    const roles = {
      ...backup,
      manifest: { ...manifest, contents: { ...manifest.contents, roles: ['nobody_here'] } },
    };
    await expect(swap({ backup: roles })).rejects.toThrow(/no role nobody_here/);
    await untouched();
  });

  test('a role that may not create databases', async () => {
    const login = url.replace(`//${cluster.user}@`, '//app@');
    await expect(swap({ url: login })).rejects.toMatchObject({ kind: 'denied' });
    await untouched();
  });
});

describe('interrupted', () => {
  /** A restore that is cut off from the server at a moment, as a killed one would be: nothing is cleaned up. */
  async function cutAt(phase: string) {
    const { spawn } = await import('node:child_process');
    const program = new URL('killed-restore.ts', import.meta.url).pathname;
    const child = spawn(process.execPath, [program, 'restore', url, store.location, backup.name, phase], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const signal = await new Promise((resolve) => child.once('exit', (_, name) => resolve(name)));
    expect(signal).toBe('SIGKILL');
  }

  test.each(['create', 'load', 'compare', 'analyze', 'swap'])(
    'killed at %s: undo cleans up, the live database is the old one',
    async (phase) => {
      await cutAt(phase);
      await freed();
      expect(await rows('shop')).toBe(11);
      const way = await readWayBack(url);
      if (way.kind === 'nothing') {
        expect(await databases()).toEqual(['shop']);
      } else {
        await expect(restoreBackup({ url, store, backup, place: { kind: 'swap' } })).rejects.toMatchObject({
          kind: 'unsafe',
        });
        await undoRestore(url);
      }
      expect(await databases()).toEqual(['shop']);
      expect(await rows('shop')).toBe(11);
      expect(await outside('shop')).toMatchObject({ datallowconn: true, comment: "the shop's own words" });
      await restoreBackup({ url, store, backup, place: { kind: 'swap' } });
      expect(await rows('shop')).toBe(100);
    },
  );

  /** Puts the server where a restore that was killed between fence and commit leaves it. */
  async function fencedMidway() {
    await cutAt('swap');
    await freed();
    const name = (await databases()).find((one) => String(one).includes('_new_'));
    const [fresh] = await cluster.sql(
      'postgres',
      `select shobj_description(oid, 'pg_database') as comment from pg_database where datname = '${name}'`,
    );
    const record = JSON.parse(String(fresh!.comment).replace('drillbook:restore ', ''));
    expect(record.phase).toBe('ready');
    const live = { ...record, role: 'live', phase: 'fenced', comment: "the shop's own words" };
    const quoted = `drillbook:restore ${JSON.stringify(live)}`.replaceAll("'", "''");
    await cluster.sql('postgres', `comment on database shop is '${quoted}'`);
    await cluster.sql('postgres', 'alter database shop with allow_connections false');
  }

  test('between fence and swap: continue finishes it', async () => {
    const before = await outside('shop');
    await fencedMidway();
    expect(await readWayBack(url)).toMatchObject({ kind: 'ready', fenced: true });
    await continueRestore(url);
    expect(await rows('shop')).toBe(100);
    expect(await outside('shop')).toEqual(before);
  });

  test('between fence and swap: undo lets the live one free', async () => {
    const before = await outside('shop');
    await fencedMidway();
    await undoRestore(url);
    expect(await rows('shop')).toBe(11);
    expect(await outside('shop')).toEqual(before);
    expect(await databases()).toEqual(['shop']);
  });

  test('the server crashes after the swap: all of it stands, and undo works', async () => {
    const { old } = await restoreBackup({ url, store, backup, place: { kind: 'swap' } });
    await cluster.sql('postgres', 'checkpoint');
    await cluster.crash();
    expect(await databases()).toEqual(['shop', old]);
    expect(await rows('shop')).toBe(100);
    await undoRestore(url);
    expect(await rows('shop')).toBe(11);
  });

  /** The lock of a killed process ends when the server notices that its connection is gone. */
  async function freed() {
    for (;;) {
      const [row] = await cluster.sql(
        'postgres',
        "select count(*)::int as n from pg_stat_activity where application_name = 'drillbook'",
      );
      if (row!.n === 0) return;
    }
  }
});

describe('other places', () => {
  test('into a new database; an existing one is refused', async () => {
    await restoreBackup({ url, store, backup, place: { kind: 'into', database: 'side' } });
    expect(await rows('side')).toBe(100);
    expect(await rows('shop')).toBe(11);
    await expect(
      restoreBackup({ url, store, backup, place: { kind: 'into', database: 'side' } }),
    ).rejects.toMatchObject({
      kind: 'already-there',
    });
    expect(await rows('side')).toBe(100);
  });

  test('in place', async () => {
    await restoreBackup({ url, store, backup, place: { kind: 'in-place' } });
    expect(await rows('shop')).toBe(100);
    expect(await databases()).toEqual(['shop']);
  });

  test('a partial backup is known as one and not swapped in', async () => {
    await cluster.sql(
      'shop',
      'create schema extra; create table extra.t (i int); create table extra.u (i int)',
    );
    const partial = await createBackup({
      url,
      target: 'part',
      kind: 'on-demand',
      store,
      selection: { schemas: [], tables: ['extra.t'] },
    });
    expect(partial.contents.tables.map((one) => one.name)).toEqual(['t']);
    const part = findBackup(await readCatalog(store), partial.name);
    await expect(restoreBackup({ url, store, backup: part, place: { kind: 'swap' } })).rejects.toThrow(
      /partial/,
    );
    const result = await restoreBackup({
      url,
      store,
      backup: part,
      place: { kind: 'into', database: 'side' },
    });
    expect(result.comparison?.differences).toEqual([]);
  });
});

test('the store is not written to by a restore', async () => {
  const before = await readdir(store.location);
  await restoreBackup({ url, store, backup, place: { kind: 'swap' } });
  expect(await readdir(store.location)).toEqual(before);
});

async function* text(words: string) {
  yield Buffer.from(words);
}
