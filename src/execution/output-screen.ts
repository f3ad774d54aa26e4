import type { Terminal as HeadlessTerminal, IBuffer, IBufferCell, IBufferLine } from '@xterm/headless';
import headless from '@xterm/headless';
import { visible } from '../terminal/sanitise.ts';
import { RecentBytes } from './recent-bytes.ts';

const { Terminal } = headless;

/** What is kept in memory of an output, in bytes; all of it is in the file. */
const kept = 256 * 1024;
/** The most that one look feeds to the terminal: more than a screenful of even wide, coloured rows. */
const fed = 64 * 1024;
/** What a look into a flood feeds first, for each cell asked for: plain text fills the rows with a quarter of it. */
const fedPerCell = 4;
/** What the text for the journal is first made of, for each character asked for. */
const fedPerCharacter = 3;
const leastFed = 4096;
const scrollback = 500;

/**
 * The end of an output as a terminal would show it, in bounded memory. Bytes are only kept when they come in; they
 * are given to the terminal when somebody looks, so a flood costs nothing but the last screenful of each look.
 */
export class OutputScreen {
  readonly #recent = new RecentBytes(kept);
  /** Bytes that the terminal has not seen. */
  #unseen = 0;
  #bytes = 0;
  #lines = 0;
  #lastAt = Date.now();
  #longestPause = 0;
  #terminal: HeadlessTerminal | undefined;
  #decoder = new TextDecoder();
  readonly #rows: number;

  /** `rows` is the height of the imagined terminal, which cursor movements of progress bars keep within. */
  constructor(rows = 24) {
    this.#rows = Math.max(2, rows);
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Newlines so far, and one more where the last line has begun without one. */
  get lines(): number {
    const { last } = this.#recent;
    return this.#lines + (last !== undefined && last !== 10 ? 1 : 0);
  }

  /** Milliseconds since the epoch of the last byte, or of the beginning. */
  get lastAt(): number {
    return this.#lastAt;
  }

  /** Milliseconds of the longest time in which nothing came, the time since the last byte among them. */
  get longestPause(): number {
    return Math.max(this.#longestPause, Date.now() - this.#lastAt);
  }

  /** Takes a masked chunk and copies what it keeps. */
  add(chunk: Buffer): void {
    if (chunk.length === 0) return;
    this.#bytes += chunk.length;
    this.#unseen += chunk.length;
    const now = Date.now();
    this.#longestPause = Math.max(this.#longestPause, now - this.#lastAt);
    this.#lastAt = now;
    this.#lines += newlines(chunk);
    this.#recent.add(chunk);
  }

  /** The last rows, newest last, of at most `columns` cells, with no control sequence but SGR colours. */
  tail(rows: number, columns: number): string[] {
    const buffer = this.#at(Math.max(2, columns), rows).buffer.active;
    const end = filledRows(buffer);
    const shown: string[] = [];
    const cell = buffer.getNullCell();
    for (let y = Math.max(0, end - rows); y < end; y++) shown.push(coloured(buffer.getLine(y)!, cell));
    return shown;
  }

  /** The end of the output as plain text of at most `characters`, for the journal. */
  text(characters: number): string {
    const few = Math.min(fed, Math.max(leastFed, characters * fedPerCharacter));
    const text = this.#text(few);
    const enough = text.length >= characters || few === fed || this.#recent.length <= few;
    const whole = enough ? text : this.#text(fed);
    if (whole.length <= characters) return whole;
    const cut = whole.slice(whole.length - characters);
    // Not in the middle of a surrogate pair.
    return /^[\udc00-\udfff]/.test(cut) ? cut.slice(1) : cut;
  }

  /** The last bytes as plain text. */
  #text(most: number): string {
    const terminal = new Terminal({
      cols: 500,
      rows: this.#rows,
      scrollback: 2000,
      convertEol: true,
      allowProposedApi: true,
      logLevel: 'off',
    });
    feed(terminal, new TextDecoder().decode(this.#end(most)));
    const buffer = terminal.buffer.active;
    let text = '';
    for (let y = 0; y < buffer.baseY + terminal.rows; y++) {
      const line = buffer.getLine(y)!;
      if (y > 0 && !line.isWrapped) text += '\n';
      text += visible(line.translateToString(true));
    }
    terminal.dispose();
    return text.trimEnd();
  }

  /** Frees the terminal; counts and the kept bytes stay. */
  dispose(): void {
    this.#terminal?.dispose();
    this.#terminal = undefined;
    this.#unseen = this.#recent.length;
  }

  /** The terminal of that width, with all output given to it, and with so many rows filled if there are so many. */
  #at(columns: number, rows: number): HeadlessTerminal {
    const terminal = this.#terminal;
    if (terminal?.cols === columns && this.#unseen <= fed) {
      if (this.#unseen > 0)
        feed(terminal, this.#decoder.decode(this.#recent.end(this.#unseen), { stream: true }));
      this.#unseen = 0;
      return terminal;
    }
    // A flood came in since the last look: little of it fills the rows.
    const few = Math.min(fed, rows * columns * fedPerCell);
    const flooded = terminal?.cols === columns && few < fed;
    const filled = flooded ? this.#anew(columns, few) : undefined;
    return filled && filledRows(filled.buffer.active) >= rows ? filled : this.#anew(columns, fed);
  }

  #anew(columns: number, most: number): HeadlessTerminal {
    const terminal = this.#bare(columns);
    this.#terminal = terminal;
    this.#decoder = new TextDecoder();
    feed(terminal, this.#decoder.decode(this.#end(most), { stream: true }));
    this.#unseen = 0;
    return terminal;
  }

  /** A terminal that nothing was given to. One that is there is taken again: to make one costs more than to fill it. */
  #bare(columns: number): HeadlessTerminal {
    const known = this.#terminal;
    if (known?.cols === columns) {
      known.reset();
      return known;
    }
    known?.dispose();
    return new Terminal({
      cols: columns,
      rows: this.#rows,
      scrollback,
      convertEol: true,
      allowProposedApi: true,
      logLevel: 'off',
    });
  }

  /** The last bytes; where something before them is left out, from the next line on, unless the line is too long. */
  #end(most: number): Buffer {
    const end = this.#recent.end(most);
    if (end.length === this.#bytes) return end;
    const newline = end.indexOf(10);
    return newline >= 0 && newline < most / 2 ? end.subarray(newline + 1) : end;
  }
}

/** Rows up to the last one that is not blank. */
function filledRows(buffer: IBuffer): number {
  let end = buffer.length;
  while (end > 0 && isBlank(buffer.getLine(end - 1))) end--;
  return end;
}

/**
 * Counts newlines four bytes at a time: a word is looked at more closely only where it holds one, by the well-known
 * test for a zero byte (Hacker's Delight, 6-1).
 */
function newlines(chunk: Buffer): number {
  let count = 0;
  let at = 0;
  const words = chunk.byteOffset % 4 === 0 ? chunk.length >> 2 : 0;
  if (words > 0) {
    const view = new Int32Array(chunk.buffer, chunk.byteOffset, words);
    for (let index = 0; index < words; index++) {
      const word = view[index]! ^ 0x0a0a0a0a;
      if (((word - 0x01010101) & ~word & 0x80808080) === 0) continue;
      for (let byte = index * 4; byte < index * 4 + 4; byte++) if (chunk[byte] === 10) count++;
    }
    at = words * 4;
  }
  for (; at < chunk.length; at++) if (chunk[at] === 10) count++;
  return count;
}

/** Writes at once: the public `write` parses later, but a screen is asked for now. */
function feed(terminal: HeadlessTerminal, text: string): void {
  (terminal as unknown as { _core: { writeSync(text: string): void } })._core.writeSync(text);
}

function isBlank(line: IBufferLine | undefined): boolean {
  return line === undefined || line.translateToString(true) === '';
}

function coloured(line: IBufferLine, cell: IBufferCell): string {
  let text = '';
  let style = '';
  let pending = '';
  for (let x = 0; x < line.length; x++) {
    line.getCell(x, cell);
    if (cell.getWidth() === 0) continue;
    const now = sgr(cell);
    const characters = visible(cell.getChars()) || ' ';
    // Blank cells at the end of a row are not part of the output.
    if (characters === ' ' && now === '') {
      pending += ' ';
      continue;
    }
    if (style !== '' && pending !== '') {
      text += '\x1b[0m';
      style = '';
    }
    text += pending;
    pending = '';
    if (now !== style) text += `${style === '' ? '' : '\x1b[0m'}${now}`;
    style = now;
    text += characters;
  }
  return style === '' ? text : `${text}\x1b[0m`;
}

/** The SGR sequence (ECMA-48, 8.3.117) of a cell; empty for an ordinary one. */
function sgr(cell: IBufferCell): string {
  if (cell.isAttributeDefault()) return '';
  const codes: string[] = [];
  if (cell.isBold()) codes.push('1');
  if (cell.isDim()) codes.push('2');
  if (cell.isItalic()) codes.push('3');
  if (cell.isUnderline()) codes.push('4');
  if (cell.isInverse()) codes.push('7');
  if (cell.isInvisible()) codes.push('8');
  if (cell.isStrikethrough()) codes.push('9');
  if (!cell.isFgDefault()) codes.push(colour(cell.isFgRGB(), cell.getFgColor(), 30));
  if (!cell.isBgDefault()) codes.push(colour(cell.isBgRGB(), cell.getBgColor(), 40));
  return codes.length === 0 ? '' : `\x1b[${codes.join(';')}m`;
}

function colour(rgb: boolean, value: number, base: 30 | 40): string {
  if (rgb) return `${base + 8};2;${(value >> 16) & 255};${(value >> 8) & 255};${value & 255}`;
  if (value < 8) return String(base + value);
  return value < 16 ? String(base + 60 + value - 8) : `${base + 8};5;${value}`;
}
