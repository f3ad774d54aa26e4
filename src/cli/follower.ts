import { open } from 'node:fs/promises';
import { LineFeed } from './line-feed.ts';

/** Reads a growing output file and gives its whole lines, safe to print, in order and each once. */
export class Follower {
  readonly #file: string;
  readonly #feed: LineFeed;
  readonly #decoder = new TextDecoder();
  #at = 0;
  #reading: Promise<void> = Promise.resolve();

  constructor(file: string, give: (line: string) => void) {
    this.#file = file;
    this.#feed = new LineFeed(give);
  }

  /** There may be more. */
  look(): void {
    this.#reading = this.#reading.then(() => this.#read()).catch(() => undefined);
  }

  /** Everything is written: gives the rest. */
  async end(): Promise<void> {
    this.look();
    await this.#reading;
    this.#feed.end();
  }

  async #read(): Promise<void> {
    const handle = await open(this.#file, 'r');
    try {
      const buffer = Buffer.alloc(256 * 1024);
      for (;;) {
        const { bytesRead } = await handle.read(buffer, 0, buffer.length, this.#at);
        if (bytesRead === 0) return;
        this.#at += bytesRead;
        this.#feed.add(this.#decoder.decode(buffer.subarray(0, bytesRead), { stream: true }));
      }
    } finally {
      await handle.close();
    }
  }
}
