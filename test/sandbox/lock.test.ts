import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { birthOf, lives, ownLife } from '../../src/sandbox/life.ts';
import { alone } from '../../src/sandbox/lock.ts';
import { kill } from './support.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'lock-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

const quiet = () => {};

test('many at once go one after the other, and leave nothing behind', async () => {
  let inside = 0;
  let most = 0;
  const task = async () => {
    most = Math.max(most, ++inside);
    await new Promise((resolve) => setImmediate(resolve));
    inside--;
  };
  await Promise.all(Array.from({ length: 8 }, () => alone(home, quiet, task)));
  expect(most).toBe(1);
  expect(await readdir(home)).toEqual([]);
});

test('a failing task gives the lock back', async () => {
  await expect(
    alone(home, quiet, async () => {
      throw new Error('in the task');
    }),
  ).rejects.toThrow('in the task');
  expect(await alone(home, quiet, async () => 'free')).toBe('free');
});

test('the lock of a killed process is taken over', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  const life = { pid: child.pid ?? 0, birth: (await birthOf(child.pid ?? 0)) ?? '' };
  expect(await lives(life)).toBe(true);
  await writeFile(join(home, 'lock'), JSON.stringify(life));
  await kill(child);
  expect(await alone(home, quiet, async () => 'taken')).toBe('taken');
});

test('a lock that names a living process of another birth is stale', async () => {
  await writeFile(join(home, 'lock'), JSON.stringify({ pid: process.pid, birth: 'another' }));
  expect(await alone(home, quiet, async () => 'taken')).toBe('taken');
});

test('a process is told from one of the same number', async () => {
  const me = await ownLife();
  expect(await lives(me)).toBe(true);
  expect(await lives({ ...me, birth: 'another' })).toBe(false);
  expect(await birthOf(0)).toBeUndefined();
});
