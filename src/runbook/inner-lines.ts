import { liftHeredocs } from '../syntax/heredoc.ts';
import { promptOf } from './prompt.ts';
import { multilineSpans } from './statements.ts';

/**
 * The lines, by their index, on which no prompt can stand: the text of a here-document, and where the block is a
 * script and no session, whatever a function, a loop or a `case` holds.
 */
export function innerLines(lines: readonly string[]): ReadonlySet<number> {
  const inner = new Set<number>();
  if (lines.length < 3) return inner;
  const text = lines.join('\n');
  const starts: number[] = [];
  let at = 0;
  for (const line of lines) {
    starts.push(at);
    at += line.length + 1;
  }
  const add = (start: number, end: number) => {
    starts.forEach((from, index) => {
      if (from >= start && from < end) inner.add(index);
    });
  };
  for (const { start, end, closed } of liftHeredocs(text).heredocs) if (closed) add(start, end);
  // What a session printed is no shell: only a script's grammar says anything.
  const first = lines.find((line) => line.trim() !== '' && !/^\s*#/.test(line)) ?? '';
  const suspect = lines.some((line, index) => !inner.has(index) && promptOf(line));
  if (!suspect || promptOf(first)) return inner;
  for (const { start, end } of multilineSpans(text)) add(start + 1, end);
  return inner;
}
