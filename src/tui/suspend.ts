import { setImmediate as turn } from 'node:timers/promises';
import type { SuspendTerminal } from 'ink';
import type { Keyboard } from './keyboard.ts';

/**
 * Ctrl+Z: gives the terminal back, stops, and draws the screen again when `fg` brings it back. The whole group is
 * stopped, as the terminal itself would do it, so that a launcher in front of us stops too; the commands of a run
 * have their own sessions and go on.
 */
export async function suspend(suspendTerminal: SuspendTerminal, keyboard: Keyboard): Promise<void> {
  await suspendTerminal(async () => {
    await turn();
    keyboard.release();
    await turn();
    process.kill(0, 'SIGTSTP');
    // Stopped above. Where nobody could continue us (no job control) the signal is ignored, and this goes straight on.
    await turn();
  });
}
