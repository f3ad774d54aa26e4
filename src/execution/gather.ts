/** Pieces that come in one turn of the event loop are put together up to this many bytes. */
const mostGathered = 256 * 1024;

/**
 * Puts the small pieces that a pipe gives under a flood together: masking, hashing and writing cost by the piece. A piece
 * of another stream ends what was gathered, so that the order of reading holds, and nothing waits longer than the
 * current turn of the event loop.
 */
export class Gatherer {
  readonly #deliver: (stream: number, chunk: Buffer) => void;
  readonly #buffer = Buffer.allocUnsafeSlow(mostGathered);
  #length = 0;
  #stream = 0;
  #scheduled = false;

  /** `deliver` gets chunks whose memory is used again when it has returned: it copies what it keeps. */
  constructor(deliver: (stream: number, chunk: Buffer) => void) {
    this.#deliver = deliver;
  }

  /** Takes a piece; its memory may be used again at once. */
  take(stream: number, bytes: Uint8Array): void {
    if (stream !== this.#stream || this.#length + bytes.length > mostGathered) this.flush();
    this.#stream = stream;
    this.#buffer.set(bytes, this.#length);
    this.#length += bytes.length;
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.flush();
    });
  }

  flush(): void {
    if (this.#length === 0) return;
    const length = this.#length;
    this.#length = 0;
    this.#deliver(this.#stream, this.#buffer.subarray(0, length));
  }
}
