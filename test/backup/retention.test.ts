import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Candidate, judgeRetention, type Policy } from '../../src/backup/retention.ts';

const now = new Date('2026-03-31T12:00:00Z');
const day = 24 * 3_600_000;

function at(text: string, more: Partial<Candidate> = {}): Candidate {
  return { name: `shop-scheduled-${text}`, takenAt: new Date(text), verified: false, ...more };
}

const kept = (backups: readonly Candidate[], policy: Policy) =>
  judgeRetention(backups, policy, now)
    .filter((one) => one.keep)
    .map((one) => one.backup.takenAt.toISOString().slice(0, 10));

/** One a day, the newest first, back to a day. */
function daily(count: number): Candidate[] {
  return Array.from({ length: count }, (_, i) =>
    at(new Date(now.getTime() - (i + 0.25) * day).toISOString()),
  );
}

describe('the calendar', () => {
  test('7 daily, 4 weekly, 12 monthly of a year of daily backups', () => {
    const days = kept(daily(400), { daily: 7, weekly: 4, monthly: 12 });
    expect(days).toEqual([
      '2026-03-31',
      '2026-03-30',
      '2026-03-29',
      '2026-03-28',
      '2026-03-27',
      '2026-03-26',
      '2026-03-25',
      '2026-03-22',
      '2026-03-15',
      '2026-02-28',
      '2026-01-31',
      '2025-12-31',
      '2025-11-30',
      '2025-10-31',
      '2025-09-30',
      '2025-08-31',
      '2025-07-31',
      '2025-06-30',
      '2025-05-31',
      '2025-04-30',
    ]);
  });

  test('only periods that have a backup count', () => {
    expect(
      kept([at('2026-03-30T01:00:00Z'), at('2026-01-05T01:00:00Z'), at('2024-06-01T01:00:00Z')], {
        daily: 3,
      }),
    ).toHaveLength(3);
  });

  test('of one day the newest', () => {
    const two = [at('2026-03-30T01:00:00Z'), at('2026-03-30T23:00:00Z'), at('2026-03-31T01:00:00Z')];
    expect(
      judgeRetention(two, { daily: 2 }, now)
        .filter((one) => one.keep)
        .map((one) => one.backup.takenAt.getUTCHours()),
    ).toEqual([1, 23]);
  });

  test.each([
    ['2024-12-30', '2025-W01'],
    ['2027-01-01', '2026-W53'],
    ['2026-01-01', '2026-W01'],
    ['2023-01-01', '2022-W52'],
  ])('the ISO week of %s is %s', (date, week) => {
    const [one] = judgeRetention([at(`${date}T12:00:00Z`)], { weekly: 1 }, new Date('2030-01-01'));
    expect(one!.reasons).toContain(`weekly ${week}`);
  });

  test('within', () => {
    expect(kept(daily(10), { within: 3 * day })).toHaveLength(3);
  });
});

describe('what never goes', () => {
  test('pins, the newest, the newest verified, the unjudged, the future', () => {
    const list = [
      at('2026-04-02T00:00:00Z'),
      at('2026-03-31T00:00:00Z'),
      at('2026-03-30T00:00:00Z'),
      at('2026-02-01T00:00:00Z', { verified: true }),
      at('2026-01-15T00:00:00Z', { verified: true }),
      at('2025-01-01T00:00:00Z', { pinned: 'legal hold' }),
      at('2024-01-01T00:00:00Z', { exempt: 'no manifest' }),
    ];
    expect(kept(list, { last: 1 })).toEqual([
      '2026-04-02',
      '2026-03-31',
      '2026-02-01',
      '2025-01-01',
      '2024-01-01',
    ]);
  });

  test.each<Policy>([{}, { last: 0 }, { daily: 0, within: 0 }])(
    'the empty policy %j is refused',
    (policy) => {
      expect(() => judgeRetention(daily(3), policy, now)).toThrow(/refused/);
    },
  );
});

const candidates = fc
  .uniqueArray(
    fc.record({
      age: fc.integer({ min: -3, max: 2_000 }),
      verified: fc.boolean(),
      pinned: fc.option(fc.constant('incident'), { nil: undefined }),
    }),
    {
      maxLength: 60,
      selector: (one) => one.age,
    },
  )
  .map((list) =>
    list.map((one) =>
      at(new Date(now.getTime() - one.age * 7 * 3_600_000).toISOString(), {
        verified: one.verified,
        ...(one.pinned ? { pinned: one.pinned } : {}),
      }),
    ),
  );
const policies = fc
  .record({
    last: fc.nat(5),
    daily: fc.nat(10),
    weekly: fc.nat(6),
    monthly: fc.nat(12),
    yearly: fc.nat(3),
    within: fc.nat(20 * day),
  })
  .filter((policy) => Object.values(policy).some((value) => value > 0));

describe('for any backups and policy', () => {
  const names = (list: readonly Candidate[], policy: Policy) =>
    judgeRetention(list, policy, now)
      .filter((one) => one.keep)
      .map((one) => one.backup.name);

  test('never empties, keeps a verified one where there was one', () => {
    fc.assert(
      fc.property(candidates, policies, (list, policy) => {
        const stay = judgeRetention(list, policy, now).filter((one) => one.keep);
        if (list.length > 0) expect(stay.length).toBeGreaterThan(0);
        if (list.some((one) => one.verified)) expect(stay.some((one) => one.backup.verified)).toBe(true);
        for (const one of list)
          if (one.pinned !== undefined) expect(stay.map((each) => each.backup)).toContain(one);
      }),
    );
  });

  test('once more takes nothing more; the order of the list does not matter; more policy keeps more', () => {
    fc.assert(
      fc.property(candidates, policies, fc.nat(3), (list, policy, more) => {
        const first = names(list, policy);
        expect(
          names(
            list.filter((one) => first.includes(one.name)),
            policy,
          ),
        ).toEqual(first);
        expect(names([...list].reverse(), policy)).toEqual(first);
        expect(names(list, { ...policy, daily: policy.daily + more })).toEqual(expect.arrayContaining(first));
      }),
    );
  });
});
