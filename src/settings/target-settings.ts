import { z } from 'zod';
import { environments } from '../run/target.ts';
import { drillSettings } from './drill-settings.ts';
import { secondsOf } from './duration.ts';
import { holdsPassword } from './reference.ts';
import { sinkSettings } from './sink-settings.ts';
import { encryptionSettings, storeAddress } from './store-settings.ts';

const reference = z
  .string()
  .min(1)
  .refine((text) => !holdsPassword(text), {
    message:
      'holds a password: put the value into an environment variable or a file and write env:NAME or file:PATH here',
  });

const duration = z
  .string()
  .refine((text) => secondsOf(text) !== undefined, { message: 'is not a duration such as 30m, 1h or 1h30m' })
  .transform((text) => secondsOf(text)!);

/** One target as the project file or the preferences have it. Connection values are references, never secrets. */
export const targetSettings = z.strictObject({
  environment: z.enum(environments).exclude(['sandbox']),
  engine: z.enum(['postgres', 'sqlite']).default('postgres'),
  url: reference,
  /** The same server's maintenance database; made from `url` where it is left out. */
  admin_url: reference.optional(),
  /** Where the backups are: a folder, `s3://bucket/prefix?region=…` or `cloudinary://cloud/folder`. */
  store: storeAddress.optional(),
  /** Whom its backups are encrypted to, and what opens them. */
  encryption: encryptionSettings.optional(),
  /** The application's address and its readiness check. */
  application: z.string().optional(),
  health: z.string().optional(),
  /** Words that choose options: railway, render, docker. */
  tags: z.array(z.string().transform((tag) => tag.toLowerCase())).default([]),
  objectives: z.strictObject({ rto: duration.optional(), rpo: duration.optional() }).default({}),
  /** Further values for variables and placeholders of runbooks, by name. */
  variables: z.record(z.string(), reference).default({}),
  /** Where the entries of its runs go, and who is told; the project's sinks come on top. */
  sinks: z.array(sinkSettings).optional(),
  /** A folder or object store that several machines reach: runs are followed and handed over through it. */
  shared: reference.optional(),
  /** When and how the restore of its backups is drilled. */
  drill: drillSettings.optional(),
});

export type TargetSettings = z.output<typeof targetSettings>;
export type TargetSettingsInput = z.input<typeof targetSettings>;

export const projectSettings = z.strictObject({
  targets: z
    .record(
      z.string().regex(/^[\w.-]+$/, 'target names are letters, digits, dots and dashes'),
      targetSettings,
    )
    .default({}),
  /** Folders with runbooks, relative to the file. */
  runbooks: z.array(z.string()).optional(),
  /** Folder for incident entries, relative to the file. */
  incidents: z.string().optional(),
  /** Where the entries of every target's runs go. */
  sinks: z.array(sinkSettings).default([]),
  /** What targets without a `shared` of their own use. */
  shared: reference.optional(),
  /** What lint says of the project's runbooks: rules switched off or given another severity. */
  lint: z
    .strictObject({
      rules: z.record(z.string(), z.enum(['off', 'error', 'warning', 'info'])).default({}),
      /** Days after which "last updated" counts as stale. */
      stale_after_days: z.int().positive().optional(),
    })
    .optional(),
});

export type ProjectSettings = z.output<typeof projectSettings>;
