import { z } from 'zod';
import type { Backup, Unfinished } from '../catalog.ts';
import type { Policy } from '../retention.ts';
import type { Attempt } from './attempts.ts';
import { checkAge, checkDrill, checkDuration, checkIntegrity, checkSize } from './of-backups.ts';
import { checkFailures, checkRetention, checkService, checkStorage, planned } from './of-service.ts';

/** How bad something is. `unknown`: nobody could say, which is no reason for an alarm. */
export const healthLevels = ['ok', 'unknown', 'warning', 'critical'] as const;

export type HealthLevel = (typeof healthLevels)[number];

const checkSchema = z.object({
  check: z.enum([
    'age',
    'integrity',
    'failures',
    'service',
    'storage',
    'size',
    'duration',
    'retention',
    'drill',
  ]),
  level: z.enum(healthLevels),
  /** A whole sentence. */
  words: z.string(),
  /** What was measured, in the unit of the check: ms for age, duration and drill, a share for storage and size, else a number. */
  value: z.number().optional(),
});

/**
 * What `drillbook backup health --json` prints. `schema` grows when the meaning of a field changes; fields may be added
 * without that. Times are UTC, ISO 8601; durations milliseconds; sizes bytes.
 */
export const healthSchema = z.object({
  schema: z.literal(1),
  target: z.string(),
  store: z.string(),
  at: z.iso.datetime(),
  /** The worst of the checks; `unknown` counts as `ok`. */
  level: z.enum(['ok', 'warning', 'critical']),
  checks: z.array(checkSchema),
  /** The whole backups of the target, the newest last, as many as were asked for. */
  trend: z.array(
    z.object({
      name: z.string(),
      takenAt: z.iso.datetime(),
      bytes: z.number(),
      /** Share by which it is larger than the one before. */
      growth: z.number().optional(),
      durationMs: z.number(),
      verified: z.boolean(),
    }),
  ),
  figures: z.object({
    backups: z.number(),
    storedBytes: z.number(),
    consecutiveFailures: z.number(),
    /** Share of the attempts of the last 30 days that gave a backup. */
    successRate: z.number().optional(),
    newestAt: z.iso.datetime().optional(),
    newestBytes: z.number().optional(),
    newestDurationMs: z.number().optional(),
    lastDrillAt: z.iso.datetime().optional(),
    freeBytes: z.number().optional(),
    totalBytes: z.number().optional(),
  }),
  /** What storing costs a month; absent where nobody said what a gigabyte costs. */
  cost: z
    .object({
      pricePerGigabyte: z.number(),
      now: z.number(),
      /** With as many backups as the retention policy keeps, each as large as the newest. */
      planned: z.number().optional(),
    })
    .optional(),
});

export type Health = z.infer<typeof healthSchema>;
export type HealthCheck = Health['checks'][number];

/** From where on something is an alarm. Times in ms, shares 0 to 1. */
export interface HealthLimits {
  /** The newest backup may be this old: the RPO. */
  readonly age: number;
  readonly duration: number;
  /** The last test restore or drill may be this long ago. */
  readonly drill: number;
  readonly growth: number;
  readonly failures: number;
  readonly storageWarning: number;
  readonly storageCritical: number;
}

const hour = 3_600_000;

/** A day, ten minutes, a monthly drill, half as large again, three failures, a quarter and a tenth of the disk. */
export const usualLimits: HealthLimits = {
  age: 24 * hour,
  duration: 600_000,
  drill: 35 * 24 * hour,
  growth: 0.5,
  failures: 3,
  storageWarning: 0.25,
  storageCritical: 0.1,
};

export interface HealthInput {
  readonly target: string;
  readonly store: string;
  readonly now: Date;
  /** Of the target. */
  readonly backups: readonly Backup[];
  readonly unfinished: readonly Unfinished[];
  /** The newest last. */
  readonly attempts: readonly Attempt[];
  /** Failed attempts that are noted in the store, by this or any other machine. */
  readonly failures?: readonly Attempt[];
  /** Drills beyond the test restores that stand beside the backups. */
  readonly drills: readonly Drill[];
  readonly space?: { readonly free: number; readonly total: number };
  readonly policy?: Policy;
  /** Of a gigabyte (10^9 bytes) for a month. */
  readonly price?: number;
  readonly limits: HealthLimits;
  /** How many backups the trend shows. */
  readonly trend: number;
}

export interface Drill {
  readonly at: Date;
  readonly passed: boolean;
}

/** How the backups of a target are, from what stands in the store and what this machine remembers. Pure. */
export function judgeHealth(input: HealthInput): Health {
  const whole = input.backups
    .filter((one) => one.manifest !== undefined && one.damage === undefined && !one.manifest.selection)
    .sort((a, b) => a.takenAt.getTime() - b.takenAt.getTime());
  const newest = whole.at(-1);
  const drill = checkDrill(input);
  const failures = checkFailures(input);
  const checks: HealthCheck[] = [
    checkAge(input, newest),
    checkIntegrity(input, newest),
    failures,
    checkService(input),
    checkStorage(input),
    checkSize(input, whole),
    checkDuration(input, newest),
    checkRetention(input),
    drill.check,
  ];
  const storedBytes = input.backups.reduce((sum, one) => sum + one.bytes, 0);
  const since = input.now.getTime() - 30 * 24 * hour;
  const recent = input.attempts.filter((one) => Date.parse(one.at) >= since);
  return {
    schema: 1,
    target: input.target,
    store: input.store,
    at: input.now.toISOString(),
    level: checks.some((one) => one.level === 'critical')
      ? 'critical'
      : checks.some((one) => one.level === 'warning')
        ? 'warning'
        : 'ok',
    checks,
    trend: trendOf(whole).slice(-input.trend),
    figures: {
      backups: input.backups.length,
      storedBytes,
      consecutiveFailures: failures.value ?? 0,
      ...(recent.length === 0 ? {} : { successRate: recent.filter((one) => one.ok).length / recent.length }),
      ...(newest === undefined
        ? {}
        : {
            newestAt: newest.takenAt.toISOString(),
            newestBytes: newest.bytes,
            newestDurationMs: newest.manifest!.durations.total,
          }),
      ...(drill.last === undefined ? {} : { lastDrillAt: drill.last.at.toISOString() }),
      ...(input.space === undefined ? {} : { freeBytes: input.space.free, totalBytes: input.space.total }),
    },
    ...(input.price === undefined ? {} : { cost: costOf(input, storedBytes, newest) }),
  };
}

function trendOf(whole: readonly Backup[]): Health['trend'] {
  return whole.map((one, i) => {
    const before = whole[i - 1];
    return {
      name: one.name,
      takenAt: one.takenAt.toISOString(),
      bytes: one.bytes,
      ...(before === undefined || before.bytes === 0 ? {} : { growth: one.bytes / before.bytes - 1 }),
      durationMs: one.manifest!.durations.total,
      verified: one.verifications.at(-1)?.passed === true,
    };
  });
}

function costOf(input: HealthInput, stored: number, newest: Backup | undefined): NonNullable<Health['cost']> {
  const price = input.price!;
  const count = input.policy === undefined ? undefined : planned(input.policy);
  return {
    pricePerGigabyte: price,
    now: (stored / 1e9) * price,
    ...(count === undefined || newest === undefined
      ? {}
      : { planned: ((newest.bytes * count) / 1e9) * price }),
  };
}
