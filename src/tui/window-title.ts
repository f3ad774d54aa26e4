import { restoredTitle, windowTitle } from '../terminal/notify.ts';

/** The title of the terminal's window while the screens have it; given back at the end, however that comes. */
export class WindowTitle {
  readonly #output: NodeJS.WriteStream;
  readonly #able: boolean;
  #said = '';

  constructor(output: NodeJS.WriteStream, environment: Readonly<Record<string, string | undefined>>) {
    this.#output = output;
    // The Linux console and a dumb terminal would print it.
    this.#able = environment.TERM !== 'linux' && environment.TERM !== 'dumb';
  }

  /** Says it where it is new. It moves nothing on the screen, so that it may go past Ink. */
  say(text: string): void {
    if (!this.#able || text === this.#said) return;
    const before = this.#said === '' ? '' : restoredTitle;
    this.#said = text;
    this.#output.write(before + windowTitle(text));
  }

  /** The title that the window had before. */
  giveBack(): void {
    if (this.#said === '') return;
    this.#said = '';
    this.#output.write(restoredTitle);
  }
}
