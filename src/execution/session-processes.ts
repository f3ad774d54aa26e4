import { readdir, readFile } from 'node:fs/promises';
import { execa } from 'execa';
import { readStat } from './process-fate.ts';

/** A process that a command left behind. */
export interface SessionProcess {
  readonly pid: number;
  readonly group: number;
  /** Its command line as the system shows it: not yet masked. */
  readonly command: string;
}

/** Living processes of a session, its leader excepted, in the order of their numbers. Zombies are not counted. */
export async function sessionProcesses(leader: number): Promise<SessionProcess[]> {
  return process.platform === 'linux' ? await fromProc(leader) : await fromPs(leader);
}

/**
 * Every process group that a signal for a command is meant for: that of its shell, those of its session (`set -m` makes
 * one for each pipeline), and, where the system tells, those of descendants that left the session (`setsid psql`).
 */
export async function sessionGroups(leader: number): Promise<number[]> {
  if (process.platform === 'linux') return await groupsFromProc(leader);
  const processes = await sessionProcesses(leader);
  return [...new Set([leader, ...processes.map((process) => process.group)])];
}

async function groupsFromProc(leader: number): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const stats = (await Promise.all(pids.map(readStat))).filter((stat) => typeof stat === 'object');
  const parents = new Map(stats.map(({ pid, parent }) => [pid, parent]));
  const descends = (pid: number): boolean => {
    // A chain is never longer than there are processes, whatever was read while they came and went.
    let at: number | undefined = pid;
    for (let steps = 0; at !== undefined && at > 1 && steps <= stats.length; steps++) {
      if (at === leader) return true;
      at = parents.get(at);
    }
    return false;
  };
  const own = stats.filter(({ pid, session }) => session === leader || descends(pid));
  return [...new Set([leader, ...own.map(({ group }) => group)])];
}

async function fromProc(leader: number): Promise<SessionProcess[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(
    pids.map(async (pid) => {
      const stat = pid === leader ? undefined : await readStat(pid);
      if (!stat || stat === 'no-proc' || stat.session !== leader || stat.state === 'Z' || stat.state === 'X')
        return undefined;
      const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      return { pid, group: stat.group, command: line.replaceAll('\0', ' ').trim() || `process ${pid}` };
    }),
  );
  return found.filter((process) => process !== undefined).sort((a, b) => a.pid - b.pid);
}

async function fromPs(leader: number): Promise<SessionProcess[]> {
  // A session's number means different things to different `ps`; the group of the leader is the same everywhere.
  const { stdout } = await execa('ps', ['-axo', 'pid=,pgid=,stat=,command='], {
    reject: false,
    env: { LC_ALL: 'C' },
  });
  return stdout.split('\n').flatMap((line) => {
    const [, pid, group, state, command] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    if (Number(group) !== leader || Number(pid) === leader || state!.startsWith('Z')) return [];
    return [{ pid: Number(pid), group: leader, command: command! }];
  });
}
