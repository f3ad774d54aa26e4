import { createInterface } from 'node:readline/promises';
import { BackupError } from '../backup/error.ts';
import { sanitise, sanitiseLine } from '../terminal/sanitise.ts';
import { say } from './backup-output.ts';
import { exit, Refusal } from './exit.ts';
import { isTerminal } from './terminal.ts';

/**
 * Runs a task that Ctrl+C stops in an orderly way (a second one ends at once), with a progress line on a terminal's
 * stderr. Returns the task's exit code. What a person can act on becomes a `Refusal`.
 */
export async function carryOut(
  task: (signal: AbortSignal, progress: (words: string) => void) => Promise<number>,
): Promise<number> {
  const stop = new AbortController();
  const onSignal = () => {
    if (stop.signal.aborted) process.exit(exit.interrupted);
    process.stderr.write('\nStopping; nothing half-done will be left. Once more ends at once.\n');
    stop.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  const line = progressLine();
  try {
    return await task(stop.signal, line.show);
  } catch (error) {
    line.clear();
    if (stop.signal.aborted) {
      say(error instanceof BackupError ? error.message : 'Stopped as asked.');
      return exit.interrupted;
    }
    if (!(error instanceof BackupError)) throw error;
    throw new Refusal(sanitise(error.message), error.kind === 'url' ? exit.usage : exit.failed);
  } finally {
    line.clear();
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  }
}

/** One line that is written over on a terminal; elsewhere a line now and then, so that a log shows life. */
function progressLine(): { show: (words: string) => void; clear: () => void } {
  const live = process.stderr.isTTY === true && process.env.TERM !== 'dumb';
  const every = live ? 100 : 15_000;
  let last = live ? 0 : Date.now();
  let shown = false;
  return {
    show: (words) => {
      if (Date.now() - last < every) return;
      last = Date.now();
      const text = sanitiseLine(words);
      process.stderr.write(
        live ? `\r\x1b[2K${text.slice(0, (process.stderr.columns ?? 80) - 1)}` : `${text}\n`,
      );
      shown = live;
    },
    clear: () => {
      if (shown) process.stderr.write('\r\x1b[2K');
      shown = false;
    },
  };
}

/**
 * Asks for a phrase at the terminal, or takes it from `--confirm`. Throws a `Refusal`: code 3 where nobody is
 * there to type, 2 where the phrase is not the one.
 */
export async function confirm(phrase: string, given: string | undefined): Promise<void> {
  let answer = given;
  if (answer === undefined) {
    if (!isTerminal())
      throw new Refusal(
        `This wants a person. Where that is meant, give --confirm "${phrase}".`,
        exit.needsPerson,
      );
    const prompt = createInterface({ input: process.stdin, output: process.stderr });
    const leave = new AbortController();
    prompt.once('SIGINT', () => leave.abort());
    prompt.once('close', () => leave.abort());
    try {
      answer = await prompt.question(`Type ${phrase} to go on: `, { signal: leave.signal });
    } catch (error) {
      if (!leave.signal.aborted) throw error;
      throw new Refusal('Nothing was done.', exit.interrupted);
    } finally {
      prompt.close();
    }
  }
  if (answer.trim() !== phrase)
    throw new Refusal(`Nothing was done: the confirmation must be exactly "${phrase}".`, exit.usage);
}
