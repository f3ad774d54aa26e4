import { sanitise } from '../terminal/sanitise.ts';

/** The longest line that is given on whole; the rest of it is in the recording. */
const longest = 4096;

/** Cuts masked output into whole lines, safe for a terminal or a log. */
export class LineFeed {
  readonly #give: (line: string) => void;
  readonly #decoder = new TextDecoder();
  #rest = '';

  constructor(give: (line: string) => void) {
    this.#give = give;
  }

  add(chunk: Uint8Array): void {
    const lines = (this.#rest + this.#decoder.decode(chunk, { stream: true })).split('\n');
    this.#rest = lines.pop()!;
    if (this.#rest.length > longest * 2) this.#rest = this.#rest.slice(0, longest * 2);
    for (const line of lines) this.#give(shown(line));
  }

  /** Gives what is left of a last line without an end. */
  end(): void {
    this.#rest += this.#decoder.decode();
    if (this.#rest !== '') this.#give(shown(this.#rest));
    this.#rest = '';
  }
}

/** What a carriage return overwrote is gone, as on a terminal. */
function shown(line: string): string {
  const whole = line.endsWith('\r') ? line.slice(0, -1) : line;
  const last = whole.slice(whole.lastIndexOf('\r') + 1);
  return sanitise(last.length > longest ? `${last.slice(0, longest)} …` : last);
}
