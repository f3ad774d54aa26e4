import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findBackup, readCatalog } from '../../src/backup/catalog.ts';
import { compare } from '../../src/backup/compare.ts';
import { createBackup } from '../../src/backup/create.ts';
import { findTool } from '../../src/backup/engines/postgres/tool.ts';
import { restoreBackup } from '../../src/backup/restore.ts';
import { directoryStore } from '../../src/backup/stores/directory.ts';
import { verifyBackup } from '../../src/backup/verify.ts';
import { type Cluster, startCluster } from '../support/postgres.ts';

let cluster: Cluster;
let folder: string;
let url: string;

beforeAll(async () => {
  cluster = await startCluster();
  folder = await mkdtemp(join(tmpdir(), 'backups-'));
  await cluster.sql('postgres', 'create role reader; create role keeper');
  url = await cluster.create('everything', await readFile(new URL('families.sql', import.meta.url), 'utf8'));
  // The same by hand: PostgreSQL writes some expressions otherwise after a passage through a dump, in both.
  await cluster.create('by_hand');
  const place = `-h '${cluster.folder}' -U '${cluster.user}'`;
  await promisify(execFile)('sh', [
    '-c',
    `pg_dump ${place} everything | psql -X -q -v ON_ERROR_STOP=1 ${place} by_hand`,
  ]);
});

afterAll(async () => {
  await cluster?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** The schema as pg_dump writes it, without what differs at each run. */
async function schemaOf(database: string): Promise<string> {
  const tool = await findTool('pg_dump', 13);
  const { stdout } = await promisify(execFile)(
    tool.path,
    ['--schema-only', '-h', cluster.folder, '-U', cluster.user, database],
    {
      maxBuffer: 1 << 24,
    },
  );
  return stdout.replace(/^\\(?:un)?restrict .*$/gm, '');
}

describe.each(['custom', 'directory', 'plain', 'plain-gzip'] as const)('%s', (format) => {
  test('what is restored is what was there, by our comparison and by pg_dump', async () => {
    const store = directoryStore(join(folder, format));
    await createBackup({ url, target: 'everything', kind: 'on-demand', store, format, jobs: 2 });
    const backup = findBackup(await readCatalog(store), 'latest');
    const database = `copy_${format.replace('-', '_')}`;
    const result = await restoreBackup({ url, store, backup, place: { kind: 'into', database }, jobs: 2 });
    expect(result.comparison?.differences).toEqual([]);
    const comparison = await compare({ left: { url }, right: { url: cluster.url(database) } });
    expect(comparison.differences).toEqual([]);
    expect(comparison.tables.length).toBe(14);
    expect(await schemaOf(database)).toBe(await schemaOf('by_hand'));
  });

  test('a test restore verifies it and leaves no database behind', async () => {
    const store = directoryStore(join(folder, format));
    const backup = findBackup(await readCatalog(store), 'latest');
    const result = await verifyBackup({ store, backup, level: 'restore', scratchUrl: url, jobs: 2 });
    expect(result.checks.filter((one) => one.verdict !== 'passed')).toEqual([]);
    expect(result.passed).toBe(true);
    expect(
      await cluster.sql('postgres', "select datname from pg_database where datname like 'drillbook%'"),
    ).toEqual([]);
  });
});

describe('compare', () => {
  beforeAll(async () => {
    await cluster.sql('postgres', 'create database changed template everything');
  });

  test.each<[string, string, RegExp]>([
    ['a row gone', 'delete from line where a = 7', /public\.line has 50 rows .* and 49/],
    [
      'a value changed',
      "update audit.log set what = 'else' where false; alter table audit.log disable trigger all; update audit.log set what = 'else' where id = 3; alter table audit.log enable trigger all",
      /audit\.log has 20 rows in both but not the same ones/,
    ],
    ['a row in a partition', 'update event set payload = \'{"x":1}\' where id = 3', /event_2025/],
    [
      'the immutability trigger gone',
      'drop trigger log_is_immutable on audit.log',
      /trigger audit\.log\.log_is_immutable is missing .*keeps these rows/,
    ],
    [
      'a trigger disabled',
      'alter table audit.log disable trigger log_is_immutable',
      /is origin in .* and disabled/,
    ],
    ['a sequence behind', "select setval('audit.log_id_seq', 5)", /would hand out used numbers again/],
    ['an index gone', 'drop index customer_lower', /index public\.customer\.customer_lower is missing/],
    [
      'a constraint gone',
      'alter table customer drop constraint customer_state_check',
      /constraint public\.customer\.customer_state_check is missing/,
    ],
    [
      'an extension gone',
      'alter table customer drop column extra; drop extension hstore',
      /extension hstore is missing/,
    ],
    [
      'orphans',
      'alter table line disable trigger all; update line set invoice = 999 where a = 1; alter table line enable trigger all',
      /1 rows of public\.line .* point to rows that are not there/,
    ],
    ['a column', 'alter table cache alter v set not null', /column public\.cache\.v is defined otherwise/],
    [
      'a new table',
      'create table added (id int)',
      /table public\.added is in changed .* but not in everything/,
    ],
    [
      'a view',
      'create or replace view active_customer as select id, email, name from customer',
      /view public\.active_customer is defined otherwise/,
    ],
    ['an enum value', "alter type mood add value 'great'", /enum public\.mood is defined otherwise/],
    ['a policy', 'drop policy own on customer', /policy public\.customer\.own is missing/],
    ['row security', 'alter table customer disable row level security', /Row security of public\.customer/],
    ['a grant', 'revoke select on customer from reader', /grants on table public\.customer/],
    ['an owner', 'alter table derived owner to reader', /belongs to keeper in .* and to reader/],
    [
      'a large object',
      "select lo_put((select min(oid) from pg_largeobject_metadata), 0, decode(repeat('00', 8), 'hex'))",
      /large objects have other bytes/,
    ],
    ['a default', "alter table customer alter state set default 'gone'", /column public\.customer\.state/],
  ])('%s', async (_, statement, words) => {
    await cluster.sql('postgres', 'drop database changed');
    await cluster.sql('postgres', 'create database changed template everything');
    await cluster.sql('changed', statement);
    const comparison = await compare({ left: { url }, right: { url: cluster.url('changed') } });
    expect(comparison.equal).toBe(false);
    const failures = comparison.differences.filter((one) => one.severity === 'failure');
    expect(failures.map((one) => one.words).join('\n')).toMatch(words);
  });

  test('within the tolerance rows may differ, and a sequence behind may not', async () => {
    await cluster.sql('postgres', 'drop database changed');
    await cluster.sql('postgres', 'create database changed template everything');
    await cluster.sql('changed', 'delete from line where a = 7');
    const sides = { left: { url }, right: { url: cluster.url('changed') } };
    expect((await compare({ ...sides, tolerance: 0.05 })).equal).toBe(true);
    expect((await compare({ ...sides, tolerance: 0.01 })).equal).toBe(false);
    await cluster.sql('changed', "select setval('audit.log_id_seq', 5)");
    expect((await compare({ ...sides, tolerance: 0.05 })).equal).toBe(false);
  });
});
