import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { diskFault, errorCode } from './fault.ts';
import { glance, type RunSummary } from './glance.ts';
import { isRunId } from './run-id.ts';

/** The folder of a run. Throws a RangeError where the id could lead elsewhere. */
export function runFolder(stateFolder: string, id: string): string {
  if (!isRunId(id)) throw new RangeError(`${id} is not the id of a run`);
  return join(stateFolder, 'runs', id);
}

/** Every run on this machine, newest first. A folder that cannot be read is listed with what is wrong with it. */
export async function listRuns(stateFolder: string): Promise<readonly RunSummary[]> {
  const ids = await runIds(stateFolder);
  const found: RunSummary[] = [];
  const waiting = [...ids];
  const worker = async (): Promise<void> => {
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop())
      found.push(await glance(runFolder(stateFolder, id), id));
  };
  await Promise.all(Array.from({ length: 16 }, worker));
  return found.sort(
    (a, b) => newestFirst(a.startedAt ?? a.id, b.startedAt ?? b.id) || newestFirst(a.id, b.id),
  );
}

function newestFirst(a: string, b: string): number {
  return a < b ? 1 : a > b ? -1 : 0;
}

export type Finding =
  | { readonly kind: 'found'; readonly id: string; readonly folder: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'ambiguous'; readonly ids: readonly string[] };

/** The one run whose id is, begins with, or ends with (`k3f9`) what was given. */
export async function findRun(stateFolder: string, given: string): Promise<Finding> {
  const ids = await runIds(stateFolder);
  const wanted = given.toLowerCase();
  const matches = ids.includes(wanted)
    ? [wanted]
    : ids.filter((id) => wanted !== '' && (id.startsWith(wanted) || id.endsWith(`-${wanted}`)));
  const [id] = matches;
  if (id === undefined) return { kind: 'none' };
  return matches.length === 1
    ? { kind: 'found', id, folder: runFolder(stateFolder, id) }
    : { kind: 'ambiguous', ids: matches };
}

/** The ids of every run on this machine, newest first, by name. Throws a JournalFault where the folder cannot be read. */
export async function runIds(stateFolder: string): Promise<readonly string[]> {
  const folder = join(stateFolder, 'runs');
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory() && isRunId(entry.name))
      .map((entry) => entry.name)
      .sort(newestFirst);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw diskFault(error, folder, 'read');
  }
}
