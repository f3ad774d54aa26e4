import { type Binding, keyLabel } from './keymap.ts';
import { blank, type Line, line, span, widthOf } from './line.ts';

/** Keys of which the footer says nothing where room is short: everybody tries them anyway. */
const obvious = new Set(['up', 'down', 'page-up', 'page-down', 'top', 'bottom']);

/** The foot of a screen: what can be pressed now, as much as fits into one row, the help always last. */
export function footer(bindings: readonly Binding[], width: number, unicode: boolean): Line {
  const shown = bindings.filter((binding) => !obvious.has(binding.action));
  const last = shown.find((binding) => binding.action === 'help');
  const tail = last ? item(last, unicode) : blank;
  let row: Line = line(' ');
  for (const binding of shown) {
    if (binding === last) continue;
    const next = [...row, ...item(binding, unicode), ...line('   ')];
    if (widthOf(next) + widthOf(tail) > width) break;
    row = next;
  }
  return [...row, ...tail];
}

function item(binding: Binding, unicode: boolean): Line {
  return [span(keyLabel(binding.keys[0]!, unicode), { bold: true }), span(` ${binding.label}`)];
}
