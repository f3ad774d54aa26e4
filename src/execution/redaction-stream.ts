import { mask, masked } from './mask.ts';
import type { Hits, Redaction } from './redaction.ts';

/** How far back a shape may have begun in text that is already out, in bytes. */
const contextLength = 512;
/** The most that is held back for a word or key block that does not end, in bytes. */
const mostHeld = 32 * 1024;
/** From this length on a chunk is first looked through where it lies, without a copy. */
const largeChunk = 4096;

export interface StreamOptions {
  /** Masks with as many stars as there were bytes, so that a full-screen program's layout holds. */
  readonly keepWidth?: boolean;
}

/** Masks a stream of bytes; what it holds back is at most one unfinished word, key block or secret. */
export class RedactionStream {
  readonly #redaction: Redaction;
  readonly #keepWidth: boolean;
  /** The end of what went out, unmasked, so that a shape begun there is still known. */
  #context: Buffer = empty;
  #held: Buffer = empty;
  /** Set while an endless secret is being swallowed. */
  #until: RegExp | undefined;

  constructor(redaction: Redaction, options: StreamOptions) {
    this.#redaction = redaction;
    this.#keepWidth = options.keepWidth === true;
  }

  /** Takes a chunk and gives what may go out, which may lie in the chunk's memory. */
  push(chunk: Buffer): Buffer {
    let bytes = chunk;
    if (this.#until) {
      const end = this.#until.exec(bytes.toString('latin1'));
      if (!end) return empty;
      bytes = bytes.subarray(end.index);
      this.#until = undefined;
    }
    if (this.#isHarmless(bytes)) {
      this.#remember(bytes);
      return bytes;
    }
    const whole = Buffer.concat([this.#context, this.#held, bytes]);
    const start = this.#context.length;
    const hits = this.#redaction.hits(whole);
    const cut = Math.max(start, this.#redaction.heldFrom(whole, hits));
    if (whole.length - cut > mostHeld) {
      this.#until = whole.indexOf('-----BEGIN', cut, 'latin1') === cut ? /-----END/ : /\s/;
      const out = Buffer.concat([this.#mask(whole.subarray(0, cut), start), Buffer.from(mask)]);
      this.#context = empty;
      this.#held = empty;
      return out;
    }
    const settled = whole.subarray(0, cut);
    const out = this.#mask(settled, start, cut === whole.length ? hits : undefined);
    this.#held = Buffer.from(whole.subarray(cut));
    this.#remember(settled);
    return out;
  }

  /** The stream is over: what was held back, masked where it has to be. */
  end(): Buffer {
    const out = this.flush();
    this.#context = empty;
    return out;
  }

  /**
   * Gives out what is held back, as far as it can be judged by now: for a person who watches a prompt. What goes on a
   * disk waits for `end`.
   */
  flush(): Buffer {
    if (this.#held.length === 0) return empty;
    const whole = Buffer.concat([this.#context, this.#held]);
    const out = this.#mask(whole, this.#context.length);
    this.#held = empty;
    this.#remember(whole);
    return out;
  }

  /** Whether a large chunk neither holds nor begins nor goes on with anything that might have to be masked. */
  #isHarmless(bytes: Buffer): boolean {
    const { search, longest } = this.#redaction;
    if (this.#held.length > 0 || bytes.length < Math.max(largeChunk, longest)) return false;
    if (this.#redaction.beginningOfValue(bytes) < bytes.length) return false;
    // Whatever stands in the context may reach into the chunk, or be completed by its first bytes.
    const joint = Buffer.concat([this.#context, bytes.subarray(0, search.longest)]);
    return !search.some(joint) && !search.some(bytes);
  }

  #mask(bytes: Buffer, start: number, hits?: Hits): Buffer {
    const pieces = masked(bytes, this.#redaction.spans(bytes, hits), start, this.#keepWidth);
    return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
  }

  /** Keeps the end of what went out. */
  #remember(whole: Buffer): void {
    this.#context = Buffer.from(whole.subarray(-Math.max(contextLength, this.#redaction.longest)));
  }
}

const empty: Buffer = Buffer.alloc(0);
