import { EventEmitter } from 'node:events';
import type { ReadStream } from 'node:tty';

/**
 * The terminal's input, one key at a time. A slow line delivers several keys in one read; Ink would hand them on
 * within one turn, so that the second acts on the screen that the first one left. Here each key has its own turn,
 * and what was typed before a command got the terminal is dropped.
 */
export class Keyboard extends EventEmitter {
  readonly isTTY = true;
  /** A command has the terminal: Ctrl+C is meant for it, though the signal reaches this process too. */
  lent = false;
  readonly #source: ReadStream;
  #queue: string[] = [];
  #current: string | undefined;
  #scheduled = false;
  /** A paste or an escape sequence whose rest is still to come. */
  #begun = '';
  #lone: NodeJS.Timeout | undefined;
  /** Esc was handed on as a key a moment ago, for nothing came behind it. */
  #escaped = false;
  /** The key that was handed on last was Esc. */
  #esc = false;

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
    this.#begun = '';
    this.#escaped = false;
    clearTimeout(this.#lone);
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
    const next = (): void => {
      this.#scheduled = false;
      this.#current = this.#queue.shift();
      this.#esc = this.#current === escapeKey;
      if (this.#current !== undefined) this.emit('readable');
      this.#schedule();
    };
    // Ink waits a little for what may belong to an Esc; the next key does not.
    if (this.#esc) setTimeout(next, afterEsc);
    else setImmediate(next);
  }

  /**
   * Keys and escape sequences one by one; a bracketed paste and an escape sequence stay whole, also over several reads.
   * Esc alone is a key when nothing has come behind it for a moment; where the line was slower than that, the rest of
   * the sequence is no text that anybody typed.
   */
  #split(chunk: string): readonly string[] {
    clearTimeout(this.#lone);
    const late = this.#escaped ? chunk.replace(restOfSequence, '') : chunk;
    this.#escaped = false;
    // Alt and a key come in one read: Esc and a key in two are two.
    if (this.#begun === escapeKey && !/^[[O\u001B]/.test(late)) {
      this.#queue.push(escapeKey);
      this.#begun = '';
    }
    const text = this.#begun + late;
    const paste = text.lastIndexOf(pasteStart);
    const pasting = paste >= 0 && text.indexOf(pasteEnd, paste) < 0;
    const cut = pasting ? paste : text.search(begunSequence);
    this.#begun = cut < 0 ? '' : text.slice(cut);
    if (this.#begun !== '' && !pasting) this.#lone = setTimeout(this.#giveUp, patience).unref();
    return splitKeys(cut < 0 ? text : text.slice(0, cut));
  }

  /** Nothing came behind what might have been the beginning of a sequence: it was Esc. */
  readonly #giveUp = (): void => {
    this.#escaped = true;
    this.#queue.push(escapeKey);
    this.#begun = '';
    this.#schedule();
  };
}

/** How long the rest of an escape sequence may take, milliseconds: longer than a line takes, too short to be felt. */
const patience = 60;
/** Longer than Ink takes an Esc for the beginning of something, milliseconds. */
const afterEsc = 30;
const escapeKey = '\u001B';
const begunSequence = /\u001B\u001B?(?:\[[0-?]*[ -/]*|O)?$/;
const restOfSequence = /^(?:\[[0-9;]*[A-DFHZ~]|O[A-DFHP-S])/;
const pasteStart = '\u001B[200~';
const pasteEnd = '\u001B[201~';
const oneKey =
  /\u001B\[200~[\s\S]*?\u001B\[201~|\u001B\u001B?\[[0-?]*[ -/]*[@-~]|\u001BO.|\u001B[^\u001B[O]|[\s\S]/gu;

function splitKeys(text: string): readonly string[] {
  return text.match(oneKey) ?? [];
}
