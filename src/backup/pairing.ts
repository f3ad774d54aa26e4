import type { Difference, Sides } from './difference.ts';

/** Missing, added and changed things of two lists, by key. */
export function pairs<T>(
  left: readonly T[],
  right: readonly T[],
  key: (one: T) => string,
  kind: Difference['kind'],
  sides: Sides,
  compare: (a: T, b: T) => readonly Difference[],
  prefix = '',
): Difference[] {
  const now = new Map(right.map((one) => [key(one), one]));
  const before = new Set(left.map(key));
  const called = (name: string) => (kind === 'object' ? name : `${kind} ${prefix}${name}`);
  return [
    ...left.flatMap((a) => {
      const b = now.get(key(a));
      return b === undefined
        ? [failure(kind, prefix + key(a), `The ${called(key(a))} is missing in ${sides.right}.`)]
        : compare(a, b);
    }),
    ...right
      .filter((b) => !before.has(key(b)))
      .map((b) =>
        failure(
          kind,
          prefix + key(b),
          `The ${called(key(b))} is in ${sides.right} but not in ${sides.left}.`,
        ),
      ),
  ];
}

/** A difference that makes two databases unequal. */
export function failure(kind: Difference['kind'], thing: string, words: string): Difference {
  return { severity: 'failure', kind, thing, words };
}

/** A difference that is told and does not count. */
export function note(kind: Difference['kind'], thing: string, words: string): Difference {
  return { severity: 'note', kind, thing, words };
}

/**
 * A thing that both have, in other words. Between servers of two versions that is only a note: one writes a table's name
 * before a view's columns, the other doesn't.
 */
export function otherwise(kind: Difference['kind'], thing: string, words: string, sides: Sides): Difference {
  return sides.versions === undefined
    ? failure(kind, thing, words)
    : note(kind, thing, `${words} ${sides.versions} may write the same in two ways; look at both.`);
}
