import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Desk, databases, openDesk, type SandboxFacts, sql } from './desk.ts';

let desk: Desk;
let at: SandboxFacts;
let dump: string;
let whole: Buffer;

beforeAll(async () => {
  desk = await openDesk();
  at = await desk.sandbox();
  dump = join(at.store, (await readdir(at.store)).find((name) => name.endsWith('.dump'))!);
  whole = await readFile(dump);
});
afterAll(() => desk.close());

/** The live database as far as the application does not write to it while we look. */
async function live() {
  const sums = await sql(
    at.url,
    `SELECT (SELECT count(*) || ' ' || sum(hashtext(m::text)::bigint) FROM members m) AS members,
            (SELECT count(*) || ' ' || sum(hashtext(p::text)::bigint) FROM products p) AS products,
            (SELECT oid FROM pg_database WHERE datname = 'members') AS oid`,
  );
  return { ...sums[0], databases: await databases(at.url) };
}

const sabotages: readonly (readonly [string, (bytes: Buffer) => Buffer])[] = [
  ['cut at nine tenths', (bytes) => bytes.subarray(0, Math.floor(bytes.length * 0.9))],
  [
    'with one flipped bit',
    (bytes) => {
      const other = Buffer.from(bytes);
      other[Math.floor(other.length / 2)]! ^= 1;
      return other;
    },
  ],
  ['emptied', () => Buffer.alloc(0)],
];

test.each(sabotages)('a backup %s stops the restore while nothing was touched', async (_, sabotage) => {
  await writeFile(dump, sabotage(whole));
  const before = await live();
  const known = await desk.runs();

  const { code, stdout, stderr } = await desk.run(['run', desk.runbook, '--target', 'sandbox', '--plain']);

  expect(code, stderr).toBe(1);
  expect(stderr).toMatch(/^drillbook: failed: Are its bytes those that were written/m);
  expect(stdout).toContain('step 2/11');
  expect(stdout).not.toContain('step 3/11');
  expect(await live()).toEqual(before);
  expect(before.databases).toEqual({ members: true });
  expect((await fetch(`${at.application}/health/ready`)).status).toBe(200);

  const run = (await desk.runs()).find((name) => !known.includes(name))!;
  const events = await desk.journal(run);
  expect(events.at(-1)).toMatchObject({ type: 'run-finished', outcome: 'failed' });
  expect(events.filter(({ type }) => type === 'backup-reported')).toEqual([
    expect.objectContaining({ backup: expect.objectContaining({ verified: false }) }),
  ]);
  const entry = await readFile(join(desk.folder, 'home/state/runs', run, 'entry.md'), 'utf8');
  expect(entry).toMatch(/^# .* – failed$/m);
});

test('without Drillbook at hand, reading the archive to its end stops it as well', async () => {
  const [, flipped] = sabotages[1]!;
  await writeFile(dump, flipped(whole));
  const plain = join(desk.folder, 'plain.md');
  const text = await readFile(desk.runbook, 'utf8');
  await writeFile(plain, text.replace(/^drillbook backup verify .*$/m, 'true'));

  const { code, stdout, stderr } = await desk.run(['run', plain, '--target', 'sandbox', '--plain']);

  expect(code, stderr).toBe(1);
  expect(stderr).toContain('failed: Read the archive to its end');
  expect(stdout).not.toContain('step 3/11');
  expect((await live()).databases).toEqual({ members: true });
});
