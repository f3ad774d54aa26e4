import type { OutputScreen } from './output-screen.ts';

/** How often it looks at least and at most, in milliseconds. */
const often = { least: 1000, most: 20 };

/**
 * Whether a command has been silent for longer than it should. It flags and never stops anything: a dump may well say
 * nothing for minutes.
 */
export class SilenceWatch {
  readonly #screen: OutputScreen;
  readonly #silenceMs: (() => number) | undefined;
  #timer: NodeJS.Timeout | undefined;

  /**
   * `onSilence` is called once for each silence, as soon as it has lasted `silenceMs`, which is asked at every look: how
   * long is usual may be known only after the command has begun.
   */
  constructor(
    screen: OutputScreen,
    silenceMs: (() => number) | undefined,
    onSilence: (() => void) | undefined,
  ) {
    this.#screen = screen;
    this.#silenceMs = silenceMs;
    if (silenceMs === undefined || onSilence === undefined) return;
    let toldAt = -1;
    const look = () => {
      if (!this.silent || toldAt === screen.bytes) return;
      toldAt = screen.bytes;
      onSilence();
    };
    this.#timer = setInterval(look, Math.max(often.most, Math.min(often.least, silenceMs() / 4)));
    this.#timer.unref();
  }

  get silent(): boolean {
    return this.#silenceMs !== undefined && Date.now() - this.#screen.lastAt >= this.#silenceMs();
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
