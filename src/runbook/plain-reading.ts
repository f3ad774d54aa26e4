import type { RootContent } from 'mdast';
import { linesOf } from './pieces.ts';

/**
 * Reads headings, fences and paragraphs line by line, in linear time and without nesting. For text that the
 * Markdown grammar cannot take in bounded time, and for fences inside raw HTML. Offsets count from the start
 * of `text`. Paragraphs are cut at 4,000 characters: they are only shown.
 */
export function readPlainly(text: string): readonly RootContent[] {
  const nodes: RootContent[] = [];
  let fence: { mark: string; indent: number; info: string; start: number; lines: string[] } | undefined;
  let paragraph: { start: number; end: number } | undefined;
  const flush = () => {
    if (!paragraph) return;
    const { start, end } = paragraph;
    const value = text.slice(start, Math.min(end, start + 4000));
    nodes.push({
      type: 'paragraph',
      children: [{ type: 'text', value, position: span(start, end) }],
      position: span(start, end),
    });
    paragraph = undefined;
  };
  const close = (end: number) => {
    if (!fence) return;
    const [lang, ...rest] = fence.info.trim().split(/\s+/);
    nodes.push({
      type: 'code',
      lang: lang || null,
      meta: rest.join(' ') || null,
      value: fence.lines.join('\n'),
      position: span(fence.start, end),
    });
    fence = undefined;
  };
  let end = 0;
  for (const { from, line } of linesOf(text)) {
    end = from + line.length;
    const mark = /^([ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*)(`{3,}|~{3,})([^`\r\n]*)$/.exec(line);
    if (fence) {
      if (mark?.[2]?.startsWith(fence.mark) && mark[3]?.trim() === '') close(end);
      else fence.lines.push(dedent(line, fence.indent));
      continue;
    }
    const heading = /^ {0,3}(#{1,6})(?:[ \t]+([^\r\n]*?))?[ \t]*$/.exec(line);
    if (mark) {
      flush();
      const lead = mark[1] ?? '';
      fence = {
        mark: mark[2]!,
        indent: lead.length,
        info: mark[3] ?? '',
        start: from + lead.length,
        lines: [],
      };
    } else if (heading) {
      flush();
      const value = (heading[2] ?? '').replace(/[ \t]+#+$/, '');
      nodes.push({
        type: 'heading',
        depth: heading[1]!.length as 1,
        children: [{ type: 'text', value, position: span(from, end) }],
        position: span(from, end),
      });
    } else if (line.trim() === '') flush();
    else if (paragraph) paragraph.end = end;
    else paragraph = { start: from, end };
  }
  flush();
  close(end);
  return nodes;
}

/** Takes at most `columns` leading blanks and quote marks off a line. */
function dedent(line: string, columns: number): string {
  let at = 0;
  while (at < columns && (line[at] === ' ' || line[at] === '\t' || line[at] === '>')) at++;
  return line.slice(at);
}

function span(start: number, end: number) {
  return { start: { line: 1, column: 1, offset: start }, end: { line: 1, column: 1, offset: end } };
}
