import type { Code, RootContent } from 'mdast';

/**
 * MkDocs tabs (`=== "Linux"`) and admonitions (`!!! note`, `??? note`) hold content indented by four, which
 * CommonMark takes for code. Written as a list item with a content column of four they read as meant; the
 * replacement has the same length, so that every offset stays true. Lines inside fences are left alone.
 */
export function tabsAsLists(text: string): string {
  if (!/^[ \t]*(?:===[+!]? "|!!!|\?\?\?)/m.test(text)) return text;
  let fence = '';
  return text.replace(/^([ \t]*)([^\r\n]*)/gm, (line, indent: string, rest: string) => {
    const mark = /^(`{3,}|~{3,})/.exec(rest)?.[1];
    if (mark && !fence) fence = mark;
    else if (mark && fence && mark.startsWith(fence) && rest.trim() === mark) fence = '';
    else if (!fence) {
      if (/^===[+!]? "/.test(rest)) return `${indent}+   ${rest.slice(4).replace(/^ /, '.')}`;
      if (/^(!!!|\?\?\?)\+? \w/.test(rest)) return `${indent}*   ${rest.slice(4).replace(/^ /, '.')}`;
    }
    return line;
  });
}

/**
 * Gives the code in a node back the lines that `tabsAsLists` took for the start of a tab or an admonition: only the
 * grammar knows what is code (a fence in a quote, an indented block). `text` is what was written, `read` what was made
 * of it, as long; offsets count in both.
 */
export function restoreCode(node: RootContent, text: string, read: string): void {
  const open: RootContent[] = [node];
  for (let next = open.pop(); next; next = open.pop()) {
    if (next.type === 'code') restore(next, text, read);
    else if ('children' in next) for (const child of next.children) open.push(child as RootContent);
  }
}

function restore(code: Code, text: string, read: string): void {
  if (!/^[ \t>]*(?:\+ {3}|\* {3})/m.test(code.value)) return;
  const { start, end } = { start: code.position?.start.offset ?? 0, end: code.position?.end.offset ?? 0 };
  const written = text.slice(start, end).split(/\r\n|\n|\r/);
  const made = read
    .slice(start, end)
    .replaceAll('\0', '\ufffd')
    .split(/\r\n|\n|\r/);
  let at = /^(?:`{3}|~{3})/.test(written[0] ?? '') ? 1 : 0;
  // Every second piece is a line ending, which the grammar leaves as it was.
  code.value = code.value
    .split(/(\r\n|\n|\r)/)
    .map((line, index) => {
      if (index % 2 === 1) return line;
      // The grammar may leave lines out: the next one that ends as this one does is where it comes from.
      const words = line.replace(/^[ \t]+/, '');
      let found = at;
      while (found < made.length && found < at + 50 && !endsAlike(made[found]!, words)) found++;
      if (!endsAlike(made[found] ?? '', words)) return line;
      at = found + 1;
      const mark = /(?:===[+!]? "|!!!|\?\?\?).*$/.exec(written[found]!)?.[0];
      // A mark that was replaced is as long as what stands in its place.
      return mark !== undefined && written[found] !== made[found] && line.length >= mark.length
        ? line.slice(0, -mark.length) + mark
        : line;
    })
    .join('');
}

/** True where a line of the source is this one with what the grammar takes off in front: blanks and quote marks. */
function endsAlike(line: string, words: string): boolean {
  return line.endsWith(words) && /^[ \t>]*$/.test(line.slice(0, line.length - words.length));
}
