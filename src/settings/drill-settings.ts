import { z } from 'zod';
import { drillCriteria } from '../drill/criterion.ts';
import { cronOf } from '../drill/schedule.ts';
import { secondsOf } from './duration.ts';
import { holdsPassword } from './reference.ts';
import { storeAddress } from './store-settings.ts';

const duration = z
  .string()
  .refine((text) => secondsOf(text) !== undefined, { message: 'is not a duration such as 10m or 1d' })
  .transform((text) => secondsOf(text)!);

const percent = z
  .string()
  .refine((text) => shareOf(text) !== undefined, { message: 'is not a percentage from 0 to 100, like 5%' })
  .transform((text) => shareOf(text)!);

function shareOf(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*%$/.exec(text.trim());
  return match && Number(match[1]) <= 100 ? Number(match[1]) / 100 : undefined;
}

/** What the application itself says to a restored database: a command that gets it as DATABASE_URL. */
const check = z.strictObject({
  name: z.string().min(1),
  command: z.string().min(1),
  timeout: duration.default(300),
});

/** The drill of a target: when, from where, to where, and what it must show. */
export const drillSettings = z.strictObject({
  /** "first Monday", "last Friday", "15th", "Mondays", or five fields of cron (`0 4 * * 1#1`). Without it nothing is ever due. */
  schedule: z
    .string()
    .superRefine((text, context) => {
      try {
        cronOf(text);
      } catch (error) {
        context.addIssue({ code: 'custom', message: (error as Error).message });
      }
    })
    .optional(),
  timezone: z
    .string()
    .refine(isTimezone, { message: 'is not a time zone such as UTC or Europe/Berlin' })
    .default('UTC'),
  /** From here on a drill that was not held counts as overdue; seconds after it was due. */
  overdue_after: duration.default(86_400),
  /** A file, behind `#` a procedure of it, relative to the settings; the monthly restore drill that ships where it is left out. */
  runbook: z.string().min(1).optional(),
  /** Options that its choices take, by id or title. */
  options: z.array(z.string()).default([]),
  /** Where its backups come from, where that is not the target's own store: a copy elsewhere wants to be drilled too. */
  store: storeAddress.optional(),
  /**
   * Which server takes the scratch database: another target of the settings, `sandbox`, or a URL as `env:NAME` or
   * `file:PATH`. A production target must have one; others use their own server where it is left out.
   */
  scratch: z
    .string()
    .min(1)
    .refine((text) => !holdsPassword(text), {
      message: 'holds a password: write env:NAME or file:PATH, or the name of a target',
    })
    .optional(),
  backup: z.string().min(1).default('latest'),
  /** How far back a random one may be. */
  from: z.enum(['week', 'month']).default('month'),
  /** What the rows are held against: the live database (read-only) or only what the manifest says. */
  compare: z.enum(['source', 'manifest']).default('source'),
  tolerance: percent.default(0.05),
  /** The restore may take this long; seconds. */
  restore_within: duration.default(600),
  checks: z.array(check).default([]),
  /** What is judged; everything where it is left out. */
  criteria: z.array(z.enum(drillCriteria)).default([...drillCriteria]),
  /** Those of the target where they are left out; seconds. */
  objectives: z.strictObject({ rto: duration.optional(), rpo: duration.optional() }).optional(),
});

export type DrillSettings = z.output<typeof drillSettings>;

/** The settings of a drill for a target that says nothing of drills. */
export const usualDrill: DrillSettings = drillSettings.parse({});

function isTimezone(text: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return true;
  } catch {
    return false;
  }
}
