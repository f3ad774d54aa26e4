import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compareContents } from '../../src/backup/compare.ts';
import { type ChecksumWay, type Contents, checksumWayOf } from '../../src/backup/contents.ts';
import { readContents } from '../../src/backup/engines/postgres/contents.ts';
import { parseLogin } from '../../src/backup/engines/postgres/login.ts';
import { openSnapshot } from '../../src/backup/engines/postgres/snapshot.ts';
import { type Cluster, startCluster } from '../support/postgres.ts';

let cluster: Cluster;
let url: string;

beforeAll(async () => {
  cluster = await startCluster();
  url = await cluster.create(
    'kinds',
    `create type mood as enum ('sad', 'ok');
     create table one (id int primary key, n numeric, took interval, raw json, doc jsonb, ratio float8, name text,
       code varchar(9), fixed char(5), photo bytea, day date, at timestamptz, "local" timestamp(3), uid uuid, flag boolean,
       feeling mood, tags text[], spot point, words tsvector, mark xml, big bigint, small smallint, nothing text);
     insert into one values (1, 1.0, '1 day', '{"a":1}', '{"a":1}', 0, 'Ann', 'x', 'ab', '\\x00ff', '2026-01-01', '2026-01-01 00:00Z',
       '2026-01-01 00:00:00.001', '00000000-0000-0000-0000-000000000001', true, 'ok', '{a,b}', '(1,2)', 'a b', '<a/>', 7, 7, null);
     insert into one select * from (select 2 as id) two;
     create table "no columns" (); insert into "no columns" default values;`,
  );
});

afterAll(async () => {
  await cluster?.stop();
});

async function contentsOf(options: { checksums?: ChecksumWay; like?: Contents } = {}): Promise<Contents> {
  const snapshot = await openSnapshot(parseLogin(url), 1);
  try {
    return await readContents(snapshot, options);
  } finally {
    await snapshot.close();
  }
}

const sides = { left: 'before', right: 'after' };

describe.each(['text', 'record'] as const)('by %s', (checksums) => {
  // Each pair is equal to PostgreSQL or nearly so, and reads differently all the same.
  test.each([
    ['n', '1.00'],
    ['took', '24:00:00'],
    ['raw', '{"a": 1}'],
    ['doc', '{"a": 1.0}'],
    ['ratio', '-0'],
    ['name', 'ann'],
    ['code', 'X'],
    ['fixed', 'ac'],
    ['photo', '\\x00fe'],
    ['day', '2026-01-02'],
    ['at', '2026-01-01 00:00:00.000001Z'],
    ['local', '2026-01-01 00:00:00.002'],
    ['uid', '00000000-0000-0000-0000-000000000002'],
    ['flag', 'false'],
    ['feeling', 'sad'],
    ['tags', '{b,a}'],
    ['spot', '(2,1)'],
    ['words', 'a c'],
    ['mark', '<b/>'],
    ['big', '8'],
    ['small', '8'],
    ['nothing', ''],
  ])('a change of %s shows', async (column, value) => {
    const before = await contentsOf({ checksums });
    expect(checksumWayOf(before)).toBe(checksums);
    const [kept] = await cluster.sql('kinds', `select "${column}"::text as old from one where id = 1`);
    await cluster.sql('kinds', `update one set "${column}" = '${value}' where id = 1`);
    try {
      const found = compareContents(before, await contentsOf({ checksums }), sides);
      expect(found.differences.map((one) => one.kind)).toEqual(['checksum']);
      expect(found.equal).toBe(false);
    } finally {
      const old = kept!.old === null ? 'null' : `'${String(kept!.old).replaceAll("'", "''")}'`;
      await cluster.sql('kinds', `update one set "${column}" = ${old} where id = 1`);
    }
    expect(compareContents(before, await contentsOf({ checksums }), sides).differences).toEqual([]);
  });
});

describe('two ways', () => {
  test('what is held against a manifest is read in its way', async () => {
    const text = await contentsOf({ checksums: 'text' });
    const record = await contentsOf({ checksums: 'record' });
    expect(text.checksums).toBeUndefined();
    expect(record.checksums).toBe('record');
    expect(compareContents(text, await contentsOf({ like: text }), sides).differences).toEqual([]);
    expect(compareContents(record, await contentsOf({ like: record }), sides).differences).toEqual([]);
  });

  test('where they differ, rows count and a note says that checksums do not', async () => {
    const text = await contentsOf({ checksums: 'text' });
    const found = compareContents(text, await contentsOf({ checksums: 'record' }), sides);
    expect(found.equal).toBe(true);
    expect(found.tables.every((one) => one.same)).toBe(true);
    expect(found.differences).toMatchObject([
      { severity: 'note', kind: 'checksum', words: expect.stringContaining('checksums not compared') },
    ]);
  });
});
