import { readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { readDumps, scratchPrefix } from './invocation.ts';
import { isAlive } from './process-fate.ts';
import { advance, type ShellState, saveState } from './shell-state.ts';

/**
 * Takes over what commands left whose Drillbook was killed: the shell may have gone on to its end and saved its state,
 * which nobody read. Scratch folders of dead shells are removed, for they hold values; that of a living one stays.
 * Returns the state to go on with.
 */
export async function adoptLeftOver(
  stateFolder: string,
  state: ShellState,
  mask: (text: string) => string,
): Promise<ShellState> {
  let current = state;
  for (const folder of await foldersOf(stateFolder, endedPrefix))
    await rm(folder, { recursive: true, force: true });
  for (const folder of await leftOver(stateFolder)) {
    const shell = await readFile(join(folder, 'shell'), 'utf8').catch(() => '');
    if (/^\d+$/.test(shell) && (await isAlive(Number(shell), undefined))) continue;
    const dumps = await readDumps(folder);
    if (dumps) {
      current = advance(current, dumps.before, dumps.after).state;
      await saveState(stateFolder, current, mask);
    }
    await removeScratch(folder);
  }
  return current;
}

/** What a scratch folder is called while it is being removed. */
const endedPrefix = 'ended-';

/**
 * Removes a command's scratch folder. It is renamed first: half of one would tell another story of the command than the
 * whole one.
 */
export async function removeScratch(folder: string): Promise<void> {
  const ended = join(dirname(folder), `${endedPrefix}${basename(folder)}`);
  const renamed = await rename(folder, ended).then(
    () => ended,
    () => folder,
  );
  await rm(renamed, { recursive: true, force: true });
}

/** The scratch folders of commands that nobody saw the end of, the oldest first. */
export async function leftOver(stateFolder: string): Promise<string[]> {
  const folders = await foldersOf(stateFolder, scratchPrefix);
  const dated = await Promise.all(
    folders.map(async (folder) => ({ folder, at: (await stat(folder)).mtimeMs })),
  );
  return dated.sort((a, b) => a.at - b.at).map(({ folder }) => folder);
}

async function foldersOf(stateFolder: string, prefix: string): Promise<string[]> {
  const names = await readdir(stateFolder).catch(() => []);
  return names.filter((name) => name.startsWith(prefix)).map((name) => join(stateFolder, name));
}
