import { basename, dirname } from 'node:path';
import { type Typical, typicalDurations } from '../journal/durations.ts';

/**
 * How long a run's commands took in earlier runs on this machine. Read once, in the background, when it is first asked
 * for: what is not there yet, or cannot be read, is not known.
 */
export class CommandHistory {
  readonly #folder: string;
  #known: ReadonlyMap<string, Typical> | undefined;
  #reading: Promise<void> | undefined;

  /** `folder` is that of the run that asks; the other runs lie beside it. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** By the text of the command as the journal has it. Never rejects. */
  of(text: string): Typical | undefined {
    void this.read();
    return this.#known?.get(text);
  }

  /** Resolves when the other runs were looked at. Never rejects. */
  read(): Promise<void> {
    const runs = dirname(this.#folder);
    this.#reading ??= typicalDurations(dirname(runs), { without: basename(this.#folder) }).then(
      (known) => {
        this.#known = known;
      },
      () => undefined,
    );
    return this.#reading;
  }
}
