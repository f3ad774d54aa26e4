import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { readDumps } from './invocation.ts';
import { isAlive, isOfThisBoot } from './process-fate.ts';
import { isHeld, scratchFolders } from './scratch-folder.ts';
import { begunMark } from './start-gate.ts';

/** What became of a command whose Drillbook was killed. */
export type Fate =
  | { readonly kind: 'running' }
  /** Its shell waited to be let in, and ended: nothing of its text ran. */
  | { readonly kind: 'never-began' }
  /** The shell came to its end by itself, with this exit code. */
  | { readonly kind: 'ended'; readonly code: number }
  /** It is gone and left no word: killed, or replaced by `exec`. */
  | { readonly kind: 'unknown' };

/** A shell that waits for a Drillbook which is gone sees so within a second; a machine may be busy. Milliseconds. */
const mostWaiting = 5000;
const lookEvery = 20;

/**
 * What the state folder of a run tells of the shell that was started as process `pid`: a shell makes a mark when it
 * begins with its text, and writes its state down when it ends, whether or not somebody is there to read it. An EXIT
 * trap of the user's own may change the code afterwards, so such an end counts as unknown. Where the shell still waits to
 * begin, so does this. True only until the next command of the run has begun.
 */
export async function fateOf(stateFolder: string, pid: number, birth: string | undefined): Promise<Fate> {
  for (let waited = 0; await isAlive(pid, birth); waited += lookEvery) {
    const at = await scratchFolderOf(stateFolder, pid);
    const isSettled = at === undefined || (await hasBegun(at)) || !(await isHeld(at));
    if (isSettled || waited >= mostWaiting) return { kind: 'running' };
    await setTimeout(lookEvery);
  }
  const folder = await scratchFolderOf(stateFolder, pid);
  if (folder === undefined || !(await isHeld(folder))) return { kind: 'unknown' };
  if (!(await hasBegun(folder))) {
    // A machine that lost its power may have lost the mark of a command that began.
    return { kind: (await isOfThisBoot(birth)) ? 'never-began' : 'unknown' };
  }
  const dumps = await readDumps(folder);
  if (dumps && !dumps.after.trapped) return { kind: 'ended', code: dumps.after.status };
  return { kind: 'unknown' };
}

/**
 * The folder in which the shell with that number wrote it down; else the one in which none has yet, which is the last
 * command's: those before it were taken over when it began.
 */
async function scratchFolderOf(stateFolder: string, pid: number): Promise<string | undefined> {
  let unclaimed: string | undefined;
  for (const folder of await scratchFolders(stateFolder)) {
    const shell = await readFile(join(folder, 'shell'), 'utf8').catch(() => '');
    if (Number(shell) === pid) return folder;
    if (shell === '') unclaimed = folder;
  }
  return unclaimed;
}

async function hasBegun(folder: string): Promise<boolean> {
  return access(join(folder, begunMark)).then(
    () => true,
    () => false,
  );
}
