export interface Needle {
  /** Latin1: a character a byte. At least two. */
  readonly text: string;
  /** ASCII letters match in both cases. */
  readonly anyCase?: boolean;
}

interface Prepared {
  readonly index: number;
  readonly bytes: Uint8Array;
  readonly anyCase: boolean;
}

/**
 * Looks for many texts at once in bytes, in one pass that skips what cannot hold any of them (Wu and Manber, "A fast
 * algorithm for multi-pattern searching", 1994, with blocks of two bytes): the time does not grow with the number of
 * texts, as it would with one search for each.
 */
export class ByteSearch {
  /** Bytes of the longest needle; 0 where there is none. */
  readonly longest: number;
  readonly #shortest: number;
  /** How far to go on for each pair of bytes; 0 where a needle's beginning may end with it. */
  readonly #shift: Uint8Array;
  readonly #candidates = new Map<number, Prepared[]>();

  /** Throws a RangeError for a needle of less than two bytes. */
  constructor(needles: readonly Needle[]) {
    const lengths = needles.map(({ text }) => text.length);
    this.longest = Math.max(0, ...lengths);
    this.#shortest = Math.min(255, ...lengths);
    if (this.#shortest < 2) throw new RangeError('a text to search for has at least two bytes');
    this.#shift = new Uint8Array(0x10000).fill(this.#shortest - 1);
    for (const [index, { text, anyCase = false }] of needles.entries()) {
      const bytes = Buffer.from(anyCase ? text.toLowerCase() : text, 'latin1');
      for (let at = 0; at + 1 < this.#shortest; at++) {
        const shift = this.#shortest - 2 - at;
        for (const pair of pairs(bytes[at]!, bytes[at + 1]!, anyCase)) {
          this.#shift[pair] = Math.min(this.#shift[pair]!, shift);
          if (shift > 0) continue;
          const known = this.#candidates.get(pair) ?? [];
          known.push({ index, bytes, anyCase });
          this.#candidates.set(pair, known);
        }
      }
    }
  }

  /**
   * Calls `found` with the needle's place in the list and where it begins, in ascending order of the latter. Ends early
   * where `found` returns true.
   */
  each(bytes: Uint8Array, found: (needle: number, at: number) => boolean | undefined): void {
    const shift = this.#shift;
    const ahead = this.#shortest - 2;
    const last = bytes.length - 1;
    for (let at = ahead; at < last; ) {
      const pair = (bytes[at]! << 8) | bytes[at + 1]!;
      const step = shift[pair]!;
      if (step > 0) {
        at += step;
        continue;
      }
      const start = at - ahead;
      for (const candidate of this.#candidates.get(pair)!) {
        if (standsAt(bytes, start, candidate) && found(candidate.index, start) === true) return;
      }
      at++;
    }
  }

  /** Whether any of the needles is there. */
  some(bytes: Uint8Array): boolean {
    let any = false;
    this.each(bytes, () => {
      any = true;
      return true;
    });
    return any;
  }
}

function standsAt(bytes: Uint8Array, start: number, { bytes: needle, anyCase }: Prepared): boolean {
  if (start + needle.length > bytes.length) return false;
  for (let at = 0; at < needle.length; at++) {
    const byte = bytes[start + at]!;
    if (byte !== needle[at] && !(anyCase && isLetter(needle[at]!) && (byte | 0x20) === needle[at]))
      return false;
  }
  return true;
}

function pairs(first: number, second: number, anyCase: boolean): number[] {
  const cases = (byte: number) => (anyCase && isLetter(byte) ? [byte, byte & ~0x20] : [byte]);
  return cases(first).flatMap((one) => cases(second).map((other) => (one << 8) | other));
}

function isLetter(lower: number): boolean {
  return lower >= 0x61 && lower <= 0x7a;
}
