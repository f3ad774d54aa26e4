import type { Procedure } from '../runbook/procedure.ts';
import { rereadBlock } from '../runbook/rereading.ts';
import { sanitiseLine } from '../terminal/sanitise.ts';
import { Refusal } from './exit.ts';

/**
 * The procedure with the guessed blocks that begin at these lines read the other way: what a run that will read them
 * so has to be told. Throws a `Refusal` for a line at which no guessed block begins. The shell grammar must be loaded.
 */
export function rereadAt(procedure: Procedure, lines: readonly number[]): Procedure {
  return [...new Set(lines)].reduce((now, line) => {
    const guess = procedure.guesses?.find(({ range }) => range.line === line);
    if (!guess) throw new Refusal(noGuess(procedure, line));
    return rereadBlock(now, guess.block, guess.other.role) ?? now;
  }, procedure);
}

function noGuess({ guesses = [], title }: Procedure, line: number): string {
  const lines = guesses.map(({ range }) => range.line);
  return lines.length === 0
    ? `nothing in "${title}" was read by guess: there is no block to read the other way`
    : `no block that was read by guess begins at line ${line}; they begin at ${lines.join(', ')}`;
}

/** One line for each block that was read by guess, with the flag that reads it the other way. */
export function guessLines({ guesses = [] }: Procedure): readonly string[] {
  return guesses.map(
    ({ range, role, guess, other }) =>
      `line ${range.line} is read as ${role}, a guess (${sanitiseLine(guess.reason)}): --reread ${range.line} reads it as ${other.role}`,
  );
}
