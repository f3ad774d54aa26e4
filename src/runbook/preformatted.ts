import type { Code, Html, RootContent } from 'mdast';

/** The HTML that a block was written in, with its tags; kept with the block, which needs it to find its places. */
interface Written {
  readonly written?: string;
}

const opening = /^[ \t]*<pre\b([^>\n]*)>(?:[ \t]*<code\b([^>\n]*)>)?/i;
const closing = /(?:<\/code>\s*)?<\/pre>\s*$/i;
/** Marks that make letters bold or link them: what stands between is no longer one stretch of text. */
const marked = /<\/?(?:a|b|i|u|em|strong|span|font|div|table|td|tr|br|p|kbd|samp|var)\b/i;
const signs: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
  '#39': "'",
  '#34': '"',
  nbsp: ' ',
};

/**
 * Makes a code block of each `<pre>` that holds nothing but text, wherever it stands: HTML is how older documents
 * and wikis write one. `text` is what was written, `read` what was made of it for the grammar, as long. Changes the nodes that hold it. Its entities (`&lt;`) are read.
 */
export function preformattedAsCode(nodes: RootContent[], text: string, read: string): void {
  const open: RootContent[][] = [nodes];
  for (let level = open.pop(); level; level = open.pop())
    level.forEach((node, index) => {
      if (node.type === 'html') {
        const code = codeOf(node, text, read);
        if (code) level[index] = code;
      } else if ('children' in node) open.push(node.children as RootContent[]);
    });
}

function codeOf(node: Html, text: string, read: string): Code | undefined {
  const { start, end } = { start: node.position?.start.offset ?? 0, end: node.position?.end.offset ?? 0 };
  // The grammar gives another sign for NUL.
  const shown = (all: string) => all.slice(start, end).replaceAll('\0', '\ufffd');
  const value = shown(read) === node.value ? shown(text) : node.value;
  const open = opening.exec(value);
  if (!open || !closing.test(value.slice(open[0].length))) return undefined;
  const inside = value.slice(open[0].length).replace(closing, '');
  if (marked.test(inside) || /<\/?(?:pre|code)\b/i.test(inside)) return undefined;
  const language = /\b(?:lang|language)[-=]["']?([\w-]+)/i.exec(`${open[1] ?? ''} ${open[2] ?? ''}`)?.[1];
  const data: Written = { written: value };
  return {
    type: 'code',
    lang: language ?? null,
    meta: null,
    value: linesInside(value)
      .map((line) => line.text)
      .join('\n'),
    data: data as Code['data'] & object,
    ...(node.position && { position: node.position }),
  };
}

/** A line of a preformatted block: which of the written lines it is, and how far into that its text starts. */
export interface PreformattedLine {
  readonly text: string;
  readonly index: number;
  readonly from: number;
  /** How far into the written line each character, and the end, stands; only where some are entities. */
  readonly places?: readonly number[];
  /** The written line whole, from which its place is found. */
  readonly whole: string;
}

/** The lines of a block that was HTML; undefined for one that was written as Markdown. */
export function preformattedLines(code: Code): readonly PreformattedLine[] | undefined {
  const { written } = (code.data ?? {}) as Written;
  return written === undefined ? undefined : linesInside(written);
}

function linesInside(written: string): readonly PreformattedLine[] {
  const whole = written.split(/\r\n|\n|\r/);
  const first = opening.exec(written)?.[0].length ?? 0;
  const end = written.search(closing);
  let at = 0;
  const lines: PreformattedLine[] = [];
  whole.forEach((line, index) => {
    const from = Math.max(0, first - at);
    const to = end < 0 ? line.length : Math.min(line.length, end - at);
    const isTag =
      from > line.length ||
      to < 0 ||
      ((index === 0 || to < line.length) && line.slice(from, to).trim() === '');
    if (!isTag) lines.push({ ...decoded(line, from, to), index, from, whole: line });
    at += line.length + (written.startsWith('\r\n', at + line.length) ? 2 : 1);
  });
  return lines;
}

function decoded(line: string, from: number, to: number): { text: string; places?: readonly number[] } {
  let text = '';
  const places: number[] = [];
  for (let at = from; at < to; ) {
    const entity = line[at] === '&' ? /^&(#?\w{2,5});/.exec(line.slice(at, Math.min(to, at + 9))) : null;
    const sign = entity && Object.hasOwn(signs, entity[1]!) ? signs[entity[1]!]! : undefined;
    places.push(at);
    text += sign ?? line[at];
    at += sign === undefined ? 1 : entity![0].length;
  }
  places.push(to);
  return text.length === to - from ? { text } : { text, places };
}
