import type { BackgroundProcess } from '../run/event.ts';
import { isAlive } from './process-fate.ts';

/** Those of a command's background processes that still run: the very ones, not later ones with the same numbers. */
export async function stillRunning<P extends BackgroundProcess>(processes: readonly P[]): Promise<P[]> {
  const alive = await Promise.all(processes.map(({ pid, birth }) => isAlive(pid, birth)));
  return processes.filter((_, at) => alive[at]);
}

/**
 * Sends a signal to a background process, if it is still the one that was left behind. False where it is gone, or
 * where this user may not signal it.
 */
export async function stopBackground(
  { pid, birth }: BackgroundProcess,
  signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL',
): Promise<boolean> {
  if (!(await isAlive(pid, birth))) return false;
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}

/** Resolves when none of them runs any more; asks again every quarter of a second. Rejects when `until` is aborted. */
export async function waitForBackground(
  processes: readonly BackgroundProcess[],
  until?: AbortSignal,
): Promise<void> {
  for (let left = processes; left.length > 0; left = await stillRunning(left)) {
    until?.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
