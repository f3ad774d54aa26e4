import type { LineReader } from './mark.ts';

/**
 * `pg_restore --verbose`: one such line for each entry of the archive's table of contents, when the entry begins, with
 * `--jobs` too (seen on 15; the lines about "items" of a parallel restore are said besides). The total comes from the
 * table of contents.
 */
export function restoreReader(total: number | undefined): LineReader {
  return (line, before) => {
    const match = /^pg_restore: (?:creating|executing|processing data for table) (.*)$/.exec(line);
    if (!match) return before;
    // The entry that has just begun is not done.
    const done = before === undefined ? 0 : before.done + 1;
    const words = line.slice('pg_restore: '.length);
    return { done, unit: 'items', words, ...(total === undefined ? {} : { total: Math.max(total, done) }) };
  };
}

/** `pg_dump --verbose`: a line for each table whose contents begin. How many there will be it does not say. */
export const readDump: LineReader = (line, before) => {
  const match = /^pg_dump: dumping contents of table (.*)$/.exec(line);
  if (!match) return before;
  return { done: before === undefined ? 0 : before.done + 1, unit: 'items', words: `table ${match[1]}` };
};
