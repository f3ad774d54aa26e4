import type { Finding, TextEdit } from './finding.ts';

/** A document after its certain mends. */
export interface Mended {
  readonly text: string;
  /** The findings whose mends were made; a mend that meets an earlier one waits for the next time. */
  readonly findings: readonly Finding[];
}

/** Makes the certain mends of a document. Edits that overlap are not made twice. */
export function mend(source: string, findings: readonly Finding[]): Mended {
  const made: Finding[] = [];
  const edits: TextEdit[] = [];
  for (const finding of findings) {
    const own = finding.fix ?? [];
    if (own.length === 0) continue;
    const known = own.every((edit) => edits.some((each) => same(each, edit)));
    const free = own.every((edit) => edits.every((each) => !meets(each, edit)));
    if (!known && !free) continue;
    made.push(finding);
    if (!known) edits.push(...own);
  }
  let text = source;
  for (const edit of edits.sort((a, b) => b.start - a.start || b.end - a.end))
    text = text.slice(0, edit.start) + edit.text + text.slice(edit.end);
  return { text, findings: made };
}

function same(a: TextEdit, b: TextEdit): boolean {
  return a.start === b.start && a.end === b.end && a.text === b.text;
}

function meets(a: TextEdit, b: TextEdit): boolean {
  return a.start <= b.end && b.start <= a.end;
}
