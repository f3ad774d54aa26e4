import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readDumps } from './invocation.ts';
import { leftOver } from './left-over.ts';
import { isAlive } from './process-fate.ts';

/** What became of a command whose Drillbook was killed. */
export type Fate =
  | { readonly kind: 'running' }
  /** The shell came to its end by itself, with this exit code. */
  | { readonly kind: 'ended'; readonly code: number }
  /** It is gone and left no word: killed, or replaced by `exec`. */
  | { readonly kind: 'unknown' };

/**
 * What the state folder of a run tells of the shell that was started as process `pid`: a shell writes its state down
 * when it ends, whether or not somebody is there to read it. An EXIT trap of the user's own may change the code
 * afterwards, so such an end counts as unknown. True only until the next command of the run has begun.
 */
export async function fateOf(stateFolder: string, pid: number, birth: string | undefined): Promise<Fate> {
  if (await isAlive(pid, birth)) return { kind: 'running' };
  for (const folder of await leftOver(stateFolder)) {
    const shell = await readFile(join(folder, 'shell'), 'utf8').catch(() => '');
    if (Number(shell) !== pid) continue;
    const dumps = await readDumps(folder);
    if (dumps && !dumps.after.trapped) return { kind: 'ended', code: dumps.after.status };
  }
  return { kind: 'unknown' };
}
