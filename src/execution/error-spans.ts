import { type FileHandle, open, rm } from 'node:fs/promises';

/** A stretch is two unsigned numbers of 64 bits, little-endian: where it begins in the output, and its length, in bytes. */
const recordLength = 16;
/** So many stretches are held before they are written. */
const mostHeld = 4096;
/** What was said is on disk for whoever looks on after so long, in milliseconds. */
const writeAfterMs = 200;

/** Where the stretches of an output lie that came from standard error: beside the output itself. */
export function errorSpansOf(outputFile: string): string {
  return `${outputFile}.stderr`;
}

/**
 * Notes which bytes of a recorded output came from standard error. Both streams lie in one file in the order of reading,
 * under one hash; this tells them apart again. The file is made at the first such byte.
 */
export class ErrorSpans {
  readonly #path: string;
  #file: FileHandle | undefined;
  #held: (readonly [offset: number, length: number])[] = [];
  /** The stretch that may still grow. */
  #open: [offset: number, length: number] | undefined;
  #bytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #error: Error | undefined;

  /** Forgets what an earlier output of the same name left. Throws where that cannot be removed. */
  static async beside(outputFile: string): Promise<ErrorSpans> {
    const path = errorSpansOf(outputFile);
    await rm(path, { force: true });
    return new ErrorSpans(path);
  }

  private constructor(path: string) {
    this.#path = path;
  }

  /** How many bytes came from standard error. */
  get bytes(): number {
    return this.#bytes;
  }

  /** A chunk from standard error, which begins at `offset` of the output. In ascending order. */
  add(offset: number, length: number): void {
    if (length === 0) return;
    this.#bytes += length;
    const before = this.#open;
    if (before && before[0] + before[1] === offset) before[1] += length;
    else {
      this.#settle();
      this.#open = [offset, length];
    }
    if (this.#held.length >= mostHeld) this.#write();
    else this.#timer ??= setTimeout(() => this.#look(), writeAfterMs).unref();
  }

  /** Resolves when all is in the file. Throws the first error of the disk. */
  async close(): Promise<void> {
    this.#look();
    await this.#writing;
    await this.#file?.close();
    if (this.#error) throw this.#error;
  }

  #settle(): void {
    if (this.#open) this.#held.push(this.#open);
    this.#open = undefined;
  }

  #look(): void {
    this.#settle();
    this.#write();
  }

  #write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const held = this.#held;
    this.#held = [];
    if (held.length === 0) return;
    const bytes = Buffer.alloc(held.length * recordLength);
    for (const [at, [offset, length]] of held.entries()) {
      bytes.writeBigUInt64LE(BigInt(offset), at * recordLength);
      bytes.writeBigUInt64LE(BigInt(length), at * recordLength + 8);
    }
    this.#writing = this.#writing
      .then(async () => {
        if (this.#error) return;
        this.#file ??= await open(this.#path, 'w', 0o600);
        await this.#file.appendFile(bytes);
      })
      .catch((error: Error) => {
        this.#error ??= error;
      });
  }
}

/** Looks stretches up in the file, which may be long: a look reads a few dozen of them. */
export class ErrorSpanReader {
  readonly #file: FileHandle;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /** Undefined where nothing came from standard error, or where it was not told apart. The caller closes it. */
  static async open(outputFile: string): Promise<ErrorSpanReader | undefined> {
    try {
      return new ErrorSpanReader(await open(errorSpansOf(outputFile), 'r'));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** Whether a byte of the output came from standard error. */
  async holds(offset: number): Promise<boolean> {
    const { size } = await this.#file.stat();
    // The last stretch that begins at or before the byte.
    let low = 0;
    let high = Math.floor(size / recordLength);
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if ((await this.#record(middle))[0] <= offset) low = middle + 1;
      else high = middle;
    }
    if (low === 0) return false;
    const [start, length] = await this.#record(low - 1);
    return offset < start + length;
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  async #record(index: number): Promise<readonly [offset: number, length: number]> {
    const { buffer, bytesRead } = await this.#file.read(
      Buffer.alloc(recordLength),
      0,
      recordLength,
      index * recordLength,
    );
    if (bytesRead < recordLength) return [Number.POSITIVE_INFINITY, 0];
    return [Number(buffer.readBigUInt64LE(0)), Number(buffer.readBigUInt64LE(8))];
  }
}
