/** How often background processes are looked at while some of them run, in milliseconds. */
const everyMs = 1000;

/** Looks at background processes again and again for as long as there are some. It keeps no process alive. */
export class BackgroundWatch {
  readonly #wanted: () => boolean;
  readonly #look: () => Promise<void>;
  #timer: NodeJS.Timeout | undefined;

  /** `look` is called while `wanted` says so; where it fails, it is called again. */
  constructor(wanted: () => boolean, look: () => Promise<void>) {
    this.#wanted = wanted;
    this.#look = look;
  }

  /** Begins, where there is something to look at by now. */
  renew(): void {
    this.stop();
    if (!this.#wanted()) return;
    this.#timer = setTimeout(() => {
      void this.#look()
        .catch(() => undefined)
        .then(() => this.renew());
    }, everyMs).unref();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
