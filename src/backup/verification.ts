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

/** True where a restore of it was compared with its manifest and found equal, or its bytes and archive were whole. */
export function isVerified(verifications: readonly Verification[]): boolean {
  const last = verifications.at(-1);
  return last?.passed === true && last.level !== 'bytes';
}
