import stringWidth from 'string-width';
import { sanitise } from '../terminal/sanitise.ts';

const tabStop = 8;

/**
 * One line of an output as the rows of a terminal of that width: safe, without colours, a carriage return's overwritten
 * text gone, tabs as spaces. Without `wrap` one row, cut off. At least one row, which may be empty.
 */
export function rowsOfLine(bytes: Buffer, columns: number, wrap: boolean): readonly string[] {
  const text = bytes.toString('utf8').replace(/\r?\n$/, '');
  const shown = sanitise(text.slice(text.lastIndexOf('\r') + 1));
  const wide = Math.max(2, columns);
  // Most lines: no tab, nothing but ASCII.
  if (/^[\x20-\x7e]*$/.test(shown)) {
    if (!wrap || shown.length <= wide) return [shown.slice(0, wide)];
    return Array.from({ length: Math.ceil(shown.length / wide) }, (_, at) =>
      shown.slice(at * wide, (at + 1) * wide),
    );
  }
  const rows: string[] = [];
  let row = '';
  let width = 0;
  for (const character of graphemes.segment(shown)) {
    const piece = character.segment === '\t' ? ' '.repeat(tabStop - (width % tabStop)) : character.segment;
    const cells = stringWidth(piece);
    if (width + cells > wide) {
      rows.push(row);
      if (!wrap) return rows;
      row = '';
      width = 0;
    }
    row += piece;
    width += cells;
  }
  rows.push(row);
  return rows;
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
