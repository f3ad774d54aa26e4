import type { Block } from '../runbook/block.ts';
import type { Source } from '../runbook/source.ts';

/** One line of a document's words. */
export interface ProseLine {
  readonly number: number;
  /** Offset of its first character. */
  readonly start: number;
  /** As long as the line stands in the document: inline code, comments and addresses of links are blanks. */
  readonly text: string;
}

/** The lines of a document that are neither code nor comment nor front matter. */
export function proseOf(source: Source, blocks: readonly Block[]): readonly ProseLine[] {
  const code = new Set<number>();
  for (const { range } of blocks) for (let line = range.line; line <= range.endLine; line++) code.add(line);
  const text = source.text.replace(/<!--[\s\S]*?-->/g, blank);
  const body = /^\ufeff?---\r?\n[\s\S]*?\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|$)/.exec(text)?.[0].length ?? 0;
  const out: ProseLine[] = [];
  for (let number = source.lineAt(body); number <= source.starts.length; number++) {
    if (code.has(number)) continue;
    const { start, end } = source.line(number);
    if (start < body) continue;
    const line = text.slice(start, Math.min(end, start + 5000));
    out.push({
      number,
      start,
      text: line.replace(/(`+)[^`]*\1/g, blank).replace(/(?<=\]\()[^()\s]*(?=[)\s])/g, blank),
    });
  }
  return out;
}

function blank(text: string): string {
  return text.replace(/[^\r\n]/g, ' ');
}
