import { type FileHandle, open } from 'node:fs/promises';
import { type Layout, type OutputReader, type Place, type Row, top } from '../run/output-reader.ts';
import { sanitise } from '../terminal/sanitise.ts';
import { ByteSearch } from './byte-search.ts';
import { ErrorSpanReader } from './error-spans.ts';
import { rowsOfLine } from './output-rows.ts';

export { type Layout, type Place, type Row, top } from '../run/output-reader.ts';

/** The stretch for which the number of lines is remembered, in bytes: a thousand numbers for a gigabyte. */
const chunkLength = 1024 * 1024;
/** A line that is longer is shown as several: where one of these blocks holds no line end, the next one begins a line. */
const blockLength = 64 * 1024;
/** More is not copied at once. */
const mostCopied = 1024 * 1024;

/**
 * A recorded output of any length, looked at through a window. Opening it reads nothing; every look reads what it shows
 * and a little around it, and no line or row is kept, so that memory does not grow with the file. Numbers of lines are
 * counted when they are asked for, a chunk at a time, and each chunk once.
 */
export class OutputIndex implements OutputReader {
  readonly path: string;
  readonly #file: FileHandle;
  #size: number;
  /** Line ends of each whole chunk from the beginning, as far as they are counted. */
  readonly #counts: number[] = [];

  /** Undefined while nothing has come from standard error. */
  #errors: ErrorSpanReader | undefined;

  private constructor(path: string, file: FileHandle, size: number, errors: ErrorSpanReader | undefined) {
    this.path = path;
    this.#file = file;
    this.#errors = errors;
    this.#size = size;
  }

  /** Throws where the file cannot be opened. The caller closes it. */
  static async open(path: string): Promise<OutputIndex> {
    const file = await open(path, 'r');
    return new OutputIndex(path, file, (await file.stat()).size, await ErrorSpanReader.open(path));
  }

  /** Bytes, as of the last `refresh`. */
  get size(): number {
    return this.#size;
  }

  async close(): Promise<void> {
    await this.#errors?.close();
    await this.#file.close();
  }

  /** Sees what was written since; true where there is more. To follow, go to `bottom` when it says so. */
  async refresh(): Promise<boolean> {
    const before = this.#size;
    this.#size = Math.max(before, (await this.#file.stat()).size);
    this.#errors ??= await ErrorSpanReader.open(this.path);
    return this.#size > before;
  }

  /** So many rows from a place on; fewer where the output ends. A place beyond its line's last row is at that row. */
  async rows(from: Place, count: number, layout: Layout): Promise<readonly Row[]> {
    const found = await this.#rows(from, count, layout);
    let line = -1;
    let isError = false;
    const rows: Row[] = [];
    for (const { place, text } of found) {
      if (place.offset !== line) isError = (await this.#errors?.holds(place.offset)) ?? false;
      line = place.offset;
      rows.push({ place, text, isError });
    }
    return rows;
  }

  async #rows(from: Place, count: number, layout: Layout): Promise<Omit<Row, 'isError'>[]> {
    const found: Omit<Row, 'isError'>[] = [];
    let offset = await this.#startOfLine(from.offset);
    for (let skip = from.row; found.length < count && offset < this.#size; skip = 0) {
      const line = await this.#line(offset);
      const texts = rowsOfLine(line, layout.columns, layout.wrap);
      for (let row = Math.min(skip, texts.length - 1); row < texts.length && found.length < count; row++)
        found.push({ place: { offset, row }, text: texts[row]! });
      offset += line.length;
    }
    return found;
  }

  /** The place so many rows further down, or up where `by` is negative; the first or last row where there are no more. */
  async move(from: Place, by: number, layout: Layout): Promise<Place> {
    if (by >= 0) return (await this.#rows(from, by + 1, layout)).at(-1)?.place ?? top;
    let place: Place = { offset: await this.#startOfLine(from.offset), row: from.row };
    for (let left = -by; left > 0; ) {
      if (place.row >= left) return { offset: place.offset, row: place.row - left };
      if (place.offset === 0) return top;
      left -= place.row + 1;
      const offset = await this.#startOfLine(place.offset - 1);
      const height = rowsOfLine(await this.#line(offset), layout.columns, layout.wrap).length;
      place = { offset, row: height - 1 };
    }
    return place;
  }

  /** The place from which `count` rows reach the end of the output. */
  async bottom(count: number, layout: Layout): Promise<Place> {
    if (this.#size === 0) return top;
    const offset = await this.#startOfLine(this.#size - 1);
    const height = rowsOfLine(await this.#line(offset), layout.columns, layout.wrap).length;
    return await this.move({ offset, row: height - 1 }, -(count - 1), layout);
  }

  /**
   * The number of the line that holds a byte, from 1. Counts line ends up to it, once for the whole file; `signal` gives
   * up between two chunks (the count so far is kept) and rejects with its reason.
   */
  async lineNumber(offset: number, signal?: AbortSignal): Promise<number> {
    const chunk = Math.floor(Math.min(offset, this.#size) / chunkLength);
    let ends = 0;
    for (let at = 0; at < chunk; at++) ends += await this.#endsIn(at, signal);
    const begin = chunk * chunkLength;
    return ends + lineEnds(await this.#read(begin, Math.min(offset, this.#size) - begin)) + 1;
  }

  /** Where a line begins, by its number from 1; the last line where there are fewer. */
  async placeOfLine(number: number, signal?: AbortSignal): Promise<Place> {
    let before = number - 1;
    for (let chunk = 0; before > 0 && chunk * chunkLength < this.#size; chunk++) {
      const begin = chunk * chunkLength;
      const ends =
        begin + chunkLength <= this.#size ? await this.#endsIn(chunk, signal) : Number.POSITIVE_INFINITY;
      if (ends < before) {
        before -= ends;
        continue;
      }
      const bytes = await this.#read(begin, chunkLength);
      let at = -1;
      for (; before > 0; before--) {
        const next = bytes.indexOf(10, at + 1);
        if (next < 0) break;
        at = next;
      }
      if (before === 0 && begin + at + 1 < this.#size) return { offset: begin + at + 1, row: 0 };
    }
    if (number <= 1) return top;
    return { offset: await this.#startOfLine(Math.max(0, this.#size - 1)), row: 0 };
  }

  /**
   * The next place of a text after the byte `after`, as it stands in the file; undefined where there is none. A text
   * without capital letters is found in both cases of ASCII letters. `signal` gives up between two chunks; a chunk that
   * begins at `until` or later is not read.
   */
  async findNext(
    text: string,
    after: number,
    signal?: AbortSignal,
    until = Number.POSITIVE_INFINITY,
  ): Promise<number | undefined> {
    const query = queryOf(text);
    if (!query) return undefined;
    for (let begin = Math.max(0, after + 1); begin < Math.min(until, this.#size); begin += chunkLength) {
      signal?.throwIfAborted();
      const [first] = query.all(await this.#read(begin, chunkLength + query.length - 1), true);
      if (first !== undefined) return begin + first;
    }
    return undefined;
  }

  /** The last place of a text before the byte `before`; a chunk that ends at `from` or earlier is not read. */
  async findPrevious(
    text: string,
    before: number,
    signal?: AbortSignal,
    from = 0,
  ): Promise<number | undefined> {
    const query = queryOf(text);
    if (!query) return undefined;
    for (let end = Math.min(before, this.#size); end > from; end -= chunkLength) {
      signal?.throwIfAborted();
      const begin = Math.max(0, end - chunkLength);
      const bytes = await this.#read(begin, end - begin + query.length - 1);
      const last = query.all(bytes, false).findLast((at) => begin + at < end);
      if (last !== undefined) return begin + last;
    }
    return undefined;
  }

  /** The row in which a byte is shown. */
  async placeOf(offset: number, layout: Layout): Promise<Place> {
    const start = await this.#startOfLine(offset);
    const before = rowsOfLine(await this.#read(start, offset - start + 1), layout.columns, layout.wrap);
    return { offset: start, row: before.length - 1 };
  }

  /** Whole lines from the one that holds `from` up to the byte `to`, safe to be copied; at most a megabyte. */
  async text(from: number, to: number): Promise<string> {
    const start = await this.#startOfLine(from);
    const bytes = await this.#read(start, Math.min(to - start, mostCopied));
    return sanitise(bytes.toString('utf8'));
  }

  async #endsIn(chunk: number, signal: AbortSignal | undefined): Promise<number> {
    while (this.#counts.length <= chunk) {
      signal?.throwIfAborted();
      this.#counts.push(lineEnds(await this.#read(this.#counts.length * chunkLength, chunkLength)));
    }
    return this.#counts[chunk]!;
  }

  /** Where the line begins that holds a byte. */
  async #startOfLine(offset: number): Promise<number> {
    const at = Math.max(0, Math.min(offset, this.#size));
    const block = Math.floor(at / blockLength) * blockLength;
    const begin = Math.max(0, block - blockLength);
    const bytes = await this.#read(begin, at - begin);
    const end = bytes.lastIndexOf(10);
    if (end >= 0) return begin + end + 1;
    return block;
  }

  /** The line that begins at a byte, with its end. */
  async #line(start: number): Promise<Buffer> {
    const block = Math.floor(start / blockLength) * blockLength;
    // A line that begins within a block has the end of another one before it there, so that the next block begins none.
    const most = start === block ? blockLength : block + 2 * blockLength - start;
    const bytes = await this.#read(start, most);
    const end = bytes.indexOf(10);
    return end >= 0 ? bytes.subarray(0, end + 1) : bytes;
  }

  async #read(from: number, length: number): Promise<Buffer> {
    const most = Math.max(0, Math.min(length, this.#size - from));
    const bytes = Buffer.allocUnsafe(most);
    let read = 0;
    while (read < most) {
      const { bytesRead } = await this.#file.read(bytes, read, most - read, from + read);
      if (bytesRead === 0) break;
      read += bytesRead;
    }
    return bytes.subarray(0, read);
  }
}

interface Query {
  readonly length: number;
  all(bytes: Buffer, first: boolean): readonly number[];
}

function queryOf(text: string): Query | undefined {
  const wanted = Buffer.from(text, 'utf8');
  if (wanted.length === 0) return undefined;
  // The search takes pairs of bytes.
  if (wanted.length === 1) {
    const cases = new Set(text === text.toLowerCase() ? [text, text.toUpperCase()] : [text]);
    return {
      length: 1,
      all: (bytes) => [...cases].flatMap((one) => placesOf(bytes, one)).sort((a, b) => a - b),
    };
  }
  const search = new ByteSearch([{ text: wanted.toString('latin1'), anyCase: !/[A-Z]/.test(text) }]);
  return {
    length: wanted.length,
    all: (bytes, first) => {
      const found: number[] = [];
      search.each(bytes, (_, at) => {
        found.push(at);
        return first;
      });
      return found;
    },
  };
}

function placesOf(bytes: Buffer, character: string): number[] {
  const found: number[] = [];
  for (let at = bytes.indexOf(character); at >= 0; at = bytes.indexOf(character, at + 1)) found.push(at);
  return found;
}

function lineEnds(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count++;
  return count;
}
