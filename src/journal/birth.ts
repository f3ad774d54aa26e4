import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { errorCode } from './fault.ts';

/**
 * When a process began, as text that no later process with the same number shares; undefined where it is gone or
 * only waits to be reaped. Linux: boot id and start time in clock ticks (proc(5), field 22 of /proc/PID/stat);
 * elsewhere what `ps` tells. `unknown` where the process lives but its beginning cannot be read.
 */
export async function birthOf(pid: number): Promise<string | undefined> {
  return (process.platform === 'linux' ? await fromProc(pid) : await fromPs(pid)) ?? (await bySignal(pid));
}

async function fromProc(pid: number): Promise<string | undefined> {
  try {
    const text = await readFile(`/proc/${pid}/stat`, 'latin1');
    // The name in brackets may hold spaces and brackets: the fields begin behind the last one.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const [state] = fields;
    const started = fields[19];
    if (state === 'Z' || state === 'X' || started === undefined) return undefined;
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'latin1').catch(() => '');
    return `${boot.trim()}:${started}`;
  } catch {
    return undefined;
  }
}

async function fromPs(pid: number): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)('ps', ['-o', 'state=,lstart=', '-p', String(pid)], {
      env: { ...process.env, LC_ALL: 'C' },
    });
    const [state = '', ...started] = stdout.trim().split(/\s+/);
    return state === '' || state.startsWith('Z') ? undefined : started.join(' ');
  } catch {
    return undefined;
  }
}

/** A process of another user may be hidden from /proc; a signal that is not sent tells whether it lives. */
async function bySignal(pid: number): Promise<string | undefined> {
  try {
    process.kill(pid, 0);
    return (await isZombie(pid)) ? undefined : 'unknown';
  } catch (error) {
    return errorCode(error) === 'EPERM' ? 'unknown' : undefined;
  }
}

async function isZombie(pid: number): Promise<boolean> {
  const text = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '');
  return /\) [ZX] /.test(text);
}
