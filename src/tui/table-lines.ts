import { type Line, type Look, line, padded, type Span, span, widthOf, wrap } from './line.ts';
import { inline } from './prose.ts';

/** A column narrower than this cannot be read. */
const narrowest = 8;

/**
 * A GFM table as rows of a width: columns as wide as what stands in them, cells wrapped where there is less room.
 * Where even that is too narrow, each row is told as `heading: cell` lines. The rows are those of the source, with pipes.
 */
export function tableLines(source: readonly string[], width: number): readonly Line[] {
  const isRule = (row: string): boolean => /^[\s|:-]+$/.test(row) && row.includes('-');
  const hasHead = source[1] !== undefined && isRule(source[1]);
  const cells = source.filter((row) => !isRule(row)).map(cellsOf);
  const count = Math.max(0, ...cells.map((row) => row.length));
  if (count === 0) return [];
  const texts = cells.map((row, index) =>
    Array.from({ length: count }, (_, column) => inlineOf(row[column] ?? '', hasHead && index === 0)),
  );
  const wanted = Array.from({ length: count }, (_, column) =>
    Math.max(1, ...texts.map((row) => widthOf(row[column]!))),
  );
  const widths = fitted(wanted, width - 2 * (count - 1));
  if (!widths) return told(texts, hasHead, width);
  const rows = texts.flatMap((row) => tableRow(row, widths));
  if (!hasHead) return rows;
  const head = tableRow(texts[0]!, widths).length;
  const rule = line(span('─'.repeat(Math.min(width, sum(widths) + 2 * (count - 1))), { dim: true }));
  return [...rows.slice(0, head), rule, ...rows.slice(head)];
}

/** The cells between the pipes; an escaped pipe, or one within code, is text. */
function cellsOf(row: string): readonly string[] {
  const inner = row.replace(/^\s*\|/, '').replace(/\|\s*$/, '');
  const found = inner.match(/(?:\\.|`[^`]*`|[^|\\])+|(?<=\|)(?=\|)|^(?=\|)/g) ?? [];
  return found.map((cell) => cell.trim().replaceAll('\\|', '|'));
}

function inlineOf(cell: string, isHead: boolean): Line {
  const look: Look = isHead ? { bold: true } : {};
  return inline(cell, look);
}

/** Widths that fit: the widest columns give way; undefined where one would be too narrow to read. */
function fitted(wanted: readonly number[], room: number): readonly number[] | undefined {
  const widths = [...wanted];
  for (let over = sum(widths) - room; over > 0; over--) {
    const widest = widths.indexOf(Math.max(...widths));
    if (widths[widest]! <= narrowest) return undefined;
    widths[widest]!--;
  }
  return widths;
}

function tableRow(cells: readonly Line[], widths: readonly number[]): readonly Line[] {
  const columns = cells.map((cell, column) => wrap(cell, widths[column]!));
  const height = Math.max(1, ...columns.map((rows) => rows.length));
  return Array.from({ length: height }, (_, row) =>
    columns.flatMap((rows, column): readonly Span[] => {
      const last = column === columns.length - 1;
      const cell = rows[row] ?? [];
      return last ? cell : [...padded(cell, widths[column]!), { text: '  ' }];
    }),
  );
}

/** Each row as `heading: cell` lines, for a window that cannot hold the columns. */
function told(rows: readonly (readonly Line[])[], hasHead: boolean, width: number): readonly Line[] {
  const head = hasHead ? rows[0]! : [];
  return rows.slice(hasHead ? 1 : 0).flatMap((row) =>
    row.flatMap((cell, column) => {
      if (widthOf(cell) === 0) return [];
      const name = named(head[column] ?? []);
      return wrap([span(column === 0 ? '' : '  '), ...name, ...cell], width, 4);
    }),
  );
}

/** A heading with its colon, which never stands alone on a row. */
function named(head: Line): Line {
  const last = head.at(-1);
  return last ? [...head.slice(0, -1), { ...last, text: `${last.text}:` }, span(' ')] : [];
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
