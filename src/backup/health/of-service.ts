import { planPrune } from '../prune.ts';
import { isEmpty, type Policy } from '../retention.ts';
import type { HealthCheck, HealthInput } from './health.ts';
import { bytesText } from './wording.ts';

const day = 24 * 3_600_000;
/** A marker this old belongs to a backup that nobody makes any more; ms. */
const abandoned = day;

/**
 * Failed attempts since the last good one: what this machine remembers, and what others noted or left half-done in the store.
 * A backup in the store that is younger than a failure ends the row, whoever made it.
 */
export function checkFailures(input: HealthInput): HealthCheck {
  const good = Math.max(
    0,
    ...input.backups
      .filter((one) => one.manifest !== undefined)
      .map((one) => Date.parse(one.manifest!.finishedAt)),
    ...input.attempts.filter((one) => one.ok).map((one) => Date.parse(one.at)),
  );
  // This machine's own are among those of the store, where it could write there.
  const tries = new Map([...input.attempts, ...(input.failures ?? [])].map((one) => [one.at, one]));
  const failed = [...tries.values()]
    .filter((one) => !one.ok && Date.parse(one.at) > good)
    .sort((a, b) => (a.at < b.at ? -1 : 1));
  const left = input.unfinished.filter(
    (one) => (one.startedAt?.getTime() ?? 0) > good && isAbandoned(one.startedAt, input.now),
  );
  const count = failed.length + left.length;
  if (count === 0)
    return {
      check: 'failures',
      level: 'ok',
      value: 0,
      words:
        input.attempts.length === 0
          ? 'Neither this machine nor the store knows of a failed backup.'
          : 'The last backup did not fail.',
    };
  const why = failed.at(-1)?.words;
  return {
    check: 'failures',
    level: count >= input.limits.failures ? 'critical' : 'warning',
    value: count,
    words: `${count === 1 ? 'The last backup' : `The last ${count} backups`} failed${why === undefined ? '' : `: ${why}`}`,
  };
}

/** What never came to its end: one at work is well, an old one stopped without a word. */
export function checkService(input: HealthInput): HealthCheck {
  const old = input.unfinished.filter((one) => isAbandoned(one.startedAt, input.now));
  const busy = input.unfinished.length - old.length;
  if (old.length > 0)
    return {
      check: 'service',
      level: 'warning',
      value: old.length,
      words: `${old.length} backups were begun and never finished: ${old.map((one) => one.name).join(', ')}.`,
    };
  return {
    check: 'service',
    level: 'ok',
    value: 0,
    words: busy > 0 ? 'A backup is being made now.' : 'No backup was left half-done.',
  };
}

/** Room left in the store, by its file system or by the quota that was given. */
export function checkStorage(input: HealthInput): HealthCheck {
  if (input.space === undefined || input.space.total <= 0)
    return {
      check: 'storage',
      level: 'unknown',
      words: "The store can't say how much room is left; give --quota where there is one.",
    };
  const { free, total } = input.space;
  const share = free / total;
  return {
    check: 'storage',
    level:
      share < input.limits.storageCritical
        ? 'critical'
        : share < input.limits.storageWarning
          ? 'warning'
          : 'ok',
    value: share,
    words: `${Math.floor(share * 100)}% of the store is free: ${bytesText(Math.max(0, free))} of ${bytesText(total)}.`,
  };
}

/** Held against a policy: nothing stands that should have gone, and no day of the daily ones is without a backup. */
export function checkRetention(input: HealthInput): HealthCheck {
  const { policy } = input;
  if (policy === undefined || isEmpty(policy))
    return {
      check: 'retention',
      level: 'unknown',
      words: 'No retention policy was given: --daily 7 --weekly 4 …',
    };
  const { judged } = planPrune(
    { backups: input.backups, unfinished: input.unfinished },
    input.target,
    policy,
    input.now,
  );
  const overdue = judged.filter((one) => !one.keep).length;
  const missing = missingDays(input, policy.daily ?? 0);
  if (overdue === 0 && missing.length === 0)
    return {
      check: 'retention',
      level: 'ok',
      value: 0,
      words: `The ${judged.length} backups are those that the policy keeps.`,
    };
  return {
    check: 'retention',
    level: 'warning',
    value: overdue + missing.length,
    words: [
      ...(overdue > 0 ? [`${overdue} backups should have gone: drillbook backup prune.`] : []),
      ...(missing.length > 0
        ? [
            `${missing.length} of the last ${policy.daily} days have no backup: ${missing.slice(0, 5).join(', ')}${missing.length > 5 ? ', …' : ''}.`,
          ]
        : []),
    ].join(' '),
  };
}

/** How many backups a policy keeps once it has run long enough; what lies within a time can't be counted. */
export function planned(policy: Policy): number {
  return [policy.last, policy.daily, policy.weekly, policy.monthly, policy.yearly].reduce<number>(
    (sum, each) => sum + (each ?? 0),
    0,
  );
}

/** Days without a backup among the last n before today, since the first backup; UTC. */
function missingDays(input: HealthInput, daily: number): string[] {
  const days = new Set(input.backups.map((one) => one.takenAt.toISOString().slice(0, 10)));
  const first = [...days].sort()[0];
  return Array.from({ length: daily }, (_, i) =>
    new Date(input.now.getTime() - (i + 1) * day).toISOString().slice(0, 10),
  ).filter((one) => first !== undefined && one > first && !days.has(one));
}

function isAbandoned(startedAt: Date | undefined, now: Date): boolean {
  return startedAt === undefined || now.getTime() - startedAt.getTime() > abandoned;
}
