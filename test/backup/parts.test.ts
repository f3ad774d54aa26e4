import { spawn } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findBackup, readCatalog } from '../../src/backup/catalog.ts';
import { compare } from '../../src/backup/compare.ts';
import type { SequenceContents } from '../../src/backup/contents.ts';
import { createBackup } from '../../src/backup/create.ts';
import { findTool } from '../../src/backup/engines/postgres/tool.ts';
import { restoreBackup } from '../../src/backup/restore.ts';
import { directoryStore } from '../../src/backup/stores/directory.ts';
import { sequenceDifferences } from '../../src/backup/table-difference.ts';
import { type Cluster, startCluster } from '../support/postgres.ts';

let cluster: Cluster;
let folder: string;
let url: string;

beforeAll(async () => {
  cluster = await startCluster();
  folder = await mkdtemp(join(tmpdir(), 'backups-'));
  await cluster.sql(
    'postgres',
    "create role clerk login password 's3cr3t-p4ss'; create role staff; grant staff to clerk",
  );
  url = await cluster.create(
    'shop',
    `create type kind as enum ('a', 'b');
     create table customer (id int primary key, kind kind, name text);
     create table "Sale Of" (id serial primary key, customer int references customer, note text);
     create index "Sale Of note" on "Sale Of" (note);
     create table event (id int, at date) partition by range (at);
     create table event_a partition of event for values from ('2025-01-01') to ('2026-01-01');
     create table event_b partition of event for values from ('2026-01-01') to ('2027-01-01');
     create function kept() returns trigger language plpgsql as $$ begin raise 'kept'; end $$;
     insert into customer select i, 'a', 'c' || i from generate_series(1, 50) i;
     insert into "Sale Of" (customer, note) select i, 'n' || i from generate_series(1, 50) i;
     insert into event select i, '2025-12-01'::date + i from generate_series(1, 60) i;
     create trigger immutable before delete on "Sale Of" for each row execute function kept();
     alter table "Sale Of" enable row level security;
     create policy own on "Sale Of" using (true);`,
  );
});

afterAll(async () => {
  await cluster?.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('roles beside a dump', () => {
  test('are kept where asked for, without passwords, and can be played into another server', async () => {
    const store = directoryStore(join(folder, 'globals'));
    const made = await createBackup({ url, target: 'shop', kind: 'on-demand', store, globals: true });
    expect(made.globals).toMatch(/CREATE ROLE clerk;/);
    expect(made.globals).toMatch(/GRANT staff TO clerk/);
    expect(JSON.stringify(made)).not.toMatch(/PASSWORD '|SCRAM-SHA|s3cr3t|\\\\restrict/);
    const main = new URL('../../src/main.ts', import.meta.url).pathname;
    const show = spawn(process.execPath, [main, 'backup', 'show', 'latest', '--globals'], {
      env: { ...process.env, BACKUP_DIR: store.location },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const chunks: Buffer[] = [];
    for await (const chunk of show.stdout) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).toString()).toBe(made.globals);
    const other = await startCluster();
    try {
      // The server's own role is there already.
      await other.sql('postgres', made.globals!.replace(new RegExp(`CREATE ROLE "?${cluster.user}"?;`), ''));
      expect(
        await other.sql(
          'postgres',
          "select rolcanlogin from pg_roles where rolname in ('clerk', 'staff') order by rolname",
        ),
      ).toEqual([{ rolcanlogin: true }, { rolcanlogin: false }]);
    } finally {
      await other.stop();
    }
  });

  test('are not kept where nobody asked', async () => {
    const store = directoryStore(join(folder, 'without'));
    expect((await createBackup({ url, target: 'shop', kind: 'on-demand', store })).globals).toBeUndefined();
  });
});

describe('single tables of a backup', () => {
  test('come with their rows, keys, indexes, triggers and policies, partitions included; the others stay empty', async () => {
    const store = directoryStore(join(folder, 'tables'));
    await createBackup({ url, target: 'shop', kind: 'on-demand', store });
    const backup = findBackup(await readCatalog(store), 'latest');
    const request = { url, store, backup, jobs: 2 } as const;
    const result = await restoreBackup({
      ...request,
      place: { kind: 'into', database: 'beside' },
      tables: ['public.Sale Of', 'public.event'],
    });
    expect(result.comparison).toMatchObject({ equal: true, differences: [] });
    expect(result.comparison!.tables.map((one) => [one.table, one.right?.rows])).toEqual([
      ['public.Sale Of', 50],
      ['public.event_a', 30],
      ['public.event_b', 30],
    ]);
    expect(
      await cluster.sql(
        'beside',
        `select (select count(*)::int from customer) as customers, (select count(*)::int from pg_policies) as policies,
                (select count(*)::int from pg_constraint where contype = 'f') as keys, nextval('"Sale Of_id_seq"')::int as next`,
      ),
    ).toEqual([{ customers: 0, policies: 1, keys: 0, next: 51 }]);
    await expect(
      restoreBackup({ ...request, place: { kind: 'into', database: 'other' }, tables: ['public.nothing'] }),
    ).rejects.toThrow(/no table public\.nothing. It has public\.Sale Of, /);
    await expect(
      restoreBackup({ ...request, place: { kind: 'swap' }, tables: ['public.event'] }),
    ).rejects.toThrow(/--into/);
    expect(await cluster.sql('postgres', "select 1 from pg_database where datname = 'other'")).toEqual([]);
  });
});

describe('indexes read through', () => {
  const sides = () => ({ left: { url }, right: { url: cluster.url('indexed') } });

  beforeAll(async () => {
    await cluster.sql('postgres', 'create database indexed template shop');
  });

  test('are a note where the extension is missing, and nothing is installed', async () => {
    const compared = await compare({ ...sides(), indexes: true });
    expect(compared.equal).toBe(true);
    expect(compared.differences).toMatchObject([
      { severity: 'note', words: expect.stringMatching(/no extension amcheck/) },
    ]);
  });

  test('an index that lacks rows of its table is found', async () => {
    for (const database of ['shop', 'indexed']) await cluster.sql(database, 'create extension amcheck');
    expect((await compare({ ...sides(), indexes: true })).differences).toEqual([]);
    const made = `create function turned(t text) returns text language sql immutable as $$ select t $$; create index turned_name on customer (turned(name));`;
    for (const database of ['shop', 'indexed']) await cluster.sql(database, made);
    // A function that is not what it was when the index was built: the usual way of an index to go bad.
    const later =
      'create or replace function turned(t text) returns text language sql immutable as $$ select reverse(t) $$';
    for (const database of ['shop', 'indexed']) await cluster.sql(database, later);
    expect((await compare(sides())).equal).toBe(true);
    const compared = await compare({ ...sides(), indexes: true });
    expect(compared.equal).toBe(false);
    expect(compared.differences).toMatchObject([
      {
        severity: 'failure',
        kind: 'index',
        words: expect.stringMatching(/public\.turned_name is damaged: /),
      },
    ]);
  });
});

test('a psql that is too old for the dump is named, and nothing stays', async ({ skip }) => {
  const store = directoryStore(join(folder, 'plain'));
  await createBackup({ url, target: 'shop', kind: 'on-demand', store, format: 'plain' });
  const backup = findBackup(await readCatalog(store), 'latest');
  const text = await readFile(store.path!(backup.file), 'utf8');
  skip(!/^\\restrict /m.test(text), 'the pg_dump of this machine writes no \\restrict yet');
  const { path, version } = await findTool('psql', 13);
  const bin = await mkdtemp(join(folder, 'bin-'));
  // What an older one says of a command that came later.
  await writeFile(
    join(bin, 'psql'),
    `#!/bin/sh\nif [ "$1" = --version ]; then echo "psql (PostgreSQL) ${version}"; exit 0; fi\nsed 's/^\\\\\\(un\\)\\{0,1\\}restrict/\\\\\\1newer_than_this/' | '${path}' "$@" 2>&1 | sed 's/newer_than_this/restrict/' >&2\nexit 3\n`,
  );
  await chmod(join(bin, 'psql'), 0o755);
  const before = process.env.PATH;
  process.env.PATH = `${bin}:${before}`;
  try {
    await expect(
      restoreBackup({ url, store, backup, place: { kind: 'into', database: 'too_old' } }),
    ).rejects.toThrow(/does not know the \\restrict that pg_dump writes since/);
  } finally {
    process.env.PATH = before;
  }
  expect(await cluster.sql('postgres', "select 1 from pg_database where datname = 'too_old'")).toEqual([]);
});

describe('a sequence behind its reference', () => {
  const at = (value: string) =>
    ({ schema: 'public', name: 'ids', value, called: true, increment: '1' }) as SequenceContents;
  const sides = { left: 'the live one', right: 'the copy' };
  test.each([
    ['57469', '57445', 0.05, ['note']],
    ['57469', '1', 0.05, ['failure']],
    ['57469', '57445', undefined, ['failure']],
    ['57469', '57469', undefined, []],
  ])('%s and %s with a tolerance of %s', (live, copy, tolerance, expected) => {
    const found = sequenceDifferences(at(live), at(copy), {
      ...sides,
      ...(tolerance === undefined ? {} : { tolerance }),
    });
    expect(found.map((one) => one.severity)).toEqual(expected);
  });
});
