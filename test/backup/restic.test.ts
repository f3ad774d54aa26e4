import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { judgeRetention, type Policy } from '../../src/backup/retention.ts';

/** What five teams wrote down, and single rules. */
const policies: Record<string, Policy> = {
  'a week of days, a month of weeks, a year of months': { daily: 7, weekly: 4, monthly: 12 },
  'the same and five years': { daily: 7, weekly: 4, monthly: 12, yearly: 5 },
  'thirty days, twelve weeks, twelve months': { daily: 30, weekly: 12, monthly: 12 },
  'thirty days, ninety days of weeks': { daily: 30, weekly: 13 },
  'the newest seven': { last: 7 },
  'one a day': { daily: 3 },
  'one a week': { weekly: 5 },
  'one a month': { monthly: 3 },
  'one a year': { yearly: 2 },
};

/** Midnights, year ends and their ISO weeks, two on a day, a gap of months; the newest is the last. */
const times = [
  '2023-01-01 00:00:00',
  '2023-12-31 23:59:59',
  '2024-02-29 12:00:00',
  '2024-12-29 02:00:00',
  '2024-12-30 02:00:00',
  '2024-12-31 02:00:00',
  '2025-01-01 02:00:00',
  '2025-06-30 02:00:00',
  '2025-07-01 02:00:00',
  '2025-11-15 02:00:00',
  '2025-12-28 02:00:00',
  '2025-12-29 02:00:00',
  '2025-12-31 23:59:59',
  '2026-01-01 00:00:00',
  '2026-01-04 02:00:00',
  '2026-01-05 02:00:00',
  '2026-02-28 02:00:00',
  '2026-03-01 02:00:00',
  '2026-03-08 02:00:00',
  '2026-03-09 02:00:00',
  '2026-03-09 14:00:00',
  '2026-03-10 02:00:00',
  '2026-03-11 00:00:00',
  '2026-03-11 23:59:59',
  '2026-03-12 02:00:00',
];

const recorded = new URL('restic.json', import.meta.url);

function ours(policy: Policy, some: readonly string[] = times): string[] {
  const backups = some.map((time) => ({
    name: time,
    takenAt: new Date(`${time.replace(' ', 'T')}Z`),
    verified: false,
  }));
  return judgeRetention(backups, policy, new Date('2026-03-12T12:00:00Z'))
    .filter((one) => one.keep)
    .map((one) => one.backup.name)
    .sort();
}

const table = async (): Promise<Record<string, string[]>> => JSON.parse(await readFile(recorded, 'utf8'));

describe('what restic 0.14 kept of the same times', () => {
  test.each(Object.entries(policies))('%s', async (name, policy) => {
    expect(ours(policy)).toEqual((await table())[name]);
  });
});

test('restic of this machine keeps the same as we do', async ({ skip }) => {
  skip(!existsSync('/usr/bin/restic'), 'restic is not installed');
  const folder = await mkdtemp(join(tmpdir(), 'restic-'));
  try {
    const run = async (...args: string[]) =>
      (
        await promisify(execFile)('restic', ['-q', '--no-cache', '-r', join(folder, 'repository'), ...args], {
          env: { ...process.env, RESTIC_PASSWORD: 'of a test', TZ: 'UTC' },
          maxBuffer: 1 << 24,
        })
      ).stdout;
    await run('init');
    await writeFile(join(folder, 'file'), 'x');
    // It derives its key anew at each call, on purpose slowly: a few are enough, all where the table is recorded.
    const record = process.env.RECORD_RESTIC !== undefined;
    const some = record ? times : times.slice(-8);
    const asked = Object.entries(policies).slice(0, record ? undefined : 2);
    const waiting = [...some];
    const worker = async () => {
      for (let time = waiting.pop(); time !== undefined; time = waiting.pop())
        await run('backup', join(folder, 'file'), '--time', time);
    };
    await Promise.all([worker(), worker(), worker(), worker()]);
    const kept: Record<string, string[]> = {};
    for (const [name, policy] of asked) {
      const rules = Object.entries(policy).flatMap(([rule, count]) => [`--keep-${rule}`, String(count)]);
      const [group] = JSON.parse(await run('forget', '--dry-run', '--json', '--group-by', '', ...rules));
      kept[name] = group.keep.map((one: { time: string }) => one.time.slice(0, 19).replace('T', ' ')).sort();
    }
    if (record) await writeFile(recorded, `${JSON.stringify(kept, undefined, 2)}\n`);
    expect(kept).toEqual(Object.fromEntries(asked.map(([name, policy]) => [name, ours(policy, some)])));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
