import { type Database, rowsOf } from './library.ts';

/** Faults beyond this many are not listed. */
const listed = 20;

/**
 * SQLite's own look at a whole file: `integrity_check` reads every page, every index against its table, NOT NULL and
 * CHECK. Empty where it is whole, else what was found.
 */
export function integrityFaults(database: Database): string[] {
  try {
    return rowsOf(database, `pragma integrity_check(${listed})`)
      .map((row) => String(Object.values(row)[0]))
      .filter((words) => words !== 'ok');
  } catch (error) {
    // A page that is too broken to be walked ends the check itself.
    return [(error as Error).message];
  }
}
