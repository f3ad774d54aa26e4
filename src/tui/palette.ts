import { fuzzy } from '../runbook/fuzzy.ts';
import { between, clip, type Line, line, span } from './line.ts';

/** Something that can be done, opened or looked at from where the operator is. */
export interface PaletteItem {
  /** No other item has it. */
  readonly key: string;
  /** One word: do, step, output, remedy, runbook, … */
  readonly kind: string;
  readonly label: string;
  readonly detail: string;
  /** The key that does the same, as it is written on the keyboard. */
  readonly press?: string;
  readonly act: () => void | Promise<void>;
}

/** The items that have every word of a search, best first; all of them in their order where nothing is searched. */
export function foundItems(items: readonly PaletteItem[], search: string): readonly PaletteItem[] {
  if (search.trim() === '') return items;
  return items
    .flatMap((item) => {
      const match = fuzzy(search, `${item.label} ${item.kind} ${item.detail}`);
      // What it is called counts for more than what is said about it.
      const named = fuzzy(search, item.label);
      return match ? [{ item, score: match.score + (named ? named.score : 0) }] : [];
    })
    .sort((a, b) => b.score - a.score)
    .map(({ item }) => item);
}

/** One item as a row of a width. */
export function itemRow(item: PaletteItem, marked: boolean, width: number): Line {
  return clip(
    between(
      line(
        span(marked ? ' ▸ ' : '   ', { tone: 'accent', bold: true }),
        span(item.kind.padEnd(10), { dim: true }),
        span(item.label, { bold: marked }),
        span(item.detail ? `  ${item.detail}` : '', { dim: true }),
      ),
      line(span(item.press ? `${item.press} ` : '', { bold: true })),
      width,
    ),
    width,
  );
}
