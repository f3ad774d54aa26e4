import { setImmediate as turn } from 'node:timers/promises';
import type { SuspendTerminal } from 'ink';
import type { TerminalLender } from '../run/session.ts';
import { waitForEnter } from '../terminal/enter.ts';
import type { Keyboard } from './keyboard.ts';

/**
 * Lends the terminal through Ink's suspension. Ink takes its listener away but leaves the stream flowing, which
 * would swallow keys that the task is waiting for: hence the pauses, each after a turn in which the listener has
 * gone. The screen comes back only after Enter, so that what the task left behind can be read. `to` says, in one safe
 * row, who has the terminal.
 */
export function lenderOf(
  suspend: SuspendTerminal,
  keyboard: Keyboard,
  to: () => string = () => '',
): TerminalLender {
  return {
    async lend<T>(task: () => Promise<T>, { atOnce = false } = {}): Promise<T> {
      let result: { readonly value: T } | undefined;
      // Ctrl+C at the task's terminal reaches the whole foreground group, this process too.
      const ignore = (): void => {};
      process.on('SIGINT', ignore);
      keyboard.lent = true;
      try {
        await suspend(async () => {
          await turn();
          keyboard.release();
          await turn();
          // Who looks at a bare prompt should know whose it is.
          if (!atOnce && to() !== '') process.stdout.write(`[the terminal is with: ${to()}]\n`);
          try {
            result = { value: await task() };
          } finally {
            // A Ctrl+C that was meant for the task is heard before keys come raw again: the second turn has polled for it.
            await turn();
            await turn();
            if (!atOnce)
              await waitForEnter(
                { input: process.stdin, output: process.stdout },
                '[back to the run: Enter] ',
              );
          }
        });
      } finally {
        keyboard.lent = false;
        process.off('SIGINT', ignore);
      }
      return result!.value;
    },
  };
}
