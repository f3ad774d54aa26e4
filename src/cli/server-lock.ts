import { lockDatabase } from '../backup/run-lock.ts';
import type { RunEvent } from '../run/event.ts';
import { withDatabase } from '../settings/connection.ts';
import type { ReadyTarget } from '../settings/targets.ts';
import { exit, Refusal } from './exit.ts';

export interface ServerLock {
  /** To be journaled: why there is no lock, where there is none. */
  readonly notes: readonly RunEvent[];
  release(): Promise<void>;
}

/**
 * Takes the lock of a target on its own server, which stops a run from another machine. Throws a `Refusal` that says
 * who holds it. A server that cannot be asked is no reason against a run: it may be what the run is for.
 */
export async function lockOnServer(
  ready: ReadyTarget | undefined,
  run: string,
  operator: string,
): Promise<ServerLock> {
  if (ready?.target.engine !== 'postgres') return { notes: [], release: async () => {} };
  const locking = await lockDatabase(withDatabase(ready.url, 'postgres'), ready.target.database, {
    run,
    operator,
  });
  switch (locking.kind) {
    case 'locked':
      return { notes: [], release: () => locking.lock.release() };
    case 'held':
      throw new Refusal(locking.message, exit.failed);
    case 'unavailable':
      return { notes: [{ type: 'note-added', text: locking.message }], release: async () => {} };
  }
}
