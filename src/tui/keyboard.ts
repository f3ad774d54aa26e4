import { EventEmitter } from 'node:events';
import type { ReadStream } from 'node:tty';

/**
 * The terminal's input, one key at a time. A slow line delivers several keys in one read; Ink would hand them on
 * within one turn, so that the second acts on the screen that the first one left. Here each key has its own turn,
 * and what was typed before a command got the terminal is dropped.
 */
export class Keyboard extends EventEmitter {
  readonly isTTY = true;
  readonly #source: ReadStream;
  #queue: string[] = [];
  #current: string | undefined;
  #scheduled = false;
  #pasting = '';

  constructor(source: ReadStream) {
    super();
    this.#source = source;
    this.on('newListener', (event) => {
      if (event === 'readable' && this.listenerCount('readable') === 0) source.on('readable', this.#fill);
    });
    this.on('removeListener', (event) => {
      if (event !== 'readable' || this.listenerCount('readable') > 0) return;
      source.off('readable', this.#fill);
    });
  }

  /** What Ink asks of its stdin. */
  read(): string | null {
    const key = this.#current ?? null;
    this.#current = undefined;
    return key;
  }

  setRawMode(on: boolean): this {
    this.#source.setRawMode(on);
    return this;
  }

  setEncoding(encoding: BufferEncoding): this {
    this.#source.setEncoding(encoding);
    return this;
  }

  ref(): this {
    this.#source.ref();
    return this;
  }

  unref(): this {
    this.#source.unref();
    return this;
  }

  /** Forgets what was typed and not handed on, and stops reading: somebody else gets the terminal. */
  release(): void {
    this.#queue = [];
    this.#pasting = '';
    this.#source.pause();
  }

  readonly #fill = (): void => {
    for (let chunk = this.#source.read(); chunk !== null; chunk = this.#source.read())
      this.#queue.push(...this.#split(String(chunk)));
    this.#schedule();
  };

  #schedule(): void {
    if (this.#scheduled || this.#queue.length === 0) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#current = this.#queue.shift();
      if (this.#current !== undefined) this.emit('readable');
      this.#schedule();
    });
  }

  /** Keys and escape sequences one by one; a bracketed paste stays whole, also over several reads. */
  #split(chunk: string): readonly string[] {
    const text = this.#pasting + chunk;
    this.#pasting = '';
    const open = text.lastIndexOf(pasteStart);
    if (open >= 0 && text.indexOf(pasteEnd, open) < 0) {
      this.#pasting = text.slice(open);
      return splitKeys(text.slice(0, open));
    }
    return splitKeys(text);
  }
}

const pasteStart = '\u001B[200~';
const pasteEnd = '\u001B[201~';
const oneKey =
  /\u001B\[200~[\s\S]*?\u001B\[201~|\u001B\u001B?\[[0-?]*[ -/]*[@-~]|\u001BO.|\u001B[^\u001B[O]|[\s\S]/gu;

function splitKeys(text: string): readonly string[] {
  return text.match(oneKey) ?? [];
}
