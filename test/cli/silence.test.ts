import { expect, test } from 'vitest';
import { SilenceTold, silenceWorthAWord } from '../../src/cli/silence.ts';
import type { Live, LiveTypical } from '../../src/run/session.ts';

const before = (silent: number): LiveTypical => ({ count: 2, median: 1, shortest: 1, longest: 1, silent });
const live = (more: Partial<Live>): Live => ({
  command: 'restore/1',
  attempt: 1,
  pid: 4121,
  startedAt: 0,
  bytes: 0,
  lines: 0,
  silentFor: 600_000,
  silent: true,
  stopping: undefined,
  tail: () => [],
  ...more,
});

test('a minute, or longer than the command ever said nothing', () => {
  expect(silenceWorthAWord(undefined)).toBe(60_000);
  expect(silenceWorthAWord(before(1000))).toBe(60_000);
  expect(silenceWorthAWord(before(600_000))).toBe(900_000);
});

test('each silence is said once, with what it was before', () => {
  const told = new SilenceTold();
  expect(told.next(undefined)).toBeUndefined();
  expect(told.next(live({ silent: false }))).toBeUndefined();
  expect(told.next(live({}))).toBe('no output for 10m: process 4121 goes on, look at it');
  expect(told.next(live({ silentFor: 700_000 }))).toBeUndefined();
  expect(told.next(live({ bytes: 9, typical: before(300_000) }))).toBe(
    'no output for 10m, longer than before (5m): process 4121 goes on, look at it',
  );
  expect(told.next(live({ bytes: 9, attempt: 2 }))).toContain('no output');
});
