import { randomBytes } from 'node:crypto';
import { open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunEvent } from '../run/event.ts';
import { syncFolder, writeWhole } from './disk.ts';

/** Bytes kept free for the end of a run: some fifteen finished commands with the longest output each. */
export const reserveBytes = 65_536;

const reserveName = 'reserve';

/**
 * Keeps space on the disk that is given back when it is full. Filled with random bytes, because a file system
 * that compresses would keep no space for zeros. Errors of the system pass through, and nothing is left behind.
 */
export async function makeReserve(folder: string): Promise<void> {
  const file = join(folder, reserveName);
  if (await hasReserve(folder)) return;
  try {
    const handle = await open(file, 'w', 0o600);
    try {
      await writeWhole(handle, randomBytes(reserveBytes), 0);
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  }
}

/** Gives the reserved space back to the disk. False where there was none left to give. */
export async function spendReserve(folder: string): Promise<boolean> {
  if (!(await hasReserve(folder))) return false;
  await rm(join(folder, reserveName), { force: true });
  await syncFolder(folder);
  return true;
}

async function hasReserve(folder: string): Promise<boolean> {
  const found = await stat(join(folder, reserveName)).catch(() => undefined);
  return found !== undefined && found.size >= reserveBytes;
}

/**
 * Whether an event lets something begin. On a full disk nothing may begin any more, so that what has happened
 * already, and the end, can still be told from the reserve.
 */
export function begins(event: RunEvent): boolean {
  switch (event.type) {
    case 'run-started':
    case 'run-resumed':
    case 'command-started':
    case 'shell-opened':
    case 'guard-confirmed':
    case 'guard-overridden':
      return true;
    default:
      return false;
  }
}
