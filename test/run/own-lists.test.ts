import { describe, expect, it } from 'vitest';
import { changed, grown } from '../../src/run/own-lists.ts';

describe('lists that may grow in place', () => {
  it("leave a list alone that is somebody else's", () => {
    const given = [1, 2];
    expect(grown(given, 3)).toEqual([1, 2, 3]);
    expect(changed(given, 0, 9, new WeakSet())).toEqual([9, 2]);
    expect(given).toEqual([1, 2]);
  });

  it('are one list for as long as one owner makes them longer', () => {
    const own = new WeakSet<readonly unknown[]>();
    const first = grown<number>([], 1, own);
    const then = changed(grown(first, 2, own), 0, 9, own);
    expect(then).toBe(first);
    expect(then).toEqual([9, 2]);
    // Without the owner it is somebody else's again.
    expect(grown(then, 3)).not.toBe(then);
    expect(then).toEqual([9, 2]);
  });
});
