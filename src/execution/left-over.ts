import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readDumps, scratchPrefix } from './invocation.ts';
import { isAlive } from './process-fate.ts';
import { advance, type ShellState, saveState } from './shell-state.ts';

/**
 * Takes over what commands left whose Drillbook was killed: the shell may have gone on to its end and saved its state,
 * which nobody read. Scratch folders of dead shells are removed, for they hold values; that of a living one stays.
 * Returns the state to go on with.
 */
export async function adoptLeftOver(stateFolder: string, state: ShellState): Promise<ShellState> {
  let current = state;
  for (const folder of await leftOver(stateFolder)) {
    const shell = await readFile(join(folder, 'shell'), 'utf8').catch(() => '');
    if (/^\d+$/.test(shell) && (await isAlive(Number(shell), undefined))) continue;
    const dumps = await readDumps(folder);
    if (dumps) {
      current = advance(current, dumps.before, dumps.after).state;
      await saveState(stateFolder, current);
    }
    await rm(folder, { recursive: true, force: true });
  }
  return current;
}

/** The scratch folders of commands that nobody saw the end of, the oldest first. */
export async function leftOver(stateFolder: string): Promise<string[]> {
  const names = await readdir(stateFolder).catch(() => []);
  const folders = names
    .filter((name) => name.startsWith(scratchPrefix))
    .map((name) => join(stateFolder, name));
  const dated = await Promise.all(
    folders.map(async (folder) => ({ folder, at: (await stat(folder)).mtimeMs })),
  );
  return dated.sort((a, b) => a.at - b.at).map(({ folder }) => folder);
}
