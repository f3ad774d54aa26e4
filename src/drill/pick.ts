import { randomInt } from 'node:crypto';
import { type Backup, type Catalog, findBackup, targetOf } from '../backup/catalog.ts';
import { BackupError } from '../backup/error.ts';

/** Which backup a drill takes: `latest`, `random` among those of the last week or month, or one by its name. */
export interface Wanted {
  readonly backup: string;
  readonly from: 'week' | 'month';
}

const days = { week: 7, month: 31 } as const;

/**
 * The backup that a drill takes. A damaged one stays in the choice: that it cannot be restored is what a drill is to
 * find. `names` are what the backups of the target may be called by (its own name, its database's), the first that fits
 * counts. Throws a `BackupError` of kind `not-found` that says what there is.
 */
export function pickBackup(
  catalog: Catalog,
  names: readonly string[],
  wanted: Wanted,
  now: Date,
  chance: (below: number) => number = randomInt,
): Backup {
  const ours = catalogOf(catalog, names);
  if (wanted.backup !== 'random') return findBackup(ours, wanted.backup);
  const since = now.getTime() - days[wanted.from] * 86_400_000;
  const recent = ours.backups.filter(
    (one) => one.takenAt.getTime() >= since && one.manifest?.selection === undefined,
  );
  const [first] = recent;
  if (first === undefined)
    throw new BackupError('not-found', `The store has no backup of the last ${wanted.from}.`);
  return recent[chance(recent.length)] ?? first;
}

function catalogOf(catalog: Catalog, names: readonly string[]): Catalog {
  const name = names.find((one) => catalog.backups.some((backup) => targetOf(backup) === one));
  if (name !== undefined)
    return { ...catalog, backups: catalog.backups.filter((backup) => targetOf(backup) === name) };
  const others = new Set(catalog.backups.map(targetOf).filter((other) => other !== undefined));
  // Dumps that say nothing of whose they are belong to whoever has the store, as those of one single name do.
  if (others.size <= 1) return catalog;
  throw new BackupError(
    'not-found',
    `The store has no backup of ${names.join(' or ')}, but of ${[...others].join(', ')}: name one with --backup.`,
  );
}
