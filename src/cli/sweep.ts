import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive } from '../execution/process-fate.ts';
import { removeState } from '../execution/scratch-folder.ts';
import { glance } from '../journal/glance.ts';
import { lockRun } from '../journal/lock.ts';
import { readJournal } from '../journal/read.ts';
import { runFolder, runIds } from '../journal/runs.ts';
import { fold } from '../run/fold.ts';
import type { RunState } from '../run/state.ts';

/**
 * Removes what runs left on disk that were killed: password files, and of finished runs what their shell held. A run
 * that a process holds, or that has a command still at work, keeps everything; an unfinished one keeps what a resume
 * needs. Never rejects: tidying must not stop a run.
 */
export async function sweepRuns(stateFolder: string, operator: string): Promise<void> {
  const ids = await runIds(stateFolder).catch(() => []);
  await Promise.all(ids.map((id) => sweep(runFolder(stateFolder, id), id, operator).catch(() => undefined)));
}

async function sweep(folder: string, id: string, operator: string): Promise<void> {
  const [passwords, shell] = [join(folder, 'pgpass'), join(folder, 'state')];
  const isThere = (path: string) =>
    stat(path).then(
      () => true,
      () => false,
    );
  if (!(await isThere(passwords))) {
    if (!(await isThere(shell)) || (await glance(folder, id)).status !== 'finished') return;
  }
  // Nobody begins with it or takes it up while it is looked at.
  const locking = await lockRun(folder, id, operator);
  if (locking.kind === 'held') return;
  try {
    // One that was killed before its first fact has no journal.
    const events = await readJournal(folder).then(
      (reading) => reading.events,
      () => [],
    );
    const state = events.length > 0 ? fold(events) : undefined;
    if (state && (await isAtWork(state))) return;
    await rm(passwords, { force: true });
    if (state?.status === 'finished') await removeState(shell);
  } finally {
    await locking.lock.release();
  }
}

/** Whatever outlived the Drillbook that started it may still connect. */
async function isAtWork({ running, interrupted, background }: RunState): Promise<boolean> {
  const all = [running, interrupted, ...background.filter(({ settled }) => settled !== 'ended')];
  const alive = await Promise.all(all.map((one) => one?.pid !== undefined && isAlive(one.pid, one.birth)));
  return alive.includes(true);
}
