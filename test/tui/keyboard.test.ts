import { PassThrough } from 'node:stream';
import type { ReadStream } from 'node:tty';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Keyboard } from '../../src/tui/keyboard.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** What is handed on for reads that come one by one, with a line's pause between them, milliseconds. */
async function keysOf(reads: readonly string[], lag: number): Promise<readonly string[]> {
  const source = new PassThrough({ encoding: 'utf8' });
  const keyboard = new Keyboard(source as unknown as ReadStream);
  const keys: string[] = [];
  keyboard.on('readable', () => {
    for (let key = keyboard.read(); key !== null; key = keyboard.read()) keys.push(key);
  });
  for (const read of reads) {
    source.write(read);
    await vi.advanceTimersByTimeAsync(lag);
  }
  await vi.advanceTimersByTimeAsync(1000);
  return keys;
}

const esc = '\u001B';

test('keys of one read come one by one', async () => {
  expect(await keysOf([`ab${esc}[A\r${esc}[5~${esc}OA`], 0)).toEqual([
    'a',
    'b',
    `${esc}[A`,
    '\r',
    `${esc}[5~`,
    `${esc}OA`,
  ]);
});

test('an escape sequence that a line cuts into reads is one key, wherever it is cut', async () => {
  for (const whole of [`${esc}[A`, `${esc}[5~`, `${esc}[1;5C`, `${esc}OB`, `${esc}${esc}[D`])
    for (let at = 1; at < whole.length; at++)
      expect(await keysOf(['j', whole.slice(0, at), whole.slice(at), 'k'], 10)).toEqual(['j', whole, 'k']);
  expect(await keysOf([...`j${esc}[6~k`], 10)).toEqual(['j', `${esc}[6~`, 'k']);
});

test('Esc is a key when nothing comes behind it; a rest that comes too late is no text', async () => {
  expect(await keysOf([esc], 0)).toEqual([esc]);
  expect(await keysOf([`a${esc}`, 'b'], 300)).toEqual(['a', esc, 'b']);
  expect(await keysOf([`a${esc}`, 'b', 'c'], 10)).toEqual(['a', esc, 'b', 'c']);
  expect(await keysOf([`${esc}\r`], 10)).toEqual([`${esc}\r`]);
  expect(await keysOf([esc, '[Ab'], 300)).toEqual([esc, 'b']);
  expect(await keysOf([esc, 'b', '[A'], 300)).toEqual([esc, 'b', '[', 'A']);
  expect(await keysOf([esc, esc], 300)).toEqual([esc, esc]);
});

test('a paste stays whole over several slow reads', async () => {
  const paste = `${esc}[200~one\ntwo${esc}[201~`;
  for (let at = 1; at < paste.length; at++)
    expect(await keysOf([`x${paste.slice(0, at)}`, `${paste.slice(at)}y`], 10)).toEqual(['x', paste, 'y']);
});
