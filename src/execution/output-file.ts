import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';

/** Above this many bytes waiting for the disk, reading stops: the child is then held up by the disk alone. */
const highWater = 2 * 1024 * 1024;
/** Up to this length a file is forced onto the disk before its hash is told; longer ones would hold the operator up. */
const synced = 4 * 1024 * 1024;

/** Chunks are put together to pieces of this size, in buffers that are used again. */
const pieceLength = 512 * 1024;

/** Writes a command's output to its file and hashes what it writes. */
export class OutputFile {
  readonly path: string;
  readonly #file: FileHandle;
  readonly #hash = createHash('sha256');
  /** Pieces that wait for the disk; the last one may still be filled. */
  #waiting: Piece[] = [];
  #waitingBytes = 0;
  #bytes = 0;
  #writing: Promise<void> | undefined;
  #error: Error | undefined;

  private constructor(path: string, file: FileHandle) {
    this.path = path;
    this.#file = file;
  }

  /** Makes the file with mode 0600, empty. Throws where it cannot be made. */
  static async create(path: string): Promise<OutputFile> {
    return new OutputFile(path, await open(path, 'w', 0o600));
  }

  /** Length and hash of a file as it is on disk, for one that could not be written to its end. */
  static async measure(path: string): Promise<{ bytes: number; sha256: string }> {
    const hash = createHash('sha256');
    let bytes = 0;
    // A device may be endless; nothing that was written to one can be read back.
    if (!(await stat(path)).isFile()) return { bytes, sha256: hash.digest('hex') };
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      bytes += chunk.length;
    }
    return { bytes, sha256: hash.digest('hex') };
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Takes a copy of a chunk. True where the caller should stop reading until `drained`. */
  write(chunk: Buffer): boolean {
    if (chunk.length === 0) return false;
    this.#bytes += chunk.length;
    this.#hash.update(chunk);
    this.#waitingBytes += chunk.length;
    for (let at = 0; at < chunk.length; ) at += this.#keep(chunk, at);
    this.#writing ??= this.#flush();
    return this.#waitingBytes > highWater;
  }

  async drained(): Promise<void> {
    await this.#writing;
  }

  /** Resolves when all is on disk. Throws the first error of the disk, after the file is closed. */
  async close(): Promise<{ bytes: number; sha256: string }> {
    await this.#writing;
    try {
      if (!this.#error && this.#bytes <= synced) await this.#file.sync();
    } finally {
      await this.#file.close();
    }
    if (this.#error) throw this.#error;
    return { bytes: this.#bytes, sha256: this.#hash.digest('hex') };
  }

  /** Copies what of a chunk fits into the piece that is being filled; how much that was. */
  #keep(chunk: Buffer, from: number): number {
    let piece = this.#waiting.at(-1);
    if (!piece || piece.length === pieceLength) {
      piece = spare.pop() ?? { bytes: Buffer.allocUnsafeSlow(pieceLength), length: 0 };
      piece.length = 0;
      this.#waiting.push(piece);
    }
    const copied = chunk.copy(piece.bytes, piece.length, from);
    piece.length += copied;
    return copied;
  }

  async #flush(): Promise<void> {
    // Not at once: what else comes in this turn goes into the same piece.
    await setImmediate();
    while (this.#waiting.length > 0) {
      const piece = this.#waiting.shift()!;
      try {
        if (!this.#error) await writeAll(this.#file, piece.bytes.subarray(0, piece.length));
      } catch (error) {
        // The command goes on: a full disk must not kill a restore. The caller learns of it at the end.
        this.#error = error as Error;
      }
      this.#waitingBytes -= piece.length;
      if (spare.length < mostSpare) spare.push(piece);
    }
    this.#writing = undefined;
  }
}

interface Piece {
  readonly bytes: Buffer;
  length: number;
}

/** Pieces that no file fills now: one command after the other uses the same ones, and leaves nothing to be collected. */
const spare: Piece[] = [];
const mostSpare = 6;

/** Disks that are nearly full write a part. */
async function writeAll(file: FileHandle, bytes: Buffer): Promise<void> {
  for (let rest = bytes; rest.length > 0; ) rest = rest.subarray((await file.write(rest)).bytesWritten);
}
