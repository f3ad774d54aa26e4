import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { closeAloud } from '../../src/cli/slow-closing.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a closing that takes long is told of, once, and one that does not is silent', async () => {
  const said: string[] = [];
  await closeAloud(Promise.resolve(), (words) => said.push(words));
  vi.runAllTimers();
  expect(said).toEqual([]);
  const { promise, resolve } = Promise.withResolvers<void>();
  const closing = closeAloud(promise, (words) => said.push(words));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(said).toHaveLength(1);
  expect(said[0]).toMatch(/^Giving back .*\n$/);
  resolve();
  await closing;
});

test('a closing that fails says why, and nothing comes after it', async () => {
  const said: string[] = [];
  await expect(closeAloud(Promise.reject(new Error('no')), (words) => said.push(words))).rejects.toThrow(
    'no',
  );
  vi.runAllTimers();
  expect(said).toEqual([]);
});
