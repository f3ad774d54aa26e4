import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { birthOf } from '../execution/process-fate.ts';

export { birthOf } from '../execution/process-fate.ts';

/** A process, told from a later one with the same number. */
export interface Life {
  readonly pid: number;
  /** When the kernel started it, in words of its own; only good for comparing. */
  readonly birth: string;
}

const run = promisify(execFile);

/** The words of a process's command line, joined by spaces; empty where there is no such process. */
export async function commandLineOf(pid: number): Promise<string> {
  try {
    if (process.platform === 'linux')
      return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0').join(' ').trim();
    return (
      await run('ps', ['-ww', '-o', 'command=', '-p', String(pid)], {
        env: { LC_ALL: 'C' },
      })
    ).stdout.trim();
  } catch {
    return '';
  }
}

/** True while exactly this process lives. */
export async function lives(life: Life | undefined): Promise<boolean> {
  return life !== undefined && (await birthOf(life.pid)) === life.birth;
}

/** The life of this very process. */
export async function ownLife(): Promise<Life> {
  return { pid: process.pid, birth: (await birthOf(process.pid)) ?? 'unknown' };
}

/** Sends a signal; a process that is gone already is no error. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Waits until the condition holds, asking every `every` ms; false where it does not within `within` ms. */
export async function eventually(
  condition: () => Promise<boolean> | boolean,
  within: number,
  every = 25,
): Promise<boolean> {
  const end = performance.now() + within;
  for (;;) {
    if (await condition()) return true;
    if (performance.now() >= end) return false;
    await new Promise((resolve) => setTimeout(resolve, every));
  }
}

/** Ends a process of ours: SIGTERM, then SIGKILL after `grace` ms. Nothing happens where it does not live any more. */
export async function end(life: Life | undefined, grace = 5000): Promise<void> {
  if (life === undefined || !(await lives(life))) return;
  signal(life.pid, 'SIGTERM');
  if (await eventually(async () => !(await lives(life)), grace)) return;
  signal(life.pid, 'SIGKILL');
  await eventually(async () => !(await lives(life)), grace);
}
