import { type FileHandle, open } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { leftBehindModes } from '../terminal/modes.ts';
import { sanitise } from '../terminal/sanitise.ts';
import { RecentBytes } from './recent-bytes.ts';

/** Longer pauses are recorded as this long, in milliseconds: nobody watches a restore in real time. */
const idleLimitMs = 2000;
/** Output is recorded a frame at a time, and a flood is recorded as what a viewer could have seen of it. */
const frameMs = 33;
const mostPerFrame = 32 * 1024;

type EventCode = 'o' | 'm' | 'r' | 'x';

/**
 * Writes a run as asciicast v3 (https://docs.asciinema.org/manual/asciicast/v3/): newline-delimited JSON, a header and
 * events whose time is the interval since the one before. Input is never recorded. A resumed run goes on in the same file.
 * Callers give masked output only.
 */
export class Recording {
  readonly #file: FileHandle;
  #lastAt = performance.now();
  #decoder = new TextDecoder();
  /** Text of earlier chunks of this frame, and the bytes of the newest ones that are still to be decoded. */
  #frame = '';
  readonly #newest = new RecentBytes(mostPerFrame);
  #newestLength = 0;
  #fromPipe = true;
  #left = 0;
  #timer: NodeJS.Timeout | undefined;
  /** What the last command may have left of the viewer's terminal: other colours, the other screen. */
  #modes = leftBehindModes();
  #begun = false;
  #queue: Promise<void> = Promise.resolve();
  #error: Error | undefined;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /** Opens or continues a recording, mode 0600. A line that a crash tore is cut off. Throws where the file cannot be written. */
  static async open(path: string, columns: number, rows: number, title?: string): Promise<Recording> {
    const file = await open(path, 'a+', 0o600);
    const end = await wholeLines(file);
    const recording = new Recording(file);
    if (end === 0) {
      const header = {
        version: 3,
        term: { cols: columns, rows },
        timestamp: Math.floor(Date.now() / 1000),
        idle_time_limit: idleLimitMs / 1000,
        ...(title === undefined ? {} : { title }),
      };
      recording.#append(`${JSON.stringify(header)}\n`);
    } else recording.resize(columns, rows);
    return recording;
  }

  /** Output of a command. `fromPipe` puts a carriage return before each newline, as a terminal would have. */
  output(chunk: Buffer, { fromPipe }: { readonly fromPipe: boolean }): void {
    if (chunk.length === 0) return;
    if (fromPipe !== this.#fromPipe) this.#decode();
    this.#fromPipe = fromPipe;
    this.#newest.add(chunk);
    this.#newestLength += chunk.length;
    this.#timer ??= setTimeout(() => this.#endFrame(), frameMs).unref();
  }

  /** A place to jump to: the title of a step, the first words of a command. */
  marker(label: string): void {
    this.#event('m', label);
  }

  /** What somebody would have typed, on a line of its own, on a terminal that the command before has no hold of. */
  prompt(text: string): void {
    this.#endFrame();
    const before = `${this.#modes.restoring()}\x1b[0m${this.#begun ? '\r\n' : ''}`;
    this.#modes = leftBehindModes();
    const lines = sanitise(text).trimEnd().replaceAll('\n', '\r\n  ');
    this.#write('o', `${before}\x1b[1m$ ${lines}\x1b[0m\r\n`);
  }

  resize(columns: number, rows: number): void {
    this.#event('r', `${columns}x${rows}`);
  }

  /** The run's exit code; the last event of a recording that came to its end. */
  exit(code: number): void {
    this.#event('x', String(code));
  }

  /** Resolves when all is in the file. Throws the first error of writing. */
  async flush(): Promise<void> {
    this.#endFrame();
    await this.#queue;
    if (this.#error) throw this.#error;
  }

  /** Flushes and closes; the file is closed even where flushing throws. */
  async close(): Promise<void> {
    this.#decode();
    this.#frame += this.#decoder.decode();
    try {
      await this.flush();
    } finally {
      await this.#file.close();
    }
  }

  #event(code: EventCode, data: string): void {
    this.#endFrame();
    this.#write(code, data);
  }

  /** Decoding waits for the end of the frame: of a flood only its end is worth it. */
  #decode(): void {
    if (this.#newestLength === 0) return;
    const skipped = Math.max(0, this.#newestLength - mostPerFrame);
    if (skipped > 0) {
      // The decoder must not join what stood on both sides of a gap.
      this.#decoder = new TextDecoder();
      this.#left += skipped + this.#frame.length;
      this.#frame = '';
    }
    const text = this.#decoder.decode(this.#newest.end(this.#newestLength), { stream: true });
    this.#newestLength = 0;
    this.#frame += this.#fromPipe ? text.replaceAll(/\r?\n/g, '\r\n') : text;
  }

  #endFrame(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#decode();
    if (this.#frame === '') return;
    const gap = this.#left > 0 ? `\r\n… ${this.#left} bytes of a flood are in the output file …\r\n` : '';
    this.#modes.see(Buffer.from(this.#frame, 'utf8'));
    this.#write('o', gap + this.#frame);
    this.#frame = '';
    this.#left = 0;
  }

  #write(code: EventCode, data: string): void {
    const now = performance.now();
    const interval = Math.min(idleLimitMs, now - this.#lastAt) / 1000;
    this.#lastAt = now;
    this.#begun ||= code === 'o';
    this.#append(`[${interval.toFixed(3)}, ${JSON.stringify(code)}, ${JSON.stringify(data)}]\n`);
  }

  #append(line: string): void {
    this.#queue = this.#queue
      .then(async () => {
        if (!this.#error) await this.#file.appendFile(line);
      })
      .catch((error: Error) => {
        this.#error ??= error;
      });
  }
}

/** Cuts a file after its last newline; the length that is left. */
async function wholeLines(file: FileHandle): Promise<number> {
  const { size } = await file.stat();
  const step = 64 * 1024;
  for (let end = size; end > 0; ) {
    const start = Math.max(0, end - step);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(end - start), 0, end - start, start);
    const newline = buffer.subarray(0, bytesRead).lastIndexOf(10);
    if (newline >= 0) {
      const length = start + newline + 1;
      if (length < size) await file.truncate(length);
      return length;
    }
    end = start;
  }
  if (size > 0) await file.truncate(0);
  return 0;
}
