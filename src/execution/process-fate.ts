import { readFile } from 'node:fs/promises';
import { execa } from 'execa';

/**
 * When the kernel started a process: clock ticks since boot with the boot's id on Linux (field 22 of
 * proc_pid_stat(5)), the start time in words elsewhere. Tells a process from a later one with the same number.
 * Undefined where there is no such process.
 */
export async function birthOf(pid: number): Promise<string | undefined> {
  const stat = await readStat(pid);
  if (stat === 'no-proc') return await birthByPs(pid);
  if (!stat || stat.state === 'Z' || stat.state === 'X') return undefined;
  return `${stat.started}@${await bootId()}`;
}

/** Whether the very process that had this birth is still there; a zombie is not. Without a birth the number decides. */
export async function isAlive(pid: number, birth: string | undefined): Promise<boolean> {
  const now = await birthOf(pid);
  return now !== undefined && (birth === undefined || now === birth);
}

export interface ProcessStat {
  readonly pid: number;
  readonly state: string;
  readonly group: number;
  readonly session: number;
  /** Clock ticks since boot. */
  readonly started: number;
}

/** Reads `/proc/<pid>/stat`. `no-proc` where this system has no such files. */
export async function readStat(pid: number): Promise<ProcessStat | undefined | 'no-proc'> {
  if (process.platform !== 'linux') return 'no-proc';
  let text: string;
  try {
    text = await readFile(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return undefined;
  }
  // The name in brackets may hold spaces and brackets of its own: count from the last bracket.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return {
    pid,
    state: fields[0]!,
    group: Number(fields[2]),
    session: Number(fields[3]),
    started: Number(fields[19]),
  };
}

let boot: Promise<string> | undefined;

function bootId(): Promise<string> {
  boot ??= readFile('/proc/sys/kernel/random/boot_id', 'latin1').then(
    (id) => id.trim(),
    () => '',
  );
  return boot;
}

async function birthByPs(pid: number): Promise<string | undefined> {
  const { stdout, exitCode } = await execa('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
    reject: false,
    env: { LC_ALL: 'C', TZ: 'UTC' },
  });
  const [state, ...started] = stdout.trim().split(/\s+/);
  return exitCode !== 0 || !state || state.startsWith('Z') ? undefined : started.join(' ');
}
