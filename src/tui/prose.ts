import { type Line, type Look, line, type Span, span, wrap } from './line.ts';
import { tableLines } from './table-lines.ts';

/**
 * Markdown as rows: what stands in a step besides its commands. Paragraphs are filled again, lists keep their
 * marks, code keeps its blanks. What is not understood is shown as it stands.
 */
export function proseLines(markdown: string, width: number): readonly Line[] {
  const rows: Line[] = [];
  let paragraph: string[] = [];
  let table: string[] = [];
  let fenced = false;
  const flush = (): void => {
    if (paragraph.length > 0) rows.push(...wrap(inline(paragraph.join(' ')), width));
    paragraph = [];
    if (table.length > 0) rows.push(...tableLines(table, width));
    table = [];
  };
  for (const source of markdown.replace(/<!--[\s\S]*?-->/g, '').split(/\r?\n/)) {
    if (/^\s*(```|~~~)/.test(source)) {
      flush();
      fenced = !fenced;
      continue;
    }
    if (fenced) {
      rows.push(line(span(`  ${source}`, { dim: true })));
      continue;
    }
    const heading = /^#{1,6}\s+(.*?)\s*#*$/.exec(source);
    const item = /^(\s*)([-*+]|\d+[.)])\s+(?:\[([ xX])\]\s+)?(.*)$/.exec(source);
    const kind = /^\s*>\s*\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]\s*$/i.exec(source)?.[1];
    const quote = /^\s*>\s?(.*)$/.exec(source);
    if (source.trim() === '') {
      flush();
      if (rows.length > 0 && rows.at(-1)?.length !== 0) rows.push([]);
    } else if (heading) {
      flush();
      rows.push(...wrap(inline(heading[1]!, { bold: true }), width));
    } else if (item) {
      flush();
      const mark = /\d/.test(item[2]!) ? item[2]! : '•';
      const box = item[3] === undefined ? '' : item[3] === ' ' ? '☐ ' : '☑ ';
      // A box is a mark already.
      const lead = `${' '.repeat(Math.min(6, item[1]!.length))}${box !== '' && mark === '•' ? '' : `${mark} `}${box}`;
      rows.push(...wrap([span(lead), ...inline(item[4]!)], width, lead.length));
    } else if (kind !== undefined) {
      flush();
      rows.push(admonition(kind.toUpperCase()));
    } else if (quote) {
      flush();
      rows.push(...wrap([span('│ ', { dim: true }), ...inline(quote[1]!)], width, 2));
    } else if (/^\s*\|.*\|\s*$/.test(source)) {
      if (paragraph.length > 0) flush();
      table.push(source.trim());
    } else if (/^\s*([-*_]\s*){3,}$/.test(source)) {
      flush();
    } else {
      if (table.length > 0) flush();
      paragraph.push(source.trim());
    }
  }
  flush();
  while (rows.at(-1)?.length === 0) rows.pop();
  return rows;
}

/** Emphasis, code and links of one paragraph. */
export function inline(text: string, look: Look = {}): readonly Span[] {
  const spans: Span[] = [];
  const mark =
    /(`+)([\s\S]*?)\1|\*\*([\s\S]+?)\*\*|__([\s\S]+?)__|!?\[([^\]]*)\]\(([^)\s]*)[^)]*\)|<(https?:[^>\s]+)>/g;
  let at = 0;
  for (const found of text.matchAll(mark)) {
    if (found.index > at) spans.push(span(unescaped(text.slice(at, found.index)), look));
    const [whole, , code, bold, bold2, label, url, bare] = found;
    if (code !== undefined) spans.push(span(code.trim(), { ...look, tone: 'accent' }));
    else if (bold !== undefined || bold2 !== undefined)
      spans.push(...inline((bold ?? bold2)!, { ...look, bold: true }));
    else if (label !== undefined) {
      spans.push(span(label, { ...look, underline: true, ...linkOf(url) }));
      if (url && url !== label) spans.push(span(` (${url})`, { ...look, dim: true }));
    } else if (bare !== undefined) spans.push(span(bare, { ...look, underline: true, ...linkOf(bare) }));
    at = found.index + whole.length;
  }
  if (at < text.length) spans.push(span(unescaped(text.slice(at)), look));
  return spans;
}

/** Only what a browser opens, and nothing that could end the sequence that carries it. */
function linkOf(url: string | undefined): Look {
  return url !== undefined && /^https?:\/\/[\x21-\x7e]+$/i.test(url) ? { link: url } : {};
}

/** The heading of an admonition (GitHub's `> [!WARNING]`): its sign and its word say how loud it is. */
function admonition(kind: string): Line {
  const loud = kind === 'WARNING' || kind === 'CAUTION';
  const look: Look = { bold: true, tone: loud ? 'caution' : 'accent' };
  return line(span('│ ', { dim: true }), span(`${loud ? '!' : 'i'} ${kind}`, look));
}

function unescaped(text: string): string {
  return text.replace(/\\([\\`*_{}[\]()#+\-.!<>|~])/g, '$1');
}
