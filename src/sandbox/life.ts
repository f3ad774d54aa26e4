import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** A process, told from a later one with the same number. */
export interface Life {
  readonly pid: number;
  /** When the kernel started it, in words of its own; only good for comparing. */
  readonly birth: string;
}

const run = promisify(execFile);

/**
 * The birth of a process, or undefined where none of that number lives. A zombie does not live: it only waits to be
 * collected. Linux: boot id and field 22 of /proc/PID/stat (proc(5)); elsewhere what `ps` says.
 */
export async function birthOf(pid: number): Promise<string | undefined> {
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
  if (process.platform === 'linux') {
    try {
      const stat = await readFile(`/proc/${pid}/stat`, 'latin1');
      // The name in field 2 may hold spaces and parentheses: count from its last parenthesis.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
      const boot = (await readFile('/proc/sys/kernel/random/boot_id', 'latin1')).trim();
      return `${boot}:${fields[19]}`;
    } catch {
      return undefined;
    }
  }
  try {
    const { stdout } = await run('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { env: { LC_ALL: 'C' } });
    const line = stdout.trim();
    return line === '' || line.startsWith('Z') ? undefined : line.replace(/^\S+\s+/, '');
  } catch {
    return undefined;
  }
}

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
