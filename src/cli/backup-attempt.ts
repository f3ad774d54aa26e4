import { firstLine } from '../backup/error.ts';
import { noteAttempt } from '../backup/health/attempts.ts';
import { clearFailures, leaveFailure } from '../backup/health/failures.ts';
import type { Manifest } from '../backup/manifest.ts';
import type { Store } from '../backup/store.ts';
import { folders } from '../settings/folders.ts';
import { say } from './backup-output.ts';

/**
 * Makes a backup and notes on this machine how that ended, and a failure beside the backups too, for `backup health` here
 * and elsewhere. One that was stopped by a person did not fail. A note that can't be written changes nothing.
 */
export async function attempted(
  target: string,
  store: Store,
  signal: AbortSignal,
  task: () => Promise<Manifest>,
): Promise<Manifest> {
  const began = performance.now();
  const note = async (ok: boolean, words: string) => {
    const attempt = {
      target,
      store: store.location,
      at: new Date().toISOString(),
      ok,
      durationMs: Math.round(performance.now() - began),
      words,
    };
    await noteAttempt(folders(process.env).state, attempt).catch((error) =>
      say(`How the backup ended could not be noted for 'backup health': ${firstLine(error)}.`),
    );
    // A store that can't be written to is what most failures tell of already.
    await (ok ? clearFailures(store, target) : leaveFailure(store, attempt)).catch(() => {});
  };
  try {
    const made = await task();
    await note(true, made.name);
    return made;
  } catch (error) {
    if (!signal.aborted) await note(false, firstLine(error));
    throw error;
  }
}
