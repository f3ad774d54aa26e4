import { randomBytes } from 'node:crypto';
import { link, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually, type Life, lives, ownLife } from './life.ts';
import { SandboxProblem } from './problem.ts';
import { readRecord } from './record.ts';

/** Longest wait for another process that prepares or stops the sandbox, ms. */
const patience = 180_000;

/**
 * Runs the task while no other process changes the sandbox of this home. The lock of a dead process is taken over.
 * The lock file is made complete and then linked into place, so that no one ever reads half of it.
 */
export async function alone<T>(home: string, waiting: () => void, task: () => Promise<T>): Promise<T> {
  const path = join(home, 'lock');
  const mine = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  await writeFile(mine, JSON.stringify(await ownLife()), { mode: 0o600 });
  let told = false;
  try {
    const got = await eventually(
      async () => {
        if (await take(path, mine)) return true;
        if (!told) waiting();
        told = true;
        return false;
      },
      patience,
      50,
    );
    if (!got) {
      const holder = await readRecord<Life>(path);
      throw new SandboxProblem(
        `Process ${holder?.pid ?? '?'} has been preparing the sandbox in ${home} for minutes. ` +
          'Look at what it does, or end it, and try again.',
      );
    }
    try {
      return await task();
    } finally {
      await rm(path, { force: true });
    }
  } finally {
    await rm(mine, { force: true });
  }
}

async function take(path: string, mine: string): Promise<boolean> {
  try {
    await link(mine, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const holder = await readRecord<Life>(path);
  if (holder !== undefined && (await lives(holder))) return false;
  // Moved aside, not removed: who finds in it a living holder after all was overtaken, and puts it back.
  const aside = `${mine}.stale`;
  try {
    await rename(path, aside);
    const moved = await readRecord<Life>(aside);
    if (moved !== undefined && (await lives(moved))) await link(aside, path).catch(() => {});
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  } finally {
    await rm(aside, { force: true });
  }
  return false;
}
