import { spawn } from 'node:child_process';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { birthOf, end, type Life, lives } from './life.ts';
import { SandboxProblem } from './problem.ts';
import { readRecord, writeRecord } from './record.ts';

/** The processes of our own that run beside the server. */
export type CompanionName = 'application' | 'supervisor';

const recordOf = (home: string, name: CompanionName) => join(home, `${name}.json`);
export const companionLog = (home: string, name: CompanionName): string => join(home, `${name}.log`);

/** The running companion, or undefined. */
export async function companion(home: string, name: CompanionName): Promise<Life | undefined> {
  const life = await readRecord<Life>(recordOf(home, name));
  return (await lives(life)) ? life : undefined;
}

/**
 * Starts a companion by the hidden command of `entry`, in a session of its own: neither Ctrl+C nor a closed terminal
 * of its starter reaches it. Its output goes to a log in `home`.
 */
export async function startCompanion(
  home: string,
  name: CompanionName,
  entry: string,
  args: readonly string[],
): Promise<Life> {
  const log = await open(companionLog(home, name), 'a', 0o600);
  const child = spawn(process.execPath, [entry, `__sandbox-${name}`, ...args], {
    cwd: home,
    env: withoutPostgres(process.env),
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  });
  child.on('error', () => {});
  child.unref();
  await log.close();
  const birth = child.pid === undefined ? undefined : await birthOf(child.pid);
  if (child.pid === undefined || birth === undefined)
    throw new SandboxProblem(
      `The sandbox's ${name} could not be started from ${entry}. Its log is ${companionLog(home, name)}.`,
    );
  const life = { pid: child.pid, birth };
  await writeRecord(recordOf(home, name), life);
  return life;
}

/** Stops a companion and forgets it. */
export async function stopCompanion(home: string, name: CompanionName): Promise<void> {
  await end(await companion(home, name));
  await rm(recordOf(home, name), { force: true });
}

/** The operator's PG* variables belong to other servers. */
function withoutPostgres(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('PG')));
}
