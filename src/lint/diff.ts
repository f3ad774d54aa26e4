const context = 2;

/**
 * A unified diff of two texts that have as many lines: mends stay within their line. Lines are compared one by one.
 * Throws a RangeError where the number of lines differs.
 */
export function diffOf(path: string, before: string, after: string): string {
  const old = before.split('\n');
  const now = after.split('\n');
  if (old.length !== now.length) throw new RangeError('a mend may not add or remove lines');
  const changed = old.flatMap((line, index) => (line === now[index] ? [] : [index]));
  const out: string[] = [`--- ${path}`, `+++ ${path}`];
  let at = 0;
  while (at < changed.length) {
    const first = Math.max(0, changed[at]! - context);
    let last = changed[at]! + context;
    let next = at + 1;
    while (next < changed.length && changed[next]! - context <= last + 1) last = changed[next++]! + context;
    last = Math.min(last, old.length - 1);
    out.push(`@@ -${first + 1},${last - first + 1} +${first + 1},${last - first + 1} @@`);
    for (let line = first; line <= last; line++) {
      if (old[line] === now[line]) out.push(` ${shown(old[line]!)}`);
      else out.push(`-${shown(old[line]!)}`, `+${shown(now[line]!)}`);
    }
    at = next;
  }
  return `${out.join('\n')}\n`;
}

function shown(line: string): string {
  return line.replace(/\r$/, '');
}
