import type { Range } from '../runbook/range.ts';
import type { Source } from '../runbook/source.ts';

/** Gives the place in the document of a span of a command's text. */
export type Placing = (start: number, end: number) => Range;

/**
 * A command's text is its lines in the document without prompts, list indentation or quote marks, and may have lines
 * that stand nowhere in it. Line by line the text is found again inside `range`; a line that is not there lends its
 * place from the one before.
 */
export function placingOf(source: Source, range: Range, text: string): Placing {
  if (source.text.slice(range.start, range.end) === text)
    return (start, end) => source.range(range.start + start, range.start + Math.max(start, end));
  const starts: number[] = [];
  const places: (number | undefined)[] = [];
  let offset = 0;
  let line = range.line;
  let floor = range.start;
  for (const part of text.split('\n')) {
    starts.push(offset);
    offset += part.length + 1;
    const found = findLine(source, part, line, range.endLine, floor);
    places.push(found?.start);
    if (found) {
      line = found.line;
      floor = found.start + part.length;
    }
  }
  const at = (position: number): number => {
    let index = 0;
    while (index + 1 < starts.length && starts[index + 1]! <= position) index++;
    const place = places[index];
    if (place !== undefined) return place + position - starts[index]!;
    for (let back = index; back >= 0; back--) if (places[back] !== undefined) return places[back]!;
    return range.start;
  };
  return (start, end) => {
    const from = Math.min(at(start), source.text.length);
    return source.range(from, Math.max(from, at(Math.max(start, end))));
  };
}

function findLine(
  source: Source,
  part: string,
  from: number,
  last: number,
  floor: number,
): { line: number; start: number } | undefined {
  const wanted = part.trimEnd();
  if (wanted.trim() === '') return undefined;
  for (let line = from; line <= last; line++) {
    const span = source.line(line);
    const begin = Math.max(span.start, floor);
    if (begin > span.end) continue;
    const at = source.text.slice(begin, span.end).indexOf(wanted);
    if (at >= 0) return { line, start: begin + at };
  }
  return undefined;
}
