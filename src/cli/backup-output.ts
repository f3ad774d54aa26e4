import { sanitise, sanitiseLine } from '../terminal/sanitise.ts';

/** Data, for stdout. */
export function print(text: string): void {
  process.stdout.write(`${sanitise(text)}\n`);
}

/** JSON for stdout; as it is, because JSON escapes controls by itself. Its form is numbered, schema 1 where the value has no number. */
export function printJson(value: object): void {
  process.stdout.write(`${JSON.stringify({ schema: 1, ...value }, undefined, 2)}\n`);
}

/** Everything else, for stderr. */
export function say(text: string): void {
  process.stderr.write(`${sanitise(text)}\n`);
}

/** `1.5 MB`; decimal units, as disks and bills have them. */
export function bytesText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 99.5 ? Math.round(value) : value.toPrecision(2)} ${units[unit]}`;
}

/** `3.2 s`, `4 min 10 s`. */
export function durationText(ms: number): string {
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** Rows of cells as lines, columns aligned; the columns named in `right` to the right. */
export function tableText(rows: readonly (readonly string[])[], right: readonly number[] = []): string {
  const clean = rows.map((row) => row.map((cell) => sanitiseLine(cell)));
  const widths = (clean[0] ?? []).map((_, column) =>
    Math.max(...clean.map((row) => (row[column] ?? '').length)),
  );
  return clean
    .map((row) =>
      row
        .map((cell, column) =>
          right.includes(column) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** A report that failed is told, and does not undo what was done. */
export async function told(reporting: Promise<string | undefined>): Promise<void> {
  const problem = await reporting;
  if (problem !== undefined) say(problem);
}
