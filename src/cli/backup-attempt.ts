import { firstLine } from '../backup/error.ts';
import { noteAttempt } from '../backup/health/attempts.ts';
import type { Manifest } from '../backup/manifest.ts';
import { folders } from '../settings/folders.ts';
import { say } from './backup-output.ts';

/**
 * Makes a backup and notes on this machine how that ended, for `backup health`. One that was stopped by a person did
 * not fail. A note that can't be written is told and changes nothing.
 */
export async function attempted(
  target: string,
  store: string,
  signal: AbortSignal,
  task: () => Promise<Manifest>,
): Promise<Manifest> {
  const began = performance.now();
  const note = async (ok: boolean, words: string) => {
    const durationMs = Math.round(performance.now() - began);
    await noteAttempt(folders(process.env).state, {
      target,
      store,
      at: new Date().toISOString(),
      ok,
      durationMs,
      words,
    }).catch((error) =>
      say(`How the backup ended could not be noted for 'backup health': ${firstLine(error)}.`),
    );
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
