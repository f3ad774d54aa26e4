import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Life, lives, ownLife } from './life.ts';
import { readRecord, writeRecord } from './record.ts';

/**
 * Who needs the sandbox: one file a process, and a file `standing` where somebody started it to stay. A file, not a
 * list in one, so that no process rewrites what another one wrote.
 */
const folder = (home: string) => join(home, 'owners');
const standing = (home: string) => join(folder(home), 'standing');

/** What somebody said, and can take back. */
export interface Claim {
  withdraw(): Promise<void>;
}

/** A process may open the sandbox twice; each opening counts. */
let opened = 0;

/** Says that this process needs the sandbox until it ends. */
export async function own(home: string): Promise<Claim> {
  await mkdir(folder(home), { recursive: true, mode: 0o700 });
  const path = join(folder(home), `${process.pid}-${++opened}.json`);
  await writeRecord(path, await ownLife());
  return { withdraw: () => rm(path, { force: true }) };
}

/** Says that the sandbox stays until it is stopped. Withdrawn, it is as it was before. */
export async function stay(home: string): Promise<Claim> {
  await mkdir(folder(home), { recursive: true, mode: 0o700 });
  const before = (await owners(home)).standing;
  await writeFile(standing(home), '', { mode: 0o600 });
  return { withdraw: async () => (before ? undefined : forgetStanding(home)) };
}

export interface Owners {
  /** It stays until it is stopped. */
  readonly standing: boolean;
  readonly processes: readonly Life[];
}

/** Who needs the sandbox now. Files of processes that are gone are removed on the way. */
export async function owners(home: string): Promise<Owners> {
  const names = await readdir(folder(home)).catch((): string[] => []);
  const processes: Life[] = [];
  for (const name of names.filter((n) => /^\d+-\d+\.json$/.test(n))) {
    const life = await readRecord<Life>(join(folder(home), name));
    if (await lives(life)) processes.push(life as Life);
    else await rm(join(folder(home), name), { force: true });
  }
  return { standing: names.includes('standing'), processes };
}

/** Forgets that the sandbox was to stay. */
export async function forgetStanding(home: string): Promise<void> {
  await rm(standing(home), { force: true });
}
