/** The last bytes of a stream, in one buffer of a fixed size: a flood leaves nothing behind for the garbage collector. */
export class RecentBytes {
  readonly #most: number;
  #ring: Buffer | undefined;
  /** Where the next byte goes. */
  #at = 0;
  #length = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** How many bytes are kept. */
  get length(): number {
    return this.#length;
  }

  /** The newest byte. */
  get last(): number | undefined {
    return this.#length === 0 ? undefined : this.#ring![(this.#at + this.#most - 1) % this.#most];
  }

  add(chunk: Uint8Array): void {
    this.#ring ??= Buffer.allocUnsafeSlow(this.#most);
    const end = chunk.length > this.#most ? chunk.subarray(chunk.length - this.#most) : chunk;
    const first = Math.min(end.length, this.#most - this.#at);
    this.#ring.set(end.subarray(0, first), this.#at);
    this.#ring.set(end.subarray(first), 0);
    this.#at = (this.#at + end.length) % this.#most;
    this.#length = Math.min(this.#most, this.#length + end.length);
  }

  /** A copy of the last bytes, at most so many. */
  end(most: number): Buffer {
    const length = Math.min(most, this.#length);
    if (length === 0) return Buffer.alloc(0);
    const start = (this.#at + this.#most - length) % this.#most;
    const first = Math.min(length, this.#most - start);
    const out = Buffer.allocUnsafe(length);
    this.#ring!.copy(out, 0, start, start + first);
    this.#ring!.copy(out, first, 0, length - first);
    return out;
  }
}
