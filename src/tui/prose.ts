import { type Line, type Look, line, type Span, span, wrap } from './line.ts';

/**
 * Markdown as rows: what stands in a step besides its commands. Paragraphs are filled again, lists keep their
 * marks, code keeps its blanks. What is not understood is shown as it stands.
 */
export function proseLines(markdown: string, width: number): readonly Line[] {
  const rows: Line[] = [];
  let paragraph: string[] = [];
  let fenced = false;
  const flush = (): void => {
    if (paragraph.length > 0) rows.push(...wrap(inline(paragraph.join(' ')), width));
    paragraph = [];
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
      const lead = `${' '.repeat(Math.min(6, item[1]!.length))}${mark} ${box}`;
      rows.push(...wrap([span(lead), ...inline(item[4]!)], width, lead.length));
    } else if (quote) {
      flush();
      rows.push(...wrap([span('│ ', { dim: true }), ...inline(quote[1]!)], width, 2));
    } else if (/^\s*\|.*\|\s*$/.test(source)) {
      flush();
      if (!/^[\s|:-]+$/.test(source)) rows.push(line(span(source.trim())));
    } else if (/^\s*([-*_]\s*){3,}$/.test(source)) {
      flush();
    } else {
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
      spans.push(span(label, { ...look, underline: true }));
      if (url && url !== label) spans.push(span(` (${url})`, { ...look, dim: true }));
    } else if (bare !== undefined) spans.push(span(bare, { ...look, underline: true }));
    at = found.index + whole.length;
  }
  if (at < text.length) spans.push(span(unescaped(text.slice(at)), look));
  return spans;
}

function unescaped(text: string): string {
  return text.replace(/\\([\\`*_{}[\]()#+\-.!<>|~])/g, '$1');
}
