import { keyLabel } from './bindings.ts';
import type { Binding } from './keymap.ts';
import { type Line, span, widthOf } from './line.ts';

/** Keys of which the footer says nothing where room is short: everybody tries them anyway. */
const obvious = new Set(['up', 'down', 'page-up', 'page-down', 'top', 'bottom']);

/** Rows that the foot may take in a window of a height. */
export function footerRows(rows: number): number {
  return rows >= 24 ? 2 : 1;
}

/** The foot of a screen: what can be pressed now, as much as fits into the rows; the way back and the help always, last. */
export function footer(
  bindings: readonly Binding[],
  width: number,
  height: number,
  unicode: boolean,
): readonly Line[] {
  const shown = bindings.filter((binding) => !obvious.has(binding.action));
  const last = ['close', 'help'].flatMap(
    (action) => shown.find((binding) => binding.action === action) ?? [],
  );
  const tail = last.flatMap((binding) => [gap, ...item(binding, unicode)]);
  const rows: Line[] = [[]];
  for (const binding of shown) {
    if (last.includes(binding)) continue;
    const row = rows.at(-1)!;
    const next = [...row, row.length === 0 ? margin : gap, ...item(binding, unicode)];
    const isLast = rows.length === height;
    if (widthOf(next) <= width - (isLast ? widthOf(tail) : 0)) rows[rows.length - 1] = next;
    else if (isLast) break;
    else rows.push([margin, ...item(binding, unicode)]);
  }
  if (last.length === 0) return rows;
  const row = rows.at(-1)!;
  // Alone on its row it begins where every row begins.
  if (row.length === 0) return [...rows.slice(0, -1), [margin, ...tail.slice(1)]];
  if (widthOf(row) + widthOf(tail) <= width) return [...rows.slice(0, -1), [...row, ...tail]];
  return [...rows, [margin, ...tail.slice(1)]];
}

const margin = span(' ');
const gap = span('   ');

function item(binding: Binding, unicode: boolean): Line {
  return [span(keyLabel(binding.keys[0]!, unicode), { bold: true }), span(` ${binding.label}`)];
}
