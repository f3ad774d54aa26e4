const context = 2;

/**
 * A unified diff of two texts that have as many lines: mends stay within their line. Lines are compared one by one.
 * Throws a RangeError where the number of lines differs.
 */
export function diffOf(path: string, before: string, after: string): string {
  const [old, now] = linesOf(before, after);
  if (old.length !== now.length) throw new RangeError('a mend may not add or remove lines');
  return written(
    path,
    old.flatMap((line, index): Row[] =>
      line === now[index]
        ? [{ sign: ' ', line }]
        : [
            { sign: '-', line },
            { sign: '+', line: now[index]! },
          ],
    ),
  );
}

/** A unified diff of any two texts, by the longest sequence of lines that both have. */
export function diffOfLines(path: string, before: string, after: string): string {
  const [old, now] = linesOf(before, after);
  let top = 0;
  while (top < Math.min(old.length, now.length) && old[top] === now[top]) top++;
  let bottom = 0;
  const most = Math.min(old.length, now.length) - top;
  while (bottom < most && old.at(-1 - bottom) === now.at(-1 - bottom)) bottom++;
  const same = (lines: readonly string[]): readonly Row[] => lines.map((line) => ({ sign: ' ', line }));
  return written(path, [
    ...same(old.slice(0, top)),
    ...between(old.slice(top, old.length - bottom), now.slice(top, now.length - bottom)),
    ...same(old.slice(old.length - bottom)),
  ]);
}

/** What stands behind the last line end of both is no line. */
function linesOf(before: string, after: string): readonly [readonly string[], readonly string[]] {
  const [old, now] = [before.split('\n'), after.split('\n')];
  return old.at(-1) === '' && now.at(-1) === '' ? [old.slice(0, -1), now.slice(0, -1)] : [old, now];
}

interface Row {
  readonly sign: ' ' | '-' | '+';
  readonly line: string;
}

/** Larger tables than this (rows times columns) are not worth their memory: all goes and all comes. */
const largest = 4_000_000;

/** Longest common subsequence by the textbook table, filled from the end so that it is read from the beginning. */
function between(old: readonly string[], now: readonly string[]): readonly Row[] {
  const gone = old.map((line): Row => ({ sign: '-', line }));
  const come = now.map((line): Row => ({ sign: '+', line }));
  if (old.length * now.length > largest) return [...gone, ...come];
  const width = now.length + 1;
  const table = new Uint32Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i--)
    for (let j = now.length - 1; j >= 0; j--)
      table[i * width + j] =
        old[i] === now[j]
          ? table[(i + 1) * width + j + 1]! + 1
          : Math.max(table[(i + 1) * width + j]!, table[i * width + j + 1]!);
  const rows: Row[] = [];
  let [i, j] = [0, 0];
  while (i < old.length && j < now.length) {
    if (old[i] === now[j]) {
      rows.push({ sign: ' ', line: old[i]! });
      [i, j] = [i + 1, j + 1];
    } else if (table[(i + 1) * width + j]! >= table[i * width + j + 1]!) rows.push(gone[i++]!);
    else rows.push(come[j++]!);
  }
  return [...rows, ...gone.slice(i), ...come.slice(j)];
}

function written(path: string, rows: readonly Row[]): string {
  const changed = rows.flatMap(({ sign }, index) => (sign === ' ' ? [] : [index]));
  const out: string[] = [`--- ${path}`, `+++ ${path}`];
  let at = 0;
  while (at < changed.length) {
    const first = Math.max(0, changed[at]! - context);
    let last = changed[at]! + context;
    let next = at + 1;
    while (next < changed.length && changed[next]! - context <= last + 1) last = changed[next++]! + context;
    const hunk = rows.slice(first, last + 1);
    out.push(`@@ -${span(rows, first, hunk, '+')} +${span(rows, first, hunk, '-')} @@`);
    for (const { sign, line } of hunk) out.push(`${sign}${shown(line)}`);
    at = next;
  }
  return `${out.join('\n')}\n`;
}

/** Where a hunk begins and how many lines it has on one side; `other` is the sign of the other side's own lines. */
function span(rows: readonly Row[], first: number, hunk: readonly Row[], other: '-' | '+'): string {
  const before = rows.slice(0, first).filter(({ sign }) => sign !== other).length;
  const count = hunk.filter(({ sign }) => sign !== other).length;
  return `${count === 0 ? before : before + 1},${count}`;
}

function shown(line: string): string {
  return line.replace(/\r$/, '');
}
