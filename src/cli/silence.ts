import type { Live, LiveTypical } from '../run/session.ts';
import { brief } from '../tui/duration.ts';

/** A silence of which nothing else is known is flagged after so long, in milliseconds. */
const usually = 60_000;
/** How much longer than ever before it must be. */
const times = 1.5;

/** How long a command must have said nothing for somebody to look: longer than it ever did when all went well. */
export function silenceWorthAWord(typical: LiveTypical | undefined): number {
  return Math.max(usually, times * (typical?.silent ?? 0));
}

/** Says each silence of a running command once, to whoever has no screen to see it on. Not sanitised. */
export class SilenceTold {
  #told = '';

  /** What is to be said now, if anything. */
  next(live: Live | undefined): string | undefined {
    if (!live?.silent) return undefined;
    // A silence is known by what had come before it.
    const silence = `${live.command} ${live.attempt} ${live.bytes}`;
    if (silence === this.#told) return undefined;
    this.#told = silence;
    const before = live.typical?.silent;
    const longest = before === undefined ? '' : `, longer than before (${brief(before)})`;
    const who = live.pid === undefined ? 'the command' : `process ${live.pid}`;
    return `no output for ${brief(live.silentFor)}${longest}: ${who} goes on, look at it`;
  }
}
