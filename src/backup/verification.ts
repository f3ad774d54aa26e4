import { z } from 'zod';
import { stamp } from './name.ts';

/** How deep a verification goes: the stored bytes, the archive read to its end, a restore into a scratch database. */
export const levels = ['bytes', 'archive', 'restore'] as const;

export type Level = (typeof levels)[number];

/** The result of one verification, kept beside the backup as `{name}.verification-{YYYYMMDD-HHMMSS}-{n}.json`. */
export const verificationSchema = z.object({
  schema: z.literal(1),
  backup: z.string(),
  file: z.string(),
  level: z.enum(levels),
  /** UTC, ISO 8601. */
  at: z.iso.datetime(),
  durationMs: z.number(),
  passed: z.boolean(),
  /** What was looked at, in order. `unknown`: nothing to hold it against (a dump without a manifest). */
  checks: z.array(
    z.object({
      check: z.enum(['manifest', 'bytes', 'archive', 'restore', 'contents']),
      verdict: z.enum(['passed', 'failed', 'unknown']),
      words: z.string(),
    }),
  ),
});

export type Verification = z.infer<typeof verificationSchema>;
export type Check = Verification['checks'][number];

export const verificationPattern = /\.verification-\d{8}-\d{6}-\d+\.json$/;

/** The file that keeps a result. */
export function verificationFile(name: string, at: Date, turn: number): string {
  return `${name}.verification-${stamp(at)}-${turn}.json`;
}

/** True where the archive was read to its end (or restored) without a fault and nothing found a fault since. */
export function isVerified(verifications: readonly Verification[]): boolean {
  const since = verifications.findLastIndex((one) => !one.passed) + 1;
  return verifications.slice(since).some((one) => one.level !== 'bytes');
}
