/** Lists that whoever holds this set has made and shown to nobody yet. */
export type OwnLists = WeakSet<readonly unknown[]>;

/** A list with one item more: the same list where it is the caller's own, else a copy, which is theirs from now on. */
export function grown<T>(list: readonly T[], item: T, own?: OwnLists): readonly T[] {
  const mine = ownCopy(list, own);
  mine.push(item);
  return mine;
}

/** A list with another item at an index, under the same rule. */
export function changed<T>(list: readonly T[], at: number, item: T, own?: OwnLists): readonly T[] {
  const mine = ownCopy(list, own);
  mine[at] = item;
  return mine;
}

function ownCopy<T>(list: readonly T[], own: OwnLists | undefined): T[] {
  if (own?.has(list)) return list as T[];
  const copy = [...list];
  own?.add(copy);
  return copy;
}
