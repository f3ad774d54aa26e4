/**
 * Calls at most once in so many milliseconds, and once more for what came after the last call. `everyMs` is asked before
 * each wait.
 */
export class Throttle {
  readonly #act: (() => void) | undefined;
  readonly #everyMs: () => number;
  #timer: NodeJS.Timeout | undefined;

  constructor(act: (() => void) | undefined, everyMs: () => number) {
    this.#act = act;
    this.#everyMs = everyMs;
  }

  call(): void {
    if (this.#act === undefined || this.#timer) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#act?.();
    }, this.#everyMs());
  }

  flush(): void {
    if (!this.#timer) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#act?.();
  }
}
