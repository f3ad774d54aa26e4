import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { replaceFile } from '../journal/disk.ts';

/**
 * What a drill has taken, on disk in its run's folder before it takes it: whoever comes after a drill that was killed
 * reads here what to remove. It also tells a drill from a run that somebody makes for practice.
 */
const leaseSchema = z.object({
  schema: z.literal(1),
  target: z.string(),
  /** Which server has the scratch database: as the settings name it; `target` for the target's own. */
  scratch: z.string(),
  /** The server's system identifier, where the role could read it. */
  system: z.string().optional(),
  /** The scratch database; its name is this drill's alone. */
  database: z.string().regex(/^drill_[a-z0-9_]+_restored$/),
  /** Where the fetched backup lies. */
  folder: z.string(),
  startedAt: z.iso.datetime(),
  /** Everything was given back. */
  cleanedAt: z.iso.datetime().optional(),
});

export type Lease = z.infer<typeof leaseSchema>;

const leaseFile = 'drill.json';

/** Names for one drill's own things: the database that is restored, without `_restored`, in at most 50 characters. */
export function scratchName(database: string, tail: string): string {
  const words = database
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .slice(0, 36);
  return `drill_${words}_${tail}`;
}

/** Where drills fetch their backups to, each into a folder of its own. */
export function drillFolders(stateFolder: string): string {
  return join(stateFolder, 'drills');
}

export function writeLease(runFolder: string, lease: Lease): Promise<void> {
  return replaceFile(join(runFolder, leaseFile), `${JSON.stringify(lease, undefined, 1)}\n`);
}

/** The lease of a run; undefined where the run is no drill, or its lease is not whole. */
export async function readLease(runFolder: string): Promise<Lease | undefined> {
  try {
    return leaseSchema.parse(JSON.parse(await readFile(join(runFolder, leaseFile), 'utf8')));
  } catch {
    return undefined;
  }
}
