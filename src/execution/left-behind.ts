import type { BackgroundProcess } from '../run/event.ts';
import { birthOf, isOfThisBoot } from './process-fate.ts';
import { sessionProcesses } from './session-processes.ts';

/** What still runs of a command's session beside its shell. `mask` takes the secrets out of the command lines. */
export async function leftBehind(
  leader: number | undefined,
  mask: (text: string) => string,
): Promise<BackgroundProcess[]> {
  if (leader === undefined) return [];
  const processes = await sessionProcesses(leader);
  return await Promise.all(
    processes.map(async ({ pid, command }) => {
      const birth = await birthOf(pid);
      return { pid, command: mask(command), ...(birth === undefined ? {} : { birth }) };
    }),
  );
}

/**
 * The same for a shell that ended while nobody watched. Nothing where its number may mean another session by now: after
 * another start of the machine, or where a later process has it.
 */
export async function leftBehindUnseen(
  leader: number,
  birth: string | undefined,
  mask: (text: string) => string,
): Promise<BackgroundProcess[]> {
  if (!(await isOfThisBoot(birth)) || (await birthOf(leader)) !== undefined) return [];
  return await leftBehind(leader, mask);
}
