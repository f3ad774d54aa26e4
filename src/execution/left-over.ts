import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readDumps } from './invocation.ts';
import { isAlive } from './process-fate.ts';
import { removeEnded, removeScratch, scratchFolders } from './scratch-folder.ts';
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
  await removeEnded(stateFolder);
  for (const folder of await scratchFolders(stateFolder)) {
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
