import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Backup, randomBackup, readCatalog } from '../../src/backup/catalog.ts';
import { noteAttempt, readAttempts } from '../../src/backup/health/attempts.ts';
import { clearFailures, leaveFailure, readFailures } from '../../src/backup/health/failures.ts';
import { type HealthInput, healthSchema, judgeHealth, usualLimits } from '../../src/backup/health/health.ts';
import { metricsText } from '../../src/backup/health/metrics.ts';
import { ageText, percentText, sparkline } from '../../src/backup/health/wording.ts';
import type { Manifest } from '../../src/backup/manifest.ts';
import { directoryStore } from '../../src/backup/stores/directory.ts';
import type { Verification } from '../../src/backup/verification.ts';

const now = new Date('2026-03-31T12:00:00Z');
const hour = 3_600_000;

/** A whole, verified backup so many hours old. */
function backup(hours: number, more: Partial<Backup> = {}, took = 60_000): Backup {
  const takenAt = new Date(now.getTime() - hours * hour);
  const name = `shop-scheduled-${takenAt.toISOString()}`;
  const verified = { schema: 1 as const, backup: name, file: name, durationMs: 1, passed: true, checks: [] };
  return {
    name,
    file: `${name}.dump`,
    format: 'custom',
    bytes: 1000,
    location: name,
    takenAt,
    manifest: {
      target: 'shop',
      finishedAt: new Date(takenAt.getTime() + took).toISOString(),
      durations: { dump: took, contents: took, total: took },
    } as Manifest,
    verifications: [{ ...verified, level: 'restore', at: takenAt.toISOString() }],
    ...more,
  };
}

function judge(more: Partial<HealthInput> = {}) {
  return judgeHealth({
    target: 'shop',
    store: '/backups',
    now,
    backups: [backup(30), backup(6)],
    unfinished: [],
    attempts: [],
    drills: [],
    space: { free: 50, total: 100 },
    limits: usualLimits,
    trend: 14,
    ...more,
  });
}

const failed = (hours: number) => ({
  schema: 1 as const,
  target: 'shop',
  store: '/backups',
  at: new Date(now.getTime() - hours * hour).toISOString(),
  ok: false,
  durationMs: 1,
  words: 'No space left.',
});
const verification = (more: Partial<Verification>): Verification => ({
  ...backup(6).verifications[0]!,
  ...more,
});
const partial = { selection: { schemas: ['a'], tables: [] } };

test('a well target is ok in every check that could be made', () => {
  const health = judge({ policy: { daily: 7 } });
  expect(health.level).toBe('ok');
  expect(health.checks.map((one) => [one.check, one.level])).toEqual(
    ['age', 'integrity', 'failures', 'service', 'storage', 'size', 'duration', 'retention', 'drill'].map(
      (name) => [name, 'ok'],
    ),
  );
  expect(healthSchema.parse(JSON.parse(JSON.stringify(health)))).toEqual(health);
});

test.each<[string, Partial<HealthInput>, string, string, RegExp]>([
  ['none at all', { backups: [] }, 'age', 'critical', /no whole backup of shop/],
  ['a day and an hour', { backups: [backup(25)] }, 'age', 'critical', /25 h|1 d 1 h/],
  [
    '36 hours where 36 are allowed',
    { backups: [backup(36)], limits: { ...usualLimits, age: 36 * hour } },
    'age',
    'ok',
    /1 d 12 h old/,
  ],
  [
    'only a partial one',
    { backups: [backup(1, { manifest: { ...backup(1).manifest!, ...partial } })] },
    'age',
    'critical',
    /no whole/,
  ],
  ['one from tomorrow', { backups: [backup(-24)] }, 'age', 'warning', /future: a clock is wrong/],
  [
    'a damaged one',
    { backups: [backup(30, { damage: 'cut off' }), backup(6)] },
    'integrity',
    'critical',
    /One backup is damaged/,
  ],
  [
    'a failed verification',
    { backups: [backup(6, { verifications: [verification({ passed: false })] })] },
    'integrity',
    'critical',
    /failed verification/,
  ],
  [
    'never verified',
    { backups: [backup(6, { verifications: [] })] },
    'integrity',
    'warning',
    /never verified/,
  ],
  ['one failure', { attempts: [failed(2)] }, 'failures', 'warning', /The last backup failed: No space left/],
  ['two failures', { attempts: [failed(3), failed(2)] }, 'failures', 'warning', /last 2 backups/],
  [
    'three failures',
    { attempts: [failed(4), failed(3), failed(2)] },
    'failures',
    'critical',
    /last 3 backups/,
  ],
  [
    'three failures before the newest backup',
    { attempts: [failed(9), failed(8), failed(7)] },
    'failures',
    'ok',
    /did not fail/,
  ],
  [
    'three that a crash left',
    {
      unfinished: [30.1, 28, 26].map((one) => ({
        name: 'shop-x',
        files: [],
        startedAt: new Date(now.getTime() - one * hour),
      })),
      backups: [backup(40)],
    },
    'failures',
    'critical',
    /last 3/,
  ],
  [
    'one left half-done',
    { unfinished: [{ name: 'shop-x', files: [], startedAt: new Date(now.getTime() - 30 * hour) }] },
    'service',
    'warning',
    /never finished: shop-x/,
  ],
  [
    'one at work',
    { unfinished: [{ name: 'shop-x', files: [], startedAt: new Date(now.getTime() - hour) }] },
    'service',
    'ok',
    /being made/,
  ],
  ['24% free', { space: { free: 24.9, total: 100 } }, 'storage', 'warning', /24% of the store is free/],
  ['25% free', { space: { free: 25, total: 100 } }, 'storage', 'ok', /25%/],
  ['9% free', { space: { free: 9.9, total: 100 } }, 'storage', 'critical', /9%/],
  ['more than the quota', { space: { free: -3, total: 100 } }, 'storage', 'critical', /0 B of 100 B/],
  ['nobody knows', { space: undefined }, 'storage', 'unknown', /--quota/],
  [
    'half as large again',
    { backups: [backup(30), backup(6, { bytes: 1501 })] },
    'size',
    'warning',
    /\+50% .*grew fast/,
  ],
  ['just half', { backups: [backup(30), backup(6, { bytes: 1500 })] }, 'size', 'ok', /\+50%/],
  [
    'half is gone',
    { backups: [backup(30), backup(6, { bytes: 400 })] },
    'size',
    'warning',
    /-60% .*may be missing/,
  ],
  [
    'another format',
    { backups: [backup(30, { format: 'plain' }), backup(6, { bytes: 9000 })] },
    'size',
    'unknown',
    /no two/,
  ],
  [
    'eleven minutes',
    { backups: [backup(6, {}, 660_000)] },
    'duration',
    'warning',
    /took 11 min; allowed are 10 min/,
  ],
  [
    'more than the policy keeps',
    { policy: { last: 1 }, backups: [backup(60), backup(30), backup(6)] },
    'retention',
    'warning',
    /2 backups should have gone/,
  ],
  [
    'a day without',
    { policy: { daily: 7 }, backups: [backup(80), backup(30), backup(6)] },
    'retention',
    'warning',
    /1 of the last 7 days .*2026-03-29/,
  ],
  ['no policy', {}, 'retention', 'unknown', /No retention policy/],
  ['a failed drill', { drills: [{ at: now, passed: false }] }, 'drill', 'critical', /failed/],
  [
    'a drill long ago',
    {
      backups: [backup(6, { verifications: [] })],
      drills: [{ at: new Date(now.getTime() - 36 * 24 * hour), passed: true }],
    },
    'drill',
    'warning',
    /36 d ago; allowed are 35 d/,
  ],
  [
    'never a drill',
    { backups: [backup(6, { verifications: [verification({ level: 'archive' })] })] },
    'drill',
    'warning',
    /ever restored/,
  ],
])('%s', (_, more, check, level, words) => {
  const found = judge(more).checks.find((one) => one.check === check)!;
  expect(found.words).toMatch(words);
  expect(found.level).toBe(level);
});

test('the worst check is the level of the whole', () => {
  expect(judge({ space: { free: 20, total: 100 } }).level).toBe('warning');
  expect(judge({ space: { free: 20, total: 100 }, attempts: [failed(3), failed(2), failed(1)] }).level).toBe(
    'critical',
  );
});

test('trend, success rate and cost', () => {
  const health = judge({
    backups: [backup(54, { bytes: 5e8 }), backup(30, { bytes: 1e9 }), backup(6, { bytes: 1e8 })],
    attempts: [
      { ...failed(50), ok: true },
      failed(40),
      { ...failed(30), ok: true },
      { ...failed(6), ok: true },
    ],
    policy: { daily: 30, weekly: 12, monthly: 12 },
    price: 0.023,
    trend: 2,
  });
  expect(health.trend.map((one) => one.growth)).toEqual([1, -0.9]);
  expect(health.figures.successRate).toBe(0.75);
  // 54 backups of 100 MB are 5.4 GB, twelve cents a month.
  expect(health.cost).toEqual({
    pricePerGigabyte: 0.023,
    now: 1.6 * 0.023,
    planned: expect.closeTo(0.1242, 4),
  });
});

test('a backup by chance is a whole one of the target', () => {
  const backups = [
    backup(3),
    backup(2, { manifest: undefined }),
    backup(1, { manifest: { ...backup(1).manifest!, ...partial } }),
    backup(0),
  ];
  const catalog = { backups, unfinished: [] };
  expect([0, 1].map((at) => randomBackup(catalog, 'shop', () => at).name)).toEqual([
    backups[0]!.name,
    backups[3]!.name,
  ]);
  expect(() => randomBackup(catalog, 'other', () => 0)).toThrow(/no backup of other/);
});

describe('words', () => {
  test.each([
    [0, '0 s'],
    [59_400, '59 s'],
    [60_000, '1 min'],
    [3_599_000, '1 h'],
    [25 * hour, '1 d 1 h'],
    [35 * 24 * hour, '35 d'],
  ])('%i ms is %s', (ms, text) => expect(ageText(ms)).toBe(text));

  test('shares and bars', () => {
    expect([0.123, -0.5, 0.001].map(percentText)).toEqual(['+12%', '-50%', '±0%']);
    expect(sparkline([0, 1, 2, 4, 8])).toBe('▁▁▂▄█');
    expect(sparkline([0, 0])).toBe('▁▁');
    expect(sparkline([])).toBe('');
  });
});

describe("Prometheus' text format", () => {
  test('is of the shape that the format wants', () => {
    const text = metricsText(judge({ target: 'sh"op\\\n', price: 1 }));
    expect(text.endsWith('\n')).toBe(true);
    const types = new Map<string, string>();
    const seen = new Set<string>();
    for (const line of text.trimEnd().split('\n')) {
      const type = /^# TYPE ([a-z_:][a-z0-9_:]*) (gauge)$/.exec(line);
      if (type !== null) {
        expect(types.has(type[1]!), 'one TYPE a metric, before its samples').toBe(false);
        types.set(type[1]!, type[2]!);
        continue;
      }
      if (/^# HELP [a-z_]+ \S.*$/.test(line)) continue;
      const sample =
        /^([a-z_]+)\{((?:[a-z_]+="(?:[^"\\\n]|\\["\\n])*",?)+)\} (-?\d+(?:\.\d+)?(?:e[+-]\d+)?)$/.exec(line);
      expect(sample, line).not.toBeNull();
      expect(types.has(sample![1]!)).toBe(true);
      expect(seen.has(`${sample![1]}{${sample![2]}}`)).toBe(false);
      seen.add(`${sample![1]}{${sample![2]}}`);
    }
    expect(text).toContain(
      'drillbook_backup_check_level{target="sh\\"op\\\\\\n",store="/backups",check="age"} 0',
    );
  });

  test('leaves out what is not known', () => {
    expect(metricsText(judge({ backups: [], space: undefined }))).not.toMatch(
      /newest_bytes|store_free|NaN|undefined/,
    );
  });
});

test('attempts are remembered by target and store, a torn line is passed over', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'attempts-'));
  try {
    const { schema: _, ...one } = failed(1);
    await noteAttempt(folder, one);
    await noteAttempt(folder, { ...one, target: 'other' });
    await noteAttempt(folder, { ...one, ok: true, words: 'x'.repeat(600_000) });
    await noteAttempt(folder, { ...one, at: now.toISOString() });
    const read = await readAttempts(folder, 'shop', '/backups');
    expect(read.map((each) => each.ok)).toEqual([false, true, false]);
    expect(await readAttempts(folder, 'shop', '/elsewhere')).toEqual([]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

describe('failures that are noted in the store', () => {
  const attempt = (minutes: number, words = 'No space left.') => ({
    target: 'shop',
    store: '/elsewhere',
    at: new Date(now.getTime() - minutes * 60_000).toISOString(),
    ok: false,
    durationMs: 5,
    words,
  });

  test('are seen from another machine, count once with its own, and go with the next backup', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'failures-'));
    try {
      const store = directoryStore(folder);
      for (const minutes of [3, 2, 1]) await leaveFailure(store, attempt(minutes));
      await leaveFailure(store, { ...attempt(1), target: 'shop-2' });
      const failures = await readFailures(store, 'shop');
      expect(failures.map((one) => one.at)).toEqual([3, 2, 1].map((minutes) => attempt(minutes).at));
      const found = judge({ failures, attempts: [{ schema: 1 as const, ...attempt(2) }] });
      expect(found.checks.find((one) => one.check === 'failures')).toMatchObject({
        level: 'critical',
        value: 3,
        words: expect.stringContaining('No space left.'),
      });
      expect((await readCatalog(store)).backups).toEqual([]);
      await clearFailures(store, 'shop');
      expect(await readFailures(store, 'shop')).toEqual([]);
      expect(await readFailures(store, 'shop-2')).toHaveLength(1);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  test('are not left where there was never a store', async () => {
    const folder = join(tmpdir(), 'failures-nowhere');
    await leaveFailure(directoryStore(folder), attempt(1));
    await expect(directoryStore(folder).list()).rejects.toThrow(/There is no/);
  });
});
