import { leftBehindUnseen } from '../execution/left-behind.ts';
import type { RunEvent } from '../run/event.ts';

interface Unseen {
  readonly command: string;
  readonly attempt: number;
  readonly pid?: number | undefined;
  readonly birth?: string | undefined;
}

/** The fact that a command has ended while nobody watched, with what it left running. `mask` takes secrets away. */
export async function goneUnseen(
  { command, attempt, pid, birth }: Unseen,
  mask: (text: string) => string,
): Promise<RunEvent> {
  const background = pid === undefined ? [] : await leftBehindUnseen(pid, birth, mask);
  return {
    type: 'command-interrupted',
    command,
    attempt,
    alive: false,
    ...(pid === undefined ? {} : { pid }),
    ...(background.length > 0 ? { background } : {}),
  };
}
