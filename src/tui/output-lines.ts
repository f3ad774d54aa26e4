import type { Row } from '../run/output-reader.ts';
import { size } from './duration.ts';
import { looksLikeError } from './error-words.ts';
import { blank, type Line, type Look, line, type Span, span } from './line.ts';
import type { OutputLook } from './output-look.ts';

/** Columns before the text: the mark or the selection, `!` for what reads like an error, `e` for standard error. */
export const gutter = 4;

/** The rows of the window; what is known of a row is said by a sign before it, colour only repeats it. */
export function outputLines(look: OutputLook): readonly Line[] {
  const { rows, mark, anchor, query } = look;
  if (rows === undefined) return [line(' reading …')];
  if (rows.length === 0) return [line(span(' (it printed nothing)', { dim: true }))];
  const marked = rows[mark]?.place.offset ?? 0;
  const isSelected = ({ place: { offset } }: Row): boolean =>
    anchor !== undefined &&
    offset >= Math.min(anchor.offset, marked) &&
    offset <= Math.max(anchor.offset, marked);
  return rows.map((row, index) => {
    const isError = looksLikeError(row.text);
    const sign = index === mark ? '▸' : isSelected(row) ? '┃' : ' ';
    return [
      span(sign, { tone: 'accent', bold: true }),
      span(isError ? '!' : ' ', { tone: 'danger', bold: true }),
      span(row.isError ? 'e ' : '  ', { tone: 'caution' }),
      ...found(row.text, query, isError ? { tone: 'danger', bold: true } : {}),
    ];
  });
}

/** A row with what was searched for in it told apart. */
function found(text: string, query: string, look: Look): readonly Span[] {
  if (query === '') return [span(text, look)];
  const anyCase = query === query.toLowerCase();
  const within = anyCase ? text.toLowerCase() : text;
  const spans: Span[] = [];
  let at = 0;
  // Lower case may be longer than what it is of (İ): places would not fit.
  if (within.length === text.length)
    for (let hit = within.indexOf(query); hit >= 0; hit = within.indexOf(query, at)) {
      if (hit > at) spans.push(span(text.slice(at, hit), look));
      at = hit + query.length;
      spans.push(span(text.slice(hit, at), { ...look, inverse: true }));
    }
  return [...spans, span(text.slice(at), look)];
}

/** Where the window is in the output: "42% of 1.2 MB · following". */
export function outputPlace({ size: bytes, seen, following, wrap, anchor }: OutputLook): Line {
  if (bytes === 0) return blank;
  const facts = [
    `${seen === 1 ? 'end' : `${Math.floor(seen * 100)}%`} of ${size(bytes)}`,
    ...(following ? ['following'] : []),
    ...(wrap ? [] : ['cut off']),
    ...(anchor ? ['selecting'] : []),
  ];
  return line(span(`${facts.join(' · ')} `, { dim: true }));
}
