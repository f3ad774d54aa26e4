import { randomBytes } from 'node:crypto';
import { chmod, lstat, mkdir, mkdtemp, readdir, readlink, rename, rm, stat, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { volatileName, volatilePlace } from './volatile-place.ts';

/**
 * A command's scratch folder holds its variables, secrets among them. It lies in memory where the machine has a place for
 * that, and the run's state folder has a link to it, by which it is found again; where there is no such place it lies in
 * the state folder itself. What a folder in memory held is gone with the machine's power, and then the link leads nowhere.
 */

/** What the names of scratch folders begin with, in a state folder. */
const prefix = 'command-';
/** What one is called while it is being removed. */
const endedPrefix = 'ended-';

/**
 * Makes a scratch folder of its own, for its owner alone, and gives its path in `stateFolder`, which is made with mode
 * 0700 where it is missing. `place` is a folder in memory; undefined where the machine has none.
 */
export async function makeScratch(stateFolder: string, place = volatilePlace()): Promise<string> {
  await mkdir(stateFolder, { recursive: true, mode: 0o700 });
  await chmod(stateFolder, 0o700);
  const memory = await place;
  if (memory === undefined) return mkdtemp(join(stateFolder, prefix));
  const held = await mkdtemp(join(memory, `${basename(dirname(stateFolder))}-`));
  const link = join(stateFolder, `${prefix}${randomBytes(6).toString('hex')}`);
  await symlink(held, link);
  return link;
}

/** The scratch folders of commands that nobody saw the end of, the oldest first. */
export async function scratchFolders(stateFolder: string): Promise<string[]> {
  const folders = await named(stateFolder, prefix);
  const dated = await Promise.all(
    folders.map(async (folder) => ({ folder, at: (await stat(folder).catch(() => lstat(folder))).mtimeMs })),
  );
  return dated.sort((a, b) => a.at - b.at).map(({ folder }) => folder);
}

/** Whether what a command left is still there: memory is emptied with the machine, and by some with the last login. */
export async function isHeld(folder: string): Promise<boolean> {
  return stat(folder).then(
    () => true,
    () => false,
  );
}

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
  await removeWhole(renamed);
}

/** Finishes removals that were cut off. */
export async function removeEnded(stateFolder: string): Promise<void> {
  for (const folder of await named(stateFolder, endedPrefix)) await removeWhole(folder);
}

/** Removes the state of a run whole, with what of it lies in memory. */
export async function removeState(stateFolder: string): Promise<void> {
  await removeEnded(stateFolder);
  for (const folder of await named(stateFolder, prefix)) await removeScratch(folder);
  await rm(stateFolder, { recursive: true, force: true });
}

/** The folder in memory goes first: without its link nobody would find it. */
async function removeWhole(folder: string): Promise<void> {
  const held = await readlink(folder).catch(() => undefined);
  // A link that we did not make is not followed to anything.
  if (held !== undefined && basename(dirname(held)) === volatileName())
    await rm(held, { recursive: true, force: true });
  await rm(folder, { recursive: true, force: true });
}

async function named(stateFolder: string, beginning: string): Promise<string[]> {
  const names = await readdir(stateFolder).catch(() => []);
  return names.filter((name) => name.startsWith(beginning)).map((name) => join(stateFolder, name));
}
