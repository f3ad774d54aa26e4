import type { Range } from '../runbook/range.ts';
import type { Document } from './document.ts';

/** A comment that reads like one of ours and is none: it disables nothing, and nobody would notice. */
export interface Mistyped {
  readonly written: string;
  readonly range: Range;
}

const directives = ['drillbook-lint-disable', 'drillbook-lint-disable-file'] as const;

/** As many letters may be wrong, missing or too many. */
const farthest = 3;

/** Comments whose first words are nearly a directive, or one without the rule that it is about. */
export function mistypedDirectives(document: Document): readonly Mistyped[] {
  const { source, runbook } = document;
  const comments = /(<!--|^[ \t>]*(?:#+|--))[ \t]*([A-Za-z][\w:-]*)([ \t]+[\w:-]+)?([^\r\n]*)/gm;
  const found: Mistyped[] = [];
  for (const comment of source.text.matchAll(comments)) {
    const [whole, opening = '', first = '', second = '', rest = ''] = comment;
    const range = source.range(comment.index, comment.index + whole.length);
    // Outside of blocks a line with `#` is a heading.
    const isComment =
      opening === '<!--' ||
      runbook.blocks.some((block) => block.range.line < range.line && range.line < block.range.endLine);
    if (!isComment) continue;
    const known = directives.some((directive) => directive === first);
    const words = `${second}${rest}`.replace(/-->[\s\S]*$/, '').trim();
    if (known && words !== '') continue;
    if (!known && !isNear(first, second)) continue;
    const written = /^drill-?book[-:]?lint$/i.test(first) ? `${first}${second}` : first;
    found.push({ written, range: source.range(comment.index, comment.index + whole.trimEnd().length) });
  }
  return found;
}

function isNear(first: string, second: string): boolean {
  const spelled = first.toLowerCase().replaceAll(/[_:]/g, '-');
  if (/^(drill-?book-?lint|drill-?book-(disable|ignore|suppress|no-?lint|lint))/.test(spelled)) return true;
  const both = `${spelled}-${second.trim().toLowerCase()}`;
  return [spelled, both].some((words) =>
    directives.some((directive) => distance(words, directive) <= farthest),
  );
}

/** Levenshtein's distance: insertions, deletions and replacements of one letter; more than `farthest` counts as such. */
function distance(from: string, to: string): number {
  if (Math.abs(from.length - to.length) > farthest) return farthest + 1;
  let before = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (let row = 1; row <= from.length; row++) {
    const now = [row];
    for (let column = 1; column <= to.length; column++)
      now.push(
        Math.min(
          before[column]! + 1,
          now[column - 1]! + 1,
          before[column - 1]! + (from[row - 1] === to[column - 1] ? 0 : 1),
        ),
      );
    before = now;
  }
  return before[to.length]!;
}
