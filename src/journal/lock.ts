import { readdir, readFile, rm, truncate } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { birthOf } from '../execution/process-fate.ts';
import { createFile, makeFolder } from './disk.ts';
import { diskFault, errorCode, JournalFault } from './fault.ts';
import { hashLine } from './line.ts';

/*
 * A lock is a file `<name>.<generation>.lock` that says who holds it. The highest generation counts. It is never
 * removed but emptied when it is released, and taking it over means to create the next generation, which the file system
 * lets one process do: so two that find the same stale lock at the same moment cannot both get it, which a lock
 * that is removed and made again would allow.
 */

/** Who holds a lock. */
export interface Holder {
  readonly pid: number;
  /** See birthOf. */
  readonly birth: string;
  readonly host: string;
  readonly operator: string;
  /** What it is held for: the id of a run. */
  readonly run: string;
  /** UTC, ISO 8601. */
  readonly since: string;
}

export interface Lock {
  readonly file: string;
  /** Set where the lock was taken from a process that had died with it. */
  readonly tookOver?: Holder;
  /** Gives the lock back. May be called twice. */
  release(): Promise<void>;
}

export type Locking =
  | { readonly kind: 'locked'; readonly lock: Lock }
  /** `message`: who holds it since when, and what to do. */
  | { readonly kind: 'held'; readonly holder: Holder; readonly message: string };

const record = z.object({
  pid: z.number(),
  birth: z.string(),
  host: z.string(),
  operator: z.string(),
  run: z.string(),
  since: z.string(),
}) satisfies z.ZodType<Holder>;

/** Takes the lock of a run's folder: one process at a time may write its journal. */
export function lockRun(folder: string, run: string, operator: string): Promise<Locking> {
  return takeLock(folder, 'run', run, operator, `The run ${run}`);
}

/**
 * Takes the lock of a target on this machine: one run at a time may change it. `target` is the target's name,
 * or whatever tells the database apart; any text will do.
 */
export function lockTarget(
  stateFolder: string,
  target: string,
  run: string,
  operator: string,
): Promise<Locking> {
  return takeLock(join(stateFolder, 'locks'), lockName(target), run, operator, `The target ${target}`);
}

/** Who holds a run's folder now: a living process, or one on another machine; undefined where nobody does. */
export async function holderOfRun(folder: string): Promise<Holder | undefined> {
  const generation = Math.max(0, ...(await generations(folder, 'run')));
  if (generation === 0) return undefined;
  const found = await readRecord(lockFile(folder, 'run', generation));
  return found && (await isHeld(found)) ? found : undefined;
}

/** A file name from any text: readable, and distinct by a hash where it had to be changed. */
function lockName(text: string): string {
  const plain = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 40);
  return plain === text ? plain : `${plain}-${hashLine(text).slice(0, 8)}`;
}

function lockFile(folder: string, name: string, generation: number): string {
  return join(folder, `${name}.${generation}.lock`);
}

async function takeLock(
  folder: string,
  name: string,
  run: string,
  operator: string,
  what: string,
): Promise<Locking> {
  const mine: Holder = {
    pid: process.pid,
    birth: (await birthOf(process.pid)) ?? 'unknown',
    host: hostname(),
    operator,
    run,
    since: new Date().toISOString(),
  };
  try {
    await makeFolder(folder);
    return await contend(folder, name, mine, what);
  } catch (error) {
    throw diskFault(error, join(folder, `${name}.lock`), 'taken');
  }
}

async function contend(folder: string, name: string, mine: Holder, what: string): Promise<Locking> {
  for (;;) {
    const newest = Math.max(0, ...(await generations(folder, name)));
    const before = newest === 0 ? undefined : await readRecord(lockFile(folder, name, newest));
    if (before && (await isHeld(before)))
      return {
        kind: 'held',
        holder: before,
        message: sentence(what, before, lockFile(folder, name, newest)),
      };
    const file = lockFile(folder, name, newest + 1);
    if (!(await createFile(file, JSON.stringify(mine)))) continue;
    const all = await generations(folder, name);
    if (Math.max(...all) !== newest + 1) {
      // Somebody was two generations ahead while we looked at an old list.
      await rm(file, { force: true });
      continue;
    }
    for (const old of all.filter((n) => n <= newest)) await rm(lockFile(folder, name, old), { force: true });
    const tookOver = before ? { tookOver: before } : {};
    return { kind: 'locked', lock: { file, ...tookOver, release: () => release(file, mine) } };
  }
}

async function release(file: string, mine: Holder): Promise<void> {
  const now = await readRecord(file);
  if (!now || now.pid !== mine.pid || now.birth !== mine.birth || now.since !== mine.since) return;
  // Needs no space on the disk, so it works on a full one.
  await truncate(file, 0);
}

async function generations(folder: string, name: string): Promise<readonly number[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  });
  return names.flatMap((file) => {
    if (!file.startsWith(`${name}.`)) return [];
    const match = /^(\d{1,9})\.lock$/.exec(file.slice(name.length + 1));
    return match ? [Number(match[1])] : [];
  });
}

/** Undefined where nobody holds it. Throws where it is no lock of ours. */
async function readRecord(file: string): Promise<Holder | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
  // Released; or left by a power cut, and then no process of before lives.
  if (text.trim() === '') return undefined;
  try {
    return record.parse(JSON.parse(text));
  } catch {
    throw new JournalFault(
      `${file} is not a lock that Drillbook wrote. Look at it; if nobody needs it, remove it and try again.`,
      file,
    );
  }
}

async function isHeld(found: Holder): Promise<boolean> {
  // The processes of another machine cannot be seen from here: only a person can say that it is gone.
  if (found.host !== hostname()) return true;
  const birth = await birthOf(found.pid);
  return birth !== undefined && (birth === found.birth || birth === 'unknown' || found.birth === 'unknown');
}

function sentence(what: string, holder: Holder, file: string): string {
  const since = holder.since.slice(0, 19).replace('T', ' ');
  const held = `${what} is in the hands of ${holder.operator} since ${since} UTC (run ${holder.run}, process ${holder.pid}`;
  return holder.host === hostname()
    ? `${held} on this machine). Go on there, or stop that run first.`
    : `${held} on ${holder.host}). Go on there, or stop that run first; if that machine is gone for good, remove ${file}.`;
}
