import { readText } from '../catalog.ts';
import { once } from '../create.ts';
import { BackupError } from '../error.ts';
import { safeTarget, stamp } from '../name.ts';
import type { Store } from '../store.ts';
import { type Attempt, readAttempt } from './attempts.ts';

/** Of the newest ones; more say nothing that these don't. */
const most = 20;

/**
 * Leaves a note of a failed attempt beside the backups, for whoever looks at their health from another machine. Does
 * nothing where the store was never written to: a wrong address is no place to leave anything. Throws as the store does.
 */
export async function leaveFailure(store: Store, attempt: Omit<Attempt, 'schema'>): Promise<void> {
  try {
    await store.list();
  } catch (error) {
    if (error instanceof BackupError && error.kind === 'not-found') return;
    throw error;
  }
  const text = `${JSON.stringify({ schema: 1, ...attempt }, undefined, 1)}\n`;
  const name = `failed-${safeTarget(attempt.target)}-${stamp(new Date(attempt.at))}`;
  await store.write(`${name}.json`, once(text)).catch((error) => {
    // Two machines that failed in the same second count as one.
    if (!(error instanceof BackupError && error.kind === 'already-there')) throw error;
  });
}

/** The failed attempts of a target that are noted in the store, the newest last. What can't be read is passed over. */
export async function readFailures(store: Store, target: string): Promise<Attempt[]> {
  const attempts: Attempt[] = [];
  for (const file of (await notesOf(store, target)).slice(-most)) {
    const attempt = readAttempt(await readText(store, file).catch(() => ''));
    if (attempt?.target === target) attempts.push(attempt);
  }
  return attempts;
}

/** Takes the notes of a target away: a backup was made. Throws as the store does. */
export async function clearFailures(store: Store, target: string): Promise<void> {
  for (const file of await notesOf(store, target)) await store.remove(file);
}

async function notesOf(store: Store, target: string): Promise<string[]> {
  const start = `failed-${safeTarget(target)}-`;
  return (await store.list())
    .map((one) => one.file)
    .filter((file) => file.startsWith(start) && /^\d{8}-\d{6}\.json$/.test(file.slice(start.length)));
}
