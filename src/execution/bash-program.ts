import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';

/** Where bash is: the first on PATH, or in one of the usual places. Undefined where there is none. */
export async function findBash(
  path: string = process.env.PATH ?? '',
  usual: readonly string[] = ['/bin', '/usr/bin', '/usr/local/bin'],
): Promise<string | undefined> {
  const folders = [...path.split(':').filter((folder) => folder.startsWith('/')), ...usual];
  for (const folder of folders) {
    const candidate = join(folder, 'bash');
    try {
      await access(candidate, constants.X_OK);
      return candidate;
    } catch {
      // Not there; the next folder may have it.
    }
  }
  return undefined;
}

export const bashMissing =
  'bash was not found on PATH, and runbook commands are bash. Install bash (for example: apk add bash), or put the folder that holds it on PATH, then run the step again.';
