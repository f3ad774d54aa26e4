import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/**
 * When the kernel started a process, as text that no later process with the same number shares: clock ticks since boot
 * with the boot's id on Linux (field 22 of proc_pid_stat(5)), the start time in words elsewhere. Undefined where there is
 * no such process, or only a zombie that waits to be collected. `unknown` where it lives but is hidden from us.
 */
export async function birthOf(pid: number): Promise<string | undefined> {
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
  const stat = await readStat(pid);
  if (stat === 'no-proc') return (await birthByPs(pid)) ?? hidden(pid);
  if (stat === undefined) return hidden(pid);
  if (stat.state === 'Z' || stat.state === 'X') return undefined;
  return `${stat.started}@${await bootId()}`;
}

/**
 * Whether the very process that had this birth is still there; a zombie is not. Where one of the births is not known the
 * number decides.
 */
export async function isAlive(pid: number, birth: string | undefined): Promise<boolean> {
  const now = await birthOf(pid);
  return (
    now !== undefined && (birth === undefined || birth === 'unknown' || now === 'unknown' || now === birth)
  );
}

/** Whether a process with this birth was started since the machine was; false where a birth does not tell. */
export async function isOfThisBoot(birth: string | undefined): Promise<boolean> {
  const boot = await bootId();
  return boot !== '' && birth !== undefined && birth.endsWith(`@${boot}`);
}

/** A process of another user may be hidden from the listing; the refusal of a signal tells that it lives. */
function hidden(pid: number): 'unknown' | undefined {
  try {
    process.kill(pid, 0);
    // It may be signalled, so it is ours, and ours are never hidden: it has ended in this very moment.
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? 'unknown' : undefined;
  }
}

export interface ProcessStat {
  readonly pid: number;
  readonly state: string;
  readonly parent: number;
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
    parent: Number(fields[1]),
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
  try {
    const { stdout } = await promisify(execFile)('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
      env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
    });
    const [state, ...started] = stdout.trim().split(/\s+/);
    return !state || state.startsWith('Z') ? undefined : started.join(' ');
  } catch {
    return undefined;
  }
}
