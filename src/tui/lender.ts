import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import type { SuspendTerminal } from 'ink';
import type { TerminalLender } from '../run/session.ts';
import type { Keyboard } from './keyboard.ts';

/**
 * Lends the terminal through Ink's suspension. Ink takes its listener away but leaves the stream flowing, which
 * would swallow keys that the task is waiting for: hence the pauses, each after a turn in which the listener has
 * gone. The screen comes back only after Enter, so that what the task left behind can be read.
 */
export function lenderOf(suspend: SuspendTerminal, keyboard: Keyboard): TerminalLender {
  return {
    async lend<T>(task: () => Promise<T>, { atOnce = false } = {}): Promise<T> {
      let result: { readonly value: T } | undefined;
      // Ctrl+C at the task's terminal reaches the whole foreground group, this process too.
      const ignore = (): void => {};
      process.on('SIGINT', ignore);
      try {
        await suspend(async () => {
          await turn();
          keyboard.release();
          await turn();
          try {
            result = { value: await task() };
          } finally {
            if (!atOnce) await enter();
          }
        });
      } finally {
        process.off('SIGINT', ignore);
      }
      return result!.value;
    },
  };
}

/** Waits for a line at the terminal; its end counts too. */
async function enter(): Promise<void> {
  const { stdin, stdout } = process;
  if (stdin.isTTY) stdin.setRawMode(false);
  stdout.write('\n[back to the run: Enter] ');
  stdin.ref();
  stdin.resume();
  await Promise.race([once(stdin, 'data'), once(stdin, 'end')]);
  stdin.pause();
  await turn();
}
