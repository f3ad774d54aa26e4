import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, link, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Backup, findBackup, readCatalog } from '../../src/backup/catalog.ts';
import { compare } from '../../src/backup/compare.ts';
import { createBackup } from '../../src/backup/create.ts';
import { isSqlite, sqliteFile } from '../../src/backup/engines/sqlite/file.ts';
import { usersOf } from '../../src/backup/engines/sqlite/users.ts';
import { readIdentity } from '../../src/backup/identity.ts';
import { restoreBackup } from '../../src/backup/restore.ts';
import type { Store } from '../../src/backup/store.ts';
import { directoryStore } from '../../src/backup/stores/directory.ts';
import { continueRestore, readWayBack, undoRestore } from '../../src/backup/undo.ts';
import { verifyBackup } from '../../src/backup/verify.ts';
import { targetSettings } from '../../src/settings/target-settings.ts';
import { readyTarget } from '../../src/settings/targets.ts';

let folder: string;
let live: string;
let url: string;
let store: Store;

const schema = `
  pragma journal_mode = wal;
  pragma user_version = 7;
  create table customer (id integer primary key autoincrement, name text not null, created_at timestamp, blob, real real,
    upper text generated always as (upper(name)) virtual) strict;
  create table line (a int, b text, customer int references customer, primary key (a, b)) without rowid;
  create index customer_name on customer (name) where real > 1;
  create view named as select name from customer;
  create trigger keep before delete on line begin select raise(abort, 'kept'); end;
`.replace('timestamp, blob,', 'text, blob blob,');

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sqlite-'));
  live = join(folder, 'shop %20#.db');
  url = `sqlite:${live.replace(/[%#]/g, encodeURIComponent)}`;
  store = directoryStore(join(folder, 'store'));
  const database = new DatabaseSync(live);
  database.exec(schema);
  const insert = database.prepare('insert into customer (name, created_at, blob, real) values (?, ?, ?, ?)');
  for (let i = 1; i <= 300; i += 1)
    insert.run(
      `n${i}\0after`,
      `2026-01-${String((i % 28) + 1).padStart(2, '0')}`,
      Buffer.from([i % 256, 0, 1]),
      i / 3,
    );
  database.exec("insert into line select id, 'x', id from customer");
  database.close();
});

afterEach(() => rm(folder, { recursive: true, force: true }));

async function made(): Promise<Backup> {
  await createBackup({ url, target: 'shop', kind: 'on-demand', store });
  return findBackup(await readCatalog(store), 'latest');
}

/** Runs statements in the live file. */
function change(text: string): void {
  const database = new DatabaseSync(live, { enableForeignKeyConstraints: false, defensive: false });
  database.exec(text);
  database.close();
}

function rows(path = live): number {
  const database = new DatabaseSync(path);
  try {
    return (database.prepare('select count(*) as n from customer').get() as { n: number }).n;
  } finally {
    database.close();
  }
}

/** What stands beside the live file, by the end of its name. */
async function beside(): Promise<string[]> {
  return (await readdir(folder))
    .filter((name) => name !== 'store' && !/-(?:wal|shm)$/.test(name))
    .map((name) => name.replace('shop %20#.db', '*').replace(/\d{8}-\d{6}-[0-9a-f]{4}/, 'ID'))
    .sort();
}

test.each([
  ['sqlite:/a/b.db', '/a/b.db'],
  ['sqlite:///a/b.db', '/a/b.db'],
  ['sqlite://localhost/a/b.db?mode=ro', '/a/b.db'],
  ['sqlite3:/a%20b%23.db', '/a b#.db'],
])('%s is %s', (given, path) => {
  expect(isSqlite(given)).toBe(true);
  expect(sqliteFile(given)).toBe(path);
});

test.each(['sqlite:', 'sqlite::memory:', 'sqlite://host/x.db', 'sqlite:/a/', 'sqlite:/a%zz'])(
  '%s names no file',
  (given) => expect(() => sqliteFile(given)).toThrow(/SQLite URL/),
);

test.each([
  ['shop %20#.db', '/srv/shop %20#.db'],
  ['sqlite:data/shop%20%23.db', '/srv/data/shop #.db'],
  ['sqlite:///var/shop.db', '/var/shop.db'],
])('a target at %s', async (given, path) => {
  const settings = targetSettings.parse({
    environment: 'local',
    url: given,
    engine: given.startsWith('sqlite') ? undefined : 'sqlite',
  });
  const ready = await readyTarget('shop', settings, '/srv', {});
  if ('problem' in ready) throw new Error(ready.problem);
  expect(ready.target).toMatchObject({ engine: 'sqlite', database: basename(path), address: path });
  expect(sqliteFile(ready.url)).toBe(path);
  expect(ready.values).toMatchObject({ DATABASE_FILE: { value: path }, DATABASE_URL: { value: ready.url } });
});

describe('a backup', () => {
  test('of a file that is written to: with what stands in its WAL, whole, of one moment', async () => {
    const writer = new DatabaseSync(live);
    writer.exec(
      "insert into customer (name, created_at) values ('in the wal', '2026-02-01'); begin immediate; insert into customer (name) values ('not committed')",
    );
    const backup = await made();
    const { contents, warnings, server } = backup.manifest!;
    writer.close();
    expect(contents.tables.map((one) => [one.name, one.rows, one.newest?.value])).toEqual([
      ['customer', 301, '2026-02-01'],
      ['line', 300, undefined],
    ]);
    expect(contents.sequences).toMatchObject([{ name: 'customer', value: '301' }]);
    expect(contents.indexes.map((one) => one.name)).toEqual(['customer_name']);
    expect(contents.triggers.map((one) => one.name)).toEqual(['keep']);
    expect(contents.objects.map((one) => one.name)).toContain('main.named');
    expect(contents.constraints.find((one) => one.type === 'foreign key')?.orphans).toBe(0);
    expect(warnings).toEqual([]);
    expect(server).toMatchObject({ database: 'shop %20#.db', exists: true });
    for (const level of ['bytes', 'archive', 'restore'] as const)
      expect(await verifyBackup({ store, backup, level })).toMatchObject({ passed: true });
    // The backup and its manifest, three results: no copy, no marker is left.
    expect(await readdir(store.location)).toHaveLength(5);
  });

  test('is stopped in the middle of its copy, and leaves nothing', async () => {
    const own = await mkdtemp(join(tmpdir(), 'stopped-'));
    try {
      const file = join(own, 'large.db');
      const large = new DatabaseSync(file);
      large.exec(
        'create table t (s text); with recursive c (i) as (select 1 union all select i + 1 from c where i < 4000) insert into t select hex(zeroblob(2000)) from c',
      );
      large.close();
      const stop = new AbortController();
      const store = directoryStore(join(own, 'store'));
      await expect(
        createBackup({
          url: `sqlite:${file}`,
          target: 'large',
          kind: 'on-demand',
          store: {
            ...store,
            // The folder for the copy is the last thing that is made before it.
            scratch: async () => {
              stop.abort();
              return store.scratch!();
            },
          },
          signal: stop.signal,
        }),
      ).rejects.toMatchObject({ kind: 'aborted' });
      expect(await readdir(join(own, 'store'))).toEqual([]);
    } finally {
      await rm(own, { recursive: true, force: true });
    }
  });

  test('tells orphans and a damaged page of the live file', async () => {
    change("insert into line values (999, 'x', 999)");
    expect((await made()).manifest!.warnings).toEqual([
      expect.stringMatching(/^1 rows of main\.line point to rows that are not there/),
    ]);
    change(
      "insert into customer (name) values ('no blob'); pragma writable_schema = on; update sqlite_schema set sql = replace(sql, 'blob blob', 'blob blob not null') where name = 'customer'",
    );
    const backup = await made();
    expect(backup.manifest!.warnings.join()).toMatch(
      /fails its integrity check: NULL value in customer\.blob/,
    );
    expect(await verifyBackup({ store, backup, level: 'archive' })).toMatchObject({ passed: false });
    const bytes = await readFile(live);
    bytes.fill(0xff, 3 * 4096 + 200, 3 * 4096 + 900);
    await writeFile(live, bytes);
    const before = await readdir(store.location);
    await expect(made()).rejects.toThrow(/is damaged .* Keep a copy/);
    expect(await readdir(store.location)).toEqual(before);
  });

  test.each<[string, () => Promise<string>, RegExp]>([
    ['a file that is not there', async () => 'sqlite:/nonexistent/shop.db', /There is no file/],
    [
      'a file of something else',
      async () => {
        await writeFile(
          join(folder, 'text.db'),
          'no database at all, but long enough to look like one\n'.repeat(40),
        );
        return `sqlite:${join(folder, 'text.db')}`;
      },
      /damaged or no SQLite database/,
    ],
  ])('%s is told, and nothing is left', async (_, place, words) => {
    await expect(createBackup({ url: await place(), target: 'x', kind: 'on-demand', store })).rejects.toThrow(
      words,
    );
    expect(await readdir(store.location).catch(() => [])).toEqual([]);
  });

  test('every flip and cut is found', async () => {
    const backup = await made();
    const path = store.path!(backup.file);
    const whole = await readFile(path);
    for (let turn = 0; turn < 40; turn += 1) {
      const place = Math.floor(((turn + 0.37) * whole.length) / 40);
      const flipped = Buffer.from(whole);
      flipped[place]! ^= 1 << (turn % 8);
      for (const bytes of [flipped, whole.subarray(0, place)]) {
        await writeFile(path, bytes);
        expect((await verifyBackup({ store, backup, level: 'archive' })).passed, `${turn}`).toBe(false);
      }
    }
  });

  test('a copy that somebody else made is listed, verified and restored', async () => {
    const other = directoryStore(join(folder, 'other'));
    await other.write('friday.db', [await readFile(live)] as unknown as AsyncIterable<Uint8Array>);
    const backup = findBackup(await readCatalog(other), 'friday');
    expect(await verifyBackup({ store: other, backup, level: 'archive' })).toMatchObject({ passed: true });
    await expect(restoreBackup({ url, store: other, backup, place: { kind: 'swap' } })).rejects.toThrow(
      /no manifest/,
    );
    change("delete from customer where name > 'n2'");
    await restoreBackup({ url, store: other, backup, place: { kind: 'swap' }, withoutManifest: true });
    expect(rows()).toBe(300);
  });
});

describe('a restore', () => {
  test('swaps, keeps the old file, and goes back and forth', async () => {
    const backup = await made();
    change("insert into customer (name) values ('later')");
    const result = await restoreBackup({ url, store, backup, place: { kind: 'swap' } });
    expect(result).toMatchObject({ database: live, comparison: { equal: true }, warnings: [] });
    expect(rows()).toBe(300);
    expect(rows(result.old)).toBe(301);
    expect((await compare({ left: { manifest: backup.manifest! }, right: { url } })).differences).toEqual([]);
    expect(await readWayBack(url)).toMatchObject({ kind: 'swap-back', backup: backup.name });
    await undoRestore(url);
    expect(rows()).toBe(301);
    expect(await beside()).toEqual(['*', '*.undone-ID']);
    expect(await readWayBack(url)).toEqual({ kind: 'nothing' });
    await expect(undoRestore(url)).rejects.toThrow(/No restore/);
  });

  test('what differs is told', async () => {
    const backup = await made();
    change(
      'update customer set real = 1 where id = 5; drop trigger keep; delete from customer where id = 7; pragma user_version = 8',
    );
    const { equal, differences } = await compare({ left: { manifest: backup.manifest! }, right: { url } });
    expect(equal).toBe(false);
    const words = differences.map((one) => one.words).join('\n');
    for (const part of [
      /customer has 300 rows .* and 299/,
      /trigger main\.line\.keep is missing/,
      /orphan|point/,
      /user_version/,
    ])
      expect(words).toMatch(part);
  });

  test('a file that another process has open is left alone', async ({ skip }) => {
    skip(process.platform !== 'linux', 'only /proc tells who has a file open');
    const backup = await made();
    const child = spawn(process.execPath, [
      '-e',
      `const d = new (require('node:sqlite').DatabaseSync)(process.argv[1]); d.prepare('select count(*) from customer').get(); console.log('open'); process.stdin.resume().on('end', () => process.exit())`,
      live,
    ]);
    try {
      await once(child.stdout, 'data');
      // Told by what is open, whatever it is called by now.
      await link(live, `${live}.second`);
      expect(await usersOf(`${live}.second`)).toMatchObject([{ pid: child.pid }]);
      await rm(`${live}.second`);
      await expect(restoreBackup({ url, store, backup, place: { kind: 'swap' } })).rejects.toThrow(
        new RegExp(`is open in .*\\(${child.pid}\\)`),
      );
    } finally {
      child.stdin.end();
      await once(child, 'exit');
    }
    expect(await beside()).toEqual(['*']);
    expect(rows()).toBe(300);
  });

  test('a writer in this very process is seen by its lock', async () => {
    const backup = await made();
    const writer = new DatabaseSync(live);
    writer.exec('begin immediate');
    await expect(restoreBackup({ url, store, backup, place: { kind: 'swap' } })).rejects.toThrow(/locked/);
    writer.close();
    expect(await beside()).toEqual(['*']);
  });

  test('a damaged live file is swapped out as it is, and comes back by undo', async () => {
    const backup = await made();
    await writeFile(live, 'rubbish'.repeat(2000));
    await writeFile(`${live}-wal`, 'a log of rubbish');
    const result = await restoreBackup({ url, store, backup, place: { kind: 'swap' } });
    expect(result.warnings!.join()).toMatch(/swapped out as it is/);
    expect(rows()).toBe(300);
    expect(await readFile(`${result.old}-wal`, 'utf8')).toBe('a log of rubbish');
    await undoRestore(url);
    expect(await readFile(live, 'utf8')).toMatch(/^rubbish/);
    expect(await readFile(`${live}-wal`, 'utf8')).toBe('a log of rubbish');
  });

  test('into another file, beside; through a link; where the live one is lost', async () => {
    const backup = await made();
    const { database } = await restoreBackup({
      url,
      store,
      backup,
      place: { kind: 'into', database: 'copy.db' },
    });
    expect(rows(database)).toBe(300);
    await expect(
      restoreBackup({ url, store, backup, place: { kind: 'into', database: 'copy.db' } }),
    ).rejects.toThrow(/already/);
    await symlink(live, join(folder, 'link.db'));
    change('delete from line where false; drop trigger keep; delete from line');
    await restoreBackup({ url: `sqlite:${join(folder, 'link.db')}`, store, backup, place: { kind: 'swap' } });
    expect((await compare({ left: { manifest: backup.manifest! }, right: { url } })).equal).toBe(true);
    await rm(live);
    const result = await restoreBackup({ url, store, backup, place: { kind: 'swap' } });
    expect(result.old).toBeUndefined();
    expect(rows()).toBe(300);
  });

  test.each<[string, (path: string) => Promise<void>, RegExp]>([
    [
      'a flipped bit',
      async (path) => {
        const bytes = await readFile(path);
        bytes[5000]! ^= 4;
        await writeFile(path, bytes);
      },
      /SHA-256/,
    ],
    ['another file', async (path) => writeFile(path, 'x'), /bytes, its manifest says|SHA-256/],
  ])('%s: the live file is not touched', async (_, damage, words) => {
    await made();
    await damage(store.path!((await readCatalog(store)).backups[0]!.file));
    const backup = findBackup(await readCatalog(store), 'latest');
    await expect(restoreBackup({ url, store, backup, place: { kind: 'swap' } })).rejects.toThrow(words);
    expect(await beside()).toEqual(['*']);
    expect(rows()).toBe(300);
  });

  test('PostgreSQL and SQLite are not taken for each other', async () => {
    const backup = await made();
    await store.write('pg.dump', [Buffer.from('x')] as unknown as AsyncIterable<Uint8Array>);
    const dump = findBackup(await readCatalog(store), 'pg');
    await expect(
      restoreBackup({ url, store, backup: dump, place: { kind: 'swap' }, withoutManifest: true }),
    ).rejects.toThrow(/PostgreSQL/);
    await expect(
      compare({ left: { manifest: backup.manifest! }, right: { url: 'postgres://u@/x?host=/nonexistent' } }),
    ).rejects.toThrow(/two kinds/);
    expect(await readIdentity('sqlite:')).toMatchObject({ failure: expect.stringMatching(/names no file/) });
  });
});

describe('a restore or undo that is killed', () => {
  test.each(['restore', 'undo'] as const)(
    '%s, at any change of the folder',
    async (task) => {
      const backup = await made();
      const copy = join(folder, 'before.sqlite');
      await copyFile(live, copy);
      change("insert into customer (name) values ('later')");
      const seen = new Set<string>();
      let ended = false;
      // Beyond the last change it ends by itself.
      for (let at = 1; !ended; at += 1) {
        if (task === 'undo') await restoreBackup({ url, store, backup, place: { kind: 'swap' } });
        const child = spawn(
          process.execPath,
          [
            new URL('killed-sqlite.ts', import.meta.url).pathname,
            task,
            url,
            store.location,
            backup.name,
            String(at),
          ],
          { stdio: ['ignore', 'ignore', 'inherit'] },
        );
        const [, signal] = await once(child, 'close');
        // Whatever happened: there is a live file, and it is one of the two.
        expect([300, 301]).toContain(rows());
        const way = await readWayBack(url);
        ended = signal === null;
        seen.add(`${way.kind}${ended ? ' (ended)' : ''}`);
        if (way.kind === 'ready' && at % 2 === 0) {
          await continueRestore(url);
          expect(rows()).toBe(300);
        } else if (way.kind === 'ready' || way.kind === 'unfinished') {
          const before = rows();
          await undoRestore(url);
          expect(rows()).toBe(before);
        }
        // Nothing of it is in the way of the next one.
        if ((await readWayBack(url)).kind === 'nothing')
          await restoreBackup({ url, store, backup, place: { kind: 'swap' } });
        await undoRestore(url);
        expect(rows()).toBe(301);
        expect(await readWayBack(url)).toEqual({ kind: 'nothing' });
        for (const name of await readdir(folder)) if (/\.undone-/.test(name)) await rm(join(folder, name));
        expect(await beside()).toEqual(['*', 'before.sqlite']);
      }
      expect([...seen].sort()).toEqual(
        task === 'restore'
          ? ['nothing', 'ready', 'swap-back', 'swap-back (ended)', 'unfinished']
          : ['nothing', 'nothing (ended)', 'swap-back', 'unfinished'],
      );
    },
    300_000,
  );
});
