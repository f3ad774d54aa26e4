import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Bench, benchOf } from '../../../src/drill/training/bench.ts';
import type { Memo } from '../../../src/drill/training/scenario.ts';
import { scenarioOf, scenarios } from '../../../src/drill/training/scenarios.ts';
import { connected } from '../../../src/sandbox/connection.ts';
import { disorderOf } from '../../../src/sandbox/disorder.ts';
import { forgetArchiving } from '../../../src/sandbox/sample/seed.ts';
import { openSandbox, type Sandbox } from '../../../src/sandbox/sandbox.ts';
import { bringBack, takeSnapshot } from '../../../src/sandbox/snapshot.ts';
import { clearTrainingMark, markTraining, trainingMark } from '../../../src/sandbox/training-mark.ts';
import { entry, removeAll, temporaryFolder } from '../../sandbox/support.ts';

let folder: string;
let sandbox: Sandbox;
let bench: Bench;

beforeAll(async () => {
  folder = await temporaryFolder();
  sandbox = await openSandbox({ home: join(folder, 'home'), owner: 'process', entry });
  bench = await benchOf(sandbox);
  await takeSnapshot(bench.place);
});
afterAll(async () => {
  await bench?.letGo();
  await sandbox?.close();
  await removeAll(folder);
});

/** How each is mended at the database, as the right procedure leads there; the rows come from the snapshot's copy. */
const mended: Readonly<Record<string, (memo: Memo) => Promise<void>>> = {
  'deleted-rows': () => rows('bookings', 'course_id BETWEEN 301 AND 320'),
  replica: () => rows('bookings', 'course_id BETWEEN 101 AND 105'),
  'orphaned-key': () => rows('members', 'id BETWEEN 500 AND 519'),
  'dropped-table': back,
  'corrupt-backup': back,
  connections: async () => {
    await bench.sql(
      "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'monthly-report'",
      'postgres',
    );
  },
  'failed-migration': async () => {
    await bench.sql(
      'DROP INDEX orders_member_once; ALTER TABLE orders RENAME COLUMN total TO total_cents; ALTER TABLE orders DROP COLUMN channel',
    );
  },
  'wrong-url': () => dumped('members'),
  'full-store': async () => {
    const { readdir, rm } = await import('node:fs/promises');
    const names = (await readdir(bench.place.store)).filter((name) => name.endsWith('.dump')).sort();
    for (const name of names.slice(20, -1)) await rm(join(bench.place.store, name));
    for (const name of names.slice(20, -1))
      await rm(join(bench.place.store, name.replace(/\.dump$/, '.manifest.json')));
  },
  'wal-archive': async () => {
    await bench.sql(
      "ALTER SYSTEM SET archive_command = 'test ! -f /elsewhere/%f && cp %p /elsewhere/%f'",
      'postgres',
    );
  },
};

async function back(): Promise<void> {
  await bringBack(bench.place);
}

/** Rows of the copy that the snapshot keeps, brought to where they are missing. */
async function rows(table: string, where: string): Promise<void> {
  await connected(bench.place, 'postgres', (client) =>
    client.query('CREATE DATABASE mended TEMPLATE snapshot_of_members'),
  );
  const columns = table === 'bookings' ? 'id, course_id, member_id, state, booked_at' : '*';
  const [row] = await bench.sql(
    `SELECT coalesce(json_agg(t), '[]')::text AS rows FROM (SELECT ${columns} FROM ${table} WHERE ${where}) t`,
    'mended',
  );
  await bench.sql('DROP DATABASE mended', 'postgres');
  await connected(bench.place, 'members', (client) =>
    client.query(
      `INSERT INTO ${table} OVERRIDING SYSTEM VALUE SELECT * FROM json_populate_recordset(null::${table}, $1::json)`,
      [row!.rows],
    ),
  );
}

async function dumped(database: string): Promise<void> {
  const { execFileSync } = await import('node:child_process');
  const file = join(bench.place.store, 'members-on-demand-20991231-000000.dump');
  execFileSync('pg_dump', ['-Fc', '-f', `${file}.partial`, bench.url.replace('/members?', `/${database}?`)]);
  await rename(`${file}.partial`, file);
}

test.each(scenarios.map((scenario) => [scenario.id, scenario] as const))(
  '%s breaks the sandbox for real, shows it, and is over only when it is mended',
  async (id, scenario) => {
    await bringBack(bench.place);
    await bench.ready();
    const memo = await scenario.break(bench);
    await scenario.hold?.(bench, memo);
    expect(scenario.symptoms(bench, memo).length).toBeGreaterThanOrEqual(2);
    const shown = await scenario.shows(bench, memo);
    expect(shown.length).toBeGreaterThanOrEqual(3);
    expect(shown.join('\n')).not.toMatch(/\[object|undefined|NaN/);
    const broken = await scenario.check(bench, memo);
    expect(broken.some(({ holds }) => !holds)).toBe(true);
    await mended[id]!(memo);
    expect(await scenario.check(bench, memo)).toEqual(broken.map(({ text }) => ({ text, holds: true })));
    await bench.letGo();
    await forgetArchiving(bench.place);
  },
);

test('a dump of the wrong database is no solution, however good it looks', async () => {
  const scenario = scenarioOf('wrong-url')!;
  await bringBack(bench.place);
  const memo = await scenario.break(bench);
  await dumped('members_rehearsal');
  const checks = await scenario.check(bench, memo);
  expect(checks.map(({ holds }) => holds)).toEqual([true, false, true]);
  expect(scenario.environment!(bench).DATABASE_URL).toContain('/members_rehearsal?');
});

test('the snapshot brings back databases with their settings, and the store', async () => {
  await bringBack(bench.place);
  const settings = () =>
    bench.sql(
      "SELECT setconfig::text, datacl::text, datconnlimit FROM pg_database d JOIN pg_db_role_setting s ON setdatabase = d.oid WHERE datname = 'members'",
      'postgres',
    );
  const before = await settings();
  await bench.sql('CREATE DATABASE litter', 'postgres');
  await bench.sql('DROP DATABASE members WITH (FORCE)', 'postgres');
  await writeFile(join(bench.place.store, 'litter.dump'), '');
  expect(await bringBack(bench.place)).toBe(true);
  expect(await settings()).toEqual(before);
  expect(before).toHaveLength(1);
  const [litter] = await bench.sql(
    "SELECT count(*)::int AS n FROM pg_database WHERE datname = 'litter'",
    'postgres',
  );
  expect(litter!.n).toBe(0);
  expect(await bench.readable(join(bench.place.store, 'litter.dump'))).toBe(false);
  expect(await bench.ready()).toBe(true);
});

test('what a training has broken is made anew before its next use', async () => {
  const { home } = bench.place;
  expect(await disorderOf(bench.place, { home })).toBeUndefined();
  await markTraining(home, 'deleted-rows');
  expect(await trainingMark(home)).toBe('over');
  expect(await disorderOf(bench.place, { home })).toContain('a training');
  await clearTrainingMark(home);
  expect(await trainingMark(home)).toBe('none');
});
