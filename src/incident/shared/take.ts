import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ObjectStore } from '../../backup/object-store.ts';
import { makeFolder, replaceFile, syncFolder } from '../../journal/disk.ts';
import { journalName } from '../../journal/line.ts';
import { holderOfRun } from '../../journal/lock.ts';
import { readLines } from '../../journal/read.ts';
import { runFolder } from '../../journal/runs.ts';
import { type Claim, claimRun } from './claim.ts';
import { type Handover, handovers } from './give.ts';
import { fileKey } from './keys.ts';
import { readObject } from './objects.ts';
import { settledState } from './portable-state.ts';

export type Taking =
  | { readonly kind: 'taken'; readonly handover: Handover; readonly folder: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'held'; readonly handover: Handover; readonly by: Claim | undefined }
  /** What arrived is not what was given, or this machine knows more of the run: nothing was taken. */
  | { readonly kind: 'unsound'; readonly reason: string };

/**
 * Fetches a run that was handed over through a store, so that it can be gone on with here. Everything is fetched and
 * proved against the notice and the chain before the run is claimed; of several who try, one gets it. What was killed
 * in between can be done again. Errors of the store pass through.
 */
export async function takeRun(
  store: ObjectStore,
  run: string,
  stateFolder: string,
  operator: string,
): Promise<Taking> {
  const [handover] = await handovers(store, run);
  if (!handover) return { kind: 'none' };
  const folder = runFolder(stateFolder, run);
  const incoming = join(stateFolder, 'runs', `.${run}.incoming`);
  await rm(incoming, { recursive: true, force: true });
  await makeFolder(incoming);
  try {
    const fault = (await fetchInto(incoming, store, handover)) ?? (await behind(folder, incoming, handover));
    if (fault !== undefined) return { kind: 'unsound', reason: fault };
    const claiming = await claimRun(store, run, handover.seq, operator, stateFolder);
    if (claiming.kind === 'taken') return { kind: 'held', handover, by: claiming.by };
    await place(incoming, folder, handover);
    return { kind: 'taken', handover, folder };
  } finally {
    await rm(incoming, { recursive: true, force: true });
  }
}

async function fetchInto(
  incoming: string,
  store: ObjectStore,
  { run, seq, head, files }: Handover,
): Promise<string | undefined> {
  for (const { path, bytes, sha256 } of files) {
    if (!/^(?!\.)[\w.-]+(\/(?!\.)[\w.-]+)*$/.test(path)) return `${path} is no name of a file of a run`;
    const content = await readObject(store, fileKey(run, seq, path));
    const arrived = content && createHash('sha256').update(content).digest('hex');
    if (!content || content.length !== bytes || arrived !== sha256)
      return `${path} is not what was given (${content ? `${content.length} of ${bytes} bytes` : 'it is missing'})`;
    await makeFolder(dirname(join(incoming, path)));
    const text = path === 'state/shell.json' ? await settledState(content.toString('utf8')) : content;
    await replaceFile(join(incoming, path), text);
  }
  const journal = await readFile(join(incoming, journalName)).catch(() => undefined);
  if (!journal) return 'there is no journal in it';
  const { broken, head: end, events } = readLines(journal);
  if (broken) return `line ${broken.line} of its journal is bad: ${broken.reason}`;
  if (end.seq !== head.seq || end.hash !== head.hash)
    return 'its journal does not end as the notice says that it does';
  const [started] = events;
  return started?.type === 'run-started' && started.run === run
    ? undefined
    : 'its journal is that of another run';
}

/** A run that has been here before may only be replaced by what continues it. */
export async function behind(
  folder: string,
  incoming: string,
  { run }: Pick<Handover, 'run'>,
): Promise<string | undefined> {
  const own = await readFile(join(folder, journalName)).catch(() => undefined);
  if (!own) return undefined;
  const theirs = await readFile(join(incoming, journalName));
  if (own.equals(theirs.subarray(0, own.length))) return undefined;
  return `the run ${run} is on this machine with facts that are not in what was given: look at both (drillbook log show ${run}; drillbook watch ${run})`;
}

/** Puts what was fetched into `incoming` where it belongs. Throws where somebody here has the run in hand. */
export async function place(
  incoming: string,
  folder: string,
  { files }: { readonly files: readonly { readonly path: string }[] },
): Promise<void> {
  const holder = await holderOfRun(folder).catch(() => undefined);
  if (holder) throw new Error(`${folder} is in the hands of ${holder.operator} (process ${holder.pid})`);
  await mkdir(dirname(folder), { recursive: true });
  // What is here and was not given (locks of before) stays; the journal comes last, for it makes the run.
  await makeFolder(folder);
  const ordered = files.toSorted((a, b) => Number(a.path === journalName) - Number(b.path === journalName));
  for (const { path } of ordered) {
    await makeFolder(dirname(join(folder, path)));
    await rename(join(incoming, path), join(folder, path));
  }
  await syncFolder(folder);
}
