import { isInteractive } from '../terminal/capabilities.ts';

/** True where a person can be asked and a screen can be drawn; a job of a CI has none, whatever terminal it gives. */
export function isTerminal(): boolean {
  return isInteractive();
}
