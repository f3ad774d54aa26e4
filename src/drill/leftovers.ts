import { dirname } from 'node:path';
import { firstLine } from '../backup/error.ts';
import { lockRun } from '../journal/lock.ts';
import { runFolder, runIds } from '../journal/runs.ts';
import type { RecordedEvent } from '../run/state.ts';
import { endKilledRun } from './end-run.ts';
import { drillFolders, type Lease, readLease, writeLease } from './lease.ts';
import { giveBack } from './scratch.ts';

/** What became of a drill that had been killed. */
export interface CleanedUp {
  readonly run: string;
  readonly folder: string;
  readonly target: string;
  /** What was still there of it. */
  readonly removed: readonly string[];
  /** Why it is not all gone; the next start tries again. */
  readonly problem?: string;
  /** The whole journal, now with its end; absent where it had none, or had ended by itself. */
  readonly events?: readonly RecordedEvent[];
}

/**
 * Removes what drills left behind that ended without cleaning up, and ends their runs in their journals. A drill that
 * a living process holds is left alone. `urlOf` gives the scratch server's URL, whatever database it names. Never
 * rejects: what cannot be removed comes back with the reason.
 */
export async function cleanLeftovers(
  stateFolder: string,
  operator: string,
  urlOf: (lease: Lease) => Promise<string>,
): Promise<readonly CleanedUp[]> {
  const cleaned: CleanedUp[] = [];
  for (const run of await runIds(stateFolder).catch(() => [])) {
    const folder = runFolder(stateFolder, run);
    const lease = await readLease(folder);
    if (lease === undefined || lease.cleanedAt !== undefined) continue;
    // What a file names is not removed on its word alone.
    if (dirname(lease.folder) !== drillFolders(stateFolder)) continue;
    const locking = await lockRun(folder, run, operator).catch(() => undefined);
    if (locking?.kind !== 'locked') continue;
    try {
      const removed = await giveBack(lease, await urlOf(lease));
      const gone = ['the fetched backup', ...removed].join(' and ');
      const events = await endKilledRun(folder, operator, {
        note: `cleaned up after the drill was killed: ${gone}`,
        reason: 'the drill was killed half-way',
      });
      await writeLease(folder, { ...lease, cleanedAt: new Date().toISOString() });
      cleaned.push({ run, folder, target: lease.target, removed, ...(events ? { events } : {}) });
    } catch (error) {
      cleaned.push({ run, folder, target: lease.target, removed: [], problem: firstLine(error) });
    } finally {
      await locking.lock.release();
    }
  }
  return cleaned;
}
