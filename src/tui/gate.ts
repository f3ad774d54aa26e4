/**
 * Lets a key act only on the question that its presser could see. A question is named when it is committed, counts
 * as seen when a frame with it was painted, and is spent by the first key that acts on it: what comes before the
 * next frame is dropped. No clock is involved.
 */
export class Gate {
  #asked: string | undefined;
  #now: (() => string) | undefined;
  #shown: string | undefined;
  #acting = false;
  readonly #listeners = new Set<() => void>();

  /** A frame with this question is about to be painted. `now` gives the question as it would be put at this moment. */
  ask(question: string, now?: () => string): void {
    if (question !== this.#asked) this.#shown = undefined;
    this.#asked = question;
    this.#now = now;
  }

  /** The frame of the last question is on the screen. */
  painted(): void {
    this.#shown = this.#asked;
  }

  get open(): boolean {
    if (this.#acting || this.#asked === undefined || this.#shown !== this.#asked) return false;
    return this.#now === undefined || this.#now() === this.#asked;
  }

  /** Does the task if the gate is open, and asks for a new frame afterwards. A task's error is given to `failed`. */
  async act(task: () => void | Promise<void>, failed: (error: unknown) => void): Promise<boolean> {
    if (!this.open) return false;
    const question = this.#asked;
    this.#acting = true;
    try {
      await task();
    } catch (error) {
      failed(error);
    } finally {
      this.#acting = false;
      // The same question still: it was answered once, and counts again only when it has been painted again.
      if (this.#asked === question) this.#shown = undefined;
      for (const listener of this.#listeners) listener();
    }
    return true;
  }

  /** Called whenever a frame is needed to open the gate again. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
