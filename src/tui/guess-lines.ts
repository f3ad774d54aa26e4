import { here } from '../run/here.ts';
import { plannedParts } from '../run/plan.ts';
import { isHere, rereadable } from '../run/reread.ts';
import type { RunState } from '../run/state.ts';
import type { GuessedBlock } from '../runbook/guess.ts';
import { type Line, line, span, wrap } from './line.ts';
import { roleWords } from './role-words.ts';

/** As many as can be read beside a command; the key lists them all. */
const most = 2;

/** That something in front of the operator was read by guess, why, and the key that reads it the other way. */
export function guessLines(state: RunState, width: number): readonly Line[] {
  const guesses = rereadable(state);
  const first = guesses.find((guess) => isHere(state, guess));
  const shown = first ? [first] : guesses.slice(0, most);
  const rows = shown.flatMap((guess) =>
    wrap(
      line(
        span('? a guess: ', { tone: 'caution', bold: true }),
        guess === first ? 'this is read' : `line ${guess.range.line}${quoted(state, guess)} is read`,
        ` as ${roleWords[guess.role]}, because ${guess.guess.reason}.`,
        span(` g reads it as ${roleWords[guess.other.role]}.`, { dim: true }),
      ),
      width,
      2,
    ),
  );
  const left = guesses.length - shown.length;
  return left > 0 && !first
    ? [...rows, line(span(`and ${left} more blocks that were read by guess: g`, { dim: true }))]
    : rows;
}

/** What a block says first, so that it can be told from the others: output is not shown beside a command. */
export function quoted(state: RunState, { range }: GuessedBlock): string {
  const at = here(state);
  const { step } = at;
  const part =
    step &&
    plannedParts(step.parts, state.options).find(
      (one) => one.range.start >= range.start && one.range.end <= range.end,
    );
  const text = !part
    ? ''
    : 'text' in part
      ? part.text
      : part.kind === 'prose'
        ? part.markdown
        : part.kind === 'file'
          ? part.content
          : '';
  const words = text.split('\n').find((row) => row.trim() !== '' && !/^\s*(?:`{3}|~{3})/.test(row));
  return words === undefined ? '' : ` (${words.trim().slice(0, 40)})`;
}
