import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Backup, Catalog } from '../../src/backup/catalog.ts';
import type { Contents } from '../../src/backup/contents.ts';
import { runCheck } from '../../src/drill/check.ts';
import { criterionInWords } from '../../src/drill/criterion.ts';
import { dueOf } from '../../src/drill/due.ts';
import { scratchName } from '../../src/drill/lease.ts';
import { verdictsOf } from '../../src/drill/measure.ts';
import { occasions } from '../../src/drill/occasion.ts';
import { pickBackup } from '../../src/drill/pick.ts';
import { cronOf } from '../../src/drill/schedule.ts';
import { readOnlyUrl, unfitScratch } from '../../src/drill/scratch.ts';
import { tarOf } from '../../src/drill/tar.ts';
import type { Identity } from '../../src/run/target.ts';
import { targetSettings } from '../../src/settings/target-settings.ts';
import { lives, until } from '../e2e/desk.ts';

describe('a schedule in words', () => {
  test.each([
    ['first Monday', '0 4 * * 1#1'],
    ['First Sunday of the month', '0 4 * * 0#1'],
    ['2nd Tuesday at 22:15', '15 22 * * 2#2'],
    ['last Friday', '0 4 * * 5L'],
    ['15th', '0 4 15 * *'],
    ['the 1st at 06:30', '30 6 1 * *'],
    ['Mondays', '0 4 * * 1'],
    ['every Sunday', '0 4 * * 0'],
    ['0  4 * * 1#1', '0 4 * * 1#1'],
  ])('%s is %s', (words, cron) => expect(cronOf(words)).toBe(cron));

  test.each([
    '',
    'monthly',
    '32nd',
    '0th',
    'sixth Monday',
    'first Foo',
    '15th at 25:00',
    '0 4 * *',
    '15th; rm',
  ])('"%s" is none, and what to write is said', (words) =>
    expect(() => cronOf(words)).toThrow(/is no schedule: write "first Monday"/),
  );

  test('whatever the time, the last occasion lies at or before it, the next one behind it, on the right day', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('2025-01-01'), max: new Date('2035-01-01'), noInvalidDate: true }),
        (now) => {
          const { previous, next } = occasions('first Monday', 'UTC', now);
          expect(previous.getTime()).toBeLessThanOrEqual(now.getTime());
          expect(next.getTime()).toBeGreaterThan(now.getTime());
          for (const day of [previous, next]) {
            expect(day.getUTCDay()).toBe(1);
            expect(day.getUTCDate()).toBeLessThanOrEqual(7);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  test('the hour is that of the time zone, in winter as in summer', () => {
    const at = (now: string) => occasions('15th', 'Europe/Berlin', new Date(now)).next.toISOString();
    expect(at('2026-01-01T00:00:00Z')).toBe('2026-01-15T03:00:00.000Z');
    expect(at('2026-07-01T00:00:00Z')).toBe('2026-07-15T02:00:00.000Z');
  });
});

describe('whether a drill is due', () => {
  const settings = { schedule: 'first Monday', timezone: 'UTC', overdue_after: 86_400 };
  const due = (last: string | undefined, now: string) =>
    dueOf(settings, last === undefined ? undefined : new Date(last), new Date(now));

  test('held since its day', () =>
    expect(due('2026-11-02T04:10:00Z', '2026-11-21T00:00:00Z')).toEqual({
      kind: 'held',
      next: '2026-12-07T04:00:00.000Z',
    }));
  test('due on its day, from its very moment', () => {
    expect(due('2026-11-02T04:10:00Z', '2026-12-07T03:59:59Z').kind).toBe('held');
    expect(due('2026-11-02T04:10:00Z', '2026-12-07T04:00:00Z')).toMatchObject({
      kind: 'due',
      since: '2026-12-07T04:00:00.000Z',
    });
  });
  test('overdue once it was left out for longer than is allowed', () =>
    expect(due('2026-11-02T04:10:00Z', '2026-12-08T04:00:01Z').kind).toBe('overdue'));
  test('overdue since the first of those that were left out', () =>
    expect(due('2026-08-20T00:00:00Z', '2026-11-21T00:00:00Z')).toMatchObject({
      kind: 'overdue',
      since: '2026-09-07T04:00:00.000Z',
    }));
  test('a target without a schedule is never due', () =>
    expect(dueOf(undefined, undefined, new Date())).toEqual({ kind: 'unscheduled' }));
});

test.each([
  ['Backup file downloads without errors', 'download'],
  ['Restore completes in < 10 minutes', 'restore-time'],
  ['All tables present', 'tables'],
  ['Record counts match production (±5%)', 'counts'],
  ['Foreign key integrity holds', 'foreign-keys'],
  ['Latest records present', 'latest'],
  ['Application can connect and query data', 'query'],
  ['The team has had coffee', undefined],
])('"%s" means %s', (text, criterion) => expect(criterionInWords(text)).toBe(criterion));

describe('the backup that a drill takes', () => {
  const now = new Date('2026-11-21T00:00:00Z');
  const backup = (name: string, daysAgo: number, more: Partial<Backup> = {}): Backup => ({
    name,
    file: `${name}.dump`,
    format: 'custom',
    bytes: 1,
    location: name,
    takenAt: new Date(now.getTime() - daysAgo * 86_400_000),
    verifications: [],
    ...more,
  });
  const catalog = (...backups: Backup[]): Catalog => ({ backups, unfinished: [] });
  const stored = catalog(
    backup('shop-scheduled-20260901-000000', 81),
    backup('shop-scheduled-20261105-000000', 16),
    backup('other-scheduled-20261118-000000', 3),
    backup('shop-scheduled-20261119-000000', 2, { damage: 'cut off' }),
  );

  test('at random: of this target, of that time, a damaged one too', () => {
    const picks = [0, 1].map(
      (chance) => pickBackup(stored, ['shop'], { backup: 'random', from: 'month' }, now, () => chance).name,
    );
    expect(picks).toEqual(['shop-scheduled-20261105-000000', 'shop-scheduled-20261119-000000']);
    const week = pickBackup(stored, ['shop'], { backup: 'random', from: 'week' }, now, (below) => below - 1);
    expect(week.name).toBe('shop-scheduled-20261119-000000');
  });
  test('the latest, though it is damaged: that is what a drill is to find', () =>
    expect(pickBackup(stored, ['shop'], { backup: 'latest', from: 'month' }, now).name).toMatch(/20261119/));
  test('another name of the target counts where the first has none', () =>
    expect(
      pickBackup(stored, ['shop-production', 'shop'], { backup: 'latest', from: 'month' }, now).name,
    ).toMatch(/^shop-/));
  test('never one of somebody else, and nothing in silence', () => {
    expect(() => pickBackup(stored, ['club'], { backup: 'latest', from: 'month' }, now)).toThrow(
      /no backup of club, but of shop, other/,
    );
    expect(() =>
      pickBackup(
        catalog(backup('shop-scheduled-20260901-000000', 81)),
        ['shop'],
        { backup: 'random', from: 'week' },
        now,
      ),
    ).toThrow('no backup of the last week');
  });
});

describe('where a drill may restore to', () => {
  const identity = (more: Partial<Identity> = {}): Identity => ({
    system: '7',
    address: '10.0.0.1:5432',
    database: 'drill_shop_1_restored',
    exists: false,
    replica: false,
    version: '15',
    ...more,
  });
  const sides = (
    source: Partial<Identity> | undefined,
    scratch: Partial<Identity>,
    environment: 'production' | 'staging' = 'production',
    scratchEnvironment: 'production' | 'staging' = 'staging',
  ) =>
    unfitScratch({
      source: {
        ...(source ? { identity: identity(source) } : {}),
        address: 'db:5432',
        environment,
      },
      scratch: { identity: identity(scratch), address: 'scratch:5432', environment: scratchEnvironment },
    });

  test('another server takes it', () =>
    expect(sides({}, { system: '8', address: '10.0.0.2:5432' })).toBeUndefined());
  test("production's own server does not, by whatever address", () =>
    expect(sides({}, { address: '10.9.9.9:5432' })).toContain("production database's own server"));
  test('nor where only the address tells', () =>
    expect(
      sides({ system: undefined } as Partial<Identity>, { system: undefined } as Partial<Identity>),
    ).toContain('own server'));
  test("staging's own server does", () => expect(sides({}, {}, 'staging')).toBeUndefined());
  test('a server that is called production, a replica, a name that is taken: none of them', () => {
    expect(sides({}, { system: '8', address: 'x' }, 'staging', 'production')).toContain('production target');
    expect(sides({}, { system: '8', address: 'x', replica: true })).toContain('replica');
    expect(sides({}, { system: '8', address: 'x', exists: true })).toContain('already');
  });
});

test('sessions of the live database may only read, whatever its URL says beside that', () => {
  const readOnly = 'options=-c%20default_transaction_read_only%3Don';
  expect(readOnlyUrl('postgres://u@h/d')).toBe(`postgres://u@h/d?${readOnly}`);
  expect(readOnlyUrl('postgres://u@h/d?sslmode=require')).toBe(
    `postgres://u@h/d?sslmode=require&${readOnly}`,
  );
  expect(readOnlyUrl('postgres://u@h/d?options=-c%20work_mem%3D1GB&sslmode=require')).toBe(
    'postgres://u@h/d?options=-c%20work_mem%3D1GB%20-c%20default_transaction_read_only%3Don&sslmode=require',
  );
});

test('a scratch database has a name of its own that PostgreSQL takes whole', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 80 }), (database) => {
      const name = `${scratchName(database, 'k3f9aa00')}_restored`;
      expect(name).toMatch(/^drill_[a-z0-9_]+_restored$/);
      expect(Buffer.byteLength(name)).toBeLessThanOrEqual(63);
    }),
  );
});

test('rows that point nowhere fail the drill also where the backup has them from the live database', () => {
  const contents: Contents = {
    tables: [],
    sequences: [],
    constraints: [
      {
        schema: 'public',
        table: 'orders',
        name: 'fk',
        type: 'foreign key',
        definition: 'FOREIGN KEY …',
        validated: true,
        orphans: 5,
      },
    ],
    indexes: [],
    triggers: [],
    extensions: [],
    objects: [],
    largeObjects: { count: 0 },
    grants: [],
    roles: [],
  };
  const same = { left: 'a', right: 'b', equal: true, tables: [], differences: [] };
  expect(verdictsOf(contents, same, undefined, undefined, 0.05)).toMatchObject({
    'foreign-keys': { verdict: 'missed', measured: expect.stringContaining('5 rows of public.orders') },
    tables: { verdict: 'met' },
  });
  expect(verdictsOf(contents, undefined, undefined, undefined, 0.05).tables?.verdict).toBe('not-judged');
});

test('a check is ended with everything that it started', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'check-'));
  const stop = new AbortController();
  const pidOf = () => readFile(join(folder, 'pid'), 'utf8').catch(() => '');
  try {
    const running = runCheck(
      { name: 'slow', command: 'echo begun; sleep 300 & echo $! > pid; wait', timeout: 300 },
      { environment: { PATH: process.env.PATH }, cwd: folder, signal: stop.signal },
    );
    await until('it sleeps', async () => (await pidOf()).endsWith('\n'));
    const pid = Number(await pidOf());
    stop.abort();
    expect(await running).toMatchObject({ verdict: 'missed', said: 'begun' });
    expect(await lives(pid)).toBe(false);
    const late = await runCheck(
      { name: 'late', command: 'sleep 300', timeout: 0.2 },
      { environment: { PATH: process.env.PATH }, cwd: folder, signal: new AbortController().signal },
    );
    expect(late.measured).toMatch(/^late: was ended, it may take 0.2 s,/);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('an archive is what tar unpacks', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tar-'));
  try {
    const bytes = Buffer.from('x'.repeat(1000));
    const modifiedAt = new Date('2026-11-21T00:00:00Z');
    await writeFile(
      join(folder, 'a.tar'),
      tarOf([
        { name: 'run/a.txt', bytes, modifiedAt },
        { name: 'run/empty', bytes: Buffer.alloc(0), modifiedAt },
      ]),
    );
    execFileSync('tar', ['-xf', 'a.tar'], { cwd: folder });
    expect(await readFile(join(folder, 'run/a.txt'))).toEqual(bytes);
    expect(await readFile(join(folder, 'run/empty'))).toHaveLength(0);
    expect(() => tarOf([{ name: 'ü'.repeat(80), bytes, modifiedAt }])).toThrow(/no name for a tar/);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('settings of a drill: words are checked where they stand, passwords stay outside', () => {
  const parse = (drill: unknown) =>
    targetSettings.safeParse({ environment: 'production', url: 'env:URL', drill });
  expect(
    parse({ schedule: 'first Monday', tolerance: '5%', restore_within: '10m' }).data?.drill,
  ).toMatchObject({
    tolerance: 0.05,
    restore_within: 600,
    backup: 'latest',
    compare: 'source',
  });
  for (const wrong of [
    { schedule: 'now and then' },
    { timezone: 'Mars/Olympus' },
    { tolerance: '5' },
    { scratch: 'postgres://u:secret@h/d' },
    { criteria: ['everything'] },
    { checks: [{ name: 'x' }] },
  ])
    expect(parse(wrong).success, JSON.stringify(wrong)).toBe(false);
});
