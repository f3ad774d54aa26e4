/** One line of an excerpt and where in the source its first character stands; -1 for a line that is not there. */
export interface ExcerptLine {
  readonly text: string;
  readonly at: number;
  /** Where each of its characters stands, and where the line ends: only where the source writes some as entities. */
  readonly places?: readonly number[];
}

/**
 * Text taken out of the source line by line: without the indentation of a list, the `> ` of a quote, or a
 * prompt. It remembers where each line came from, so that any span of it has an exact place in the document.
 */
export interface Excerpt {
  readonly text: string;
  readonly lines: readonly ExcerptLine[];
  /** Offsets into `text` at which its lines start. */
  readonly starts: readonly number[];
}

export function excerptOf(lines: readonly ExcerptLine[]): Excerpt {
  const starts: number[] = [];
  let at = 0;
  for (const line of lines) {
    starts.push(at);
    at += line.text.length + 1;
  }
  return { text: lines.map((line) => line.text).join('\n'), lines, starts };
}

/** A line without its first characters: a prompt, the sign of a comment. */
export function strip(line: ExcerptLine, length: number): ExcerptLine {
  return {
    text: line.text.slice(length),
    at: line.at < 0 ? -1 : within(line, length),
    ...(line.places && { places: line.places.slice(length) }),
  };
}

/** Index of the line that holds an offset of the excerpt. */
export function lineOf(excerpt: Excerpt, offset: number): number {
  let low = 0;
  let high = excerpt.starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (excerpt.starts[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The place in the source of an offset of the excerpt; undefined where the source has no such character. */
export function placeOf(excerpt: Excerpt, offset: number): number | undefined {
  const index = lineOf(excerpt, offset);
  const line = excerpt.lines[index];
  if (!line || line.at < 0) return undefined;
  return within(line, Math.min(offset - excerpt.starts[index]!, line.text.length));
}

/** The place in the source behind the character at an offset, which an entity may make more than one further. */
export function placeBehind(excerpt: Excerpt, offset: number): number | undefined {
  const index = lineOf(excerpt, offset);
  const line = excerpt.lines[index];
  if (!line || line.at < 0) return undefined;
  const at = Math.min(offset - excerpt.starts[index]!, line.text.length);
  return line.places?.[at + 1] ?? within(line, at) + 1;
}

function within(line: ExcerptLine, offset: number): number {
  return line.places?.[offset] ?? line.at + offset;
}

/** A part of an excerpt, itself an excerpt. */
export function cut(excerpt: Excerpt, start: number, end: number): Excerpt {
  if (excerpt.lines.length === 0 || end <= start) return excerptOf([]);
  const first = lineOf(excerpt, start);
  const last = lineOf(excerpt, Math.max(start, end - 1));
  const lines: ExcerptLine[] = [];
  for (let index = first; index <= last; index++) {
    const line = excerpt.lines[index]!;
    const base = excerpt.starts[index]!;
    const from = Math.max(0, start - base);
    const to = Math.min(line.text.length, end - base);
    lines.push({
      text: line.text.slice(from, to),
      at: line.at < 0 ? -1 : within(line, from),
      ...(line.places && { places: line.places.slice(from, to + 1) }),
    });
  }
  return excerptOf(lines);
}

/** The first and last place in the source that an excerpt covers. */
export function spanOf(excerpt: Excerpt): { readonly start: number; readonly end: number } | undefined {
  const there = excerpt.lines.filter((line) => line.at >= 0);
  const first = there[0];
  const last = there[there.length - 1];
  if (!first || !last) return undefined;
  return { start: first.at, end: within(last, last.text.length) };
}
