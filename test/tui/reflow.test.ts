import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rowsGained } from '../../src/tui/reflow.ts';

test('a row that still fits gains nothing, a wider one as many rows as it is wrapped into', () => {
  expect(rowsGained([0, 59, 60], 60)).toBe(0);
  expect(rowsGained([61, 120, 121], 60)).toBe(1 + 1 + 2);
});

test('nothing is gained in a window that is no narrower than the frame', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(300)), (widths) => {
      expect(rowsGained(widths, Math.max(1, ...widths))).toBe(0);
    }),
  );
});
