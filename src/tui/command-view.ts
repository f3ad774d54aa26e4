import { type Line, line, span } from './line.ts';

/**
 * Rows of a command for a place that has fewer: what destroys stays in view, the rest is elided, and each elision says
 * how many rows it leaves out and whether any of them destroys. `rows` are those of `commandLines`; `way` says behind
 * the last elision how to see the rest.
 */
export function commandInView(rows: readonly Line[], room: number, way = ''): readonly Line[] {
  if (rows.length <= room) return rows;
  if (room <= 0) return [];
  const hits = rows.flatMap((row, index) => (destroys(row) ? [index] : []));
  if (room < 3)
    return (hits.length > 0 ? hits : [0]).slice(0, room).map((index) => elidedBefore(rows[index]!));
  const shown = new Set<number>();
  const add = (index: number) => {
    if (index < 0 || index >= rows.length || shown.has(index)) return;
    shown.add(index);
    if (cost(shown, rows.length) > room) shown.delete(index);
  };
  for (const hit of hits) add(hit);
  // What room is left goes to what stands around it, the nearest first; to the beginning where nothing destroys.
  const around = hits.length > 0 ? hits : [0];
  for (let distance = 0; distance < rows.length && cost(shown, rows.length) < room; distance++)
    for (const hit of around) {
      add(hit - distance);
      add(hit + distance);
    }
  return withElisions(rows, shown, hits, way);
}

/** Rows that a choice of them takes, with one for each stretch that is left out. */
function cost(shown: ReadonlySet<number>, length: number): number {
  let gaps = 0;
  let at = 0;
  for (const index of [...shown].sort((a, b) => a - b)) {
    if (index > at) gaps += 1;
    at = index + 1;
  }
  return shown.size + gaps + (at < length ? 1 : 0);
}

function withElisions(
  rows: readonly Line[],
  shown: ReadonlySet<number>,
  hits: readonly number[],
  way: string,
): readonly Line[] {
  const last = rows.findLastIndex((_, index) => !shown.has(index));
  const lines: Line[] = [];
  let from = 0;
  const elide = (to: number) => {
    if (to <= from) return;
    const hidden = hits.filter((hit) => from <= hit && hit < to).length;
    const words = `  … ${to - from} more ${to - from === 1 ? 'row' : 'rows'}`;
    const rest = last < to && way !== '' ? `; ${way}` : '';
    lines.push(
      hidden > 0
        ? line(
            span(`${words}, ${hidden} of them ${hidden === 1 ? 'destroys' : 'destroy'}${rest}`, {
              tone: 'danger',
              bold: true,
            }),
          )
        : line(span(`${words}${rest}`, { dim: true })),
    );
  };
  for (const [index, row] of rows.entries()) {
    if (!shown.has(index)) continue;
    elide(index);
    lines.push(row);
    from = index + 1;
  }
  elide(rows.length);
  return lines;
}

/** `commandLines` underlines what destroys. */
function destroys(row: Line): boolean {
  return row.some((each) => each.tone === 'danger' && each.underline);
}

function elidedBefore(row: Line): Line {
  return [span('… ', { dim: true }), ...row.slice(1)];
}
