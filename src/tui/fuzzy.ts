/**
 * How well typed letters fit a text: they must occur in order; the whole in one piece,
 * runs of letters and beginnings of words count more.
 * Undefined where they do not fit. Case and accents are ignored.
 */
export function fuzzyScore(typed: string, text: string): number | undefined {
  const wanted = folded(typed).replace(/\s+/g, '');
  const within = folded(text);
  const whole = within.indexOf(wanted);
  if (whole >= 0) return 4 * wanted.length + (startsWord(within, whole) ? 2 : 0) - within.length / 1000;
  let score = 0;
  let from = 0;
  let last = -2;
  for (const letter of wanted) {
    const at = within.indexOf(letter, from);
    if (at < 0) return undefined;
    score += at === last + 1 ? 3 : 1;
    if (startsWord(within, at)) score += 2;
    last = at;
    from = at + 1;
  }
  return score - within.length / 1000;
}

/** The things that padded, best first; all of them in their own order where nothing is typed. */
export function fuzzyFilter<T>(
  typed: string,
  things: readonly T[],
  textOf: (thing: T) => string,
): readonly T[] {
  if (typed.trim() === '') return things;
  return things
    .flatMap((thing) => {
      const score = fuzzyScore(typed, textOf(thing));
      return score === undefined ? [] : [{ thing, score }];
    })
    .sort((a, b) => b.score - a.score)
    .map(({ thing }) => thing);
}

function startsWord(text: string, at: number): boolean {
  return at === 0 || /[^\p{L}\p{N}]/u.test(text[at - 1]!);
}

function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
