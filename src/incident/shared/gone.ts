import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ObjectStore } from '../../backup/object-store.ts';
import { makeFolder, replaceFile } from '../../journal/disk.ts';
import { journalName } from '../../journal/line.ts';
import { readLines } from '../../journal/read.ts';
import { runFolder } from '../../journal/runs.ts';
import type { Recorded } from '../../run/event.ts';
import { fold } from '../../run/fold.ts';
import type { RecordedEvent, RunState } from '../../run/state.ts';
import { type Claim, claimGone, goneClaim, isOwn } from './claim.ts';
import { liveFileKey, liveFiles, liveKey, liveRunOf } from './keys.ts';
import { readObject } from './objects.ts';
import { settledState } from './portable-state.ts';
import { behind, place } from './take.ts';

/*
 * A machine may be gone before it could hand its run over: stolen, drowned, without a network. What others saw of the
 * run in the shared store is then all there is. It may end a moment too early, and only a person can say that the machine
 * is gone: so whoever takes the run over says so with a reason, and what the copy cannot tell is told as uncertain.
 */

/** A run as others see it in a shared store. */
export interface SharedRun {
  readonly run: string;
  readonly state: RunState;
  /** Who wrote the last fact, and on which machine. */
  readonly operator: string;
  readonly host: string;
  /** When the last fact that the store has was written: UTC, ISO 8601. */
  readonly lastAt: string;
  /** How often it was taken over from a machine that was gone. */
  readonly takeovers: number;
  readonly journal: Buffer;
}

/** A run in a shared store; undefined where there is none. Throws an `Error` where its copy is damaged. */
export async function sharedRun(store: ObjectStore, run: string): Promise<SharedRun | undefined> {
  const journal = await readObject(store, liveKey(run));
  if (!journal) return undefined;
  const { events, broken } = readLines(journal);
  if (broken) throw new Error(`line ${broken.line} of the journal in the store is bad: ${broken.reason}`);
  const [started] = events;
  if (started?.type !== 'run-started' || started.run !== run)
    throw new Error('the journal in the store is that of another run');
  const last = events.at(-1)!;
  return {
    run,
    state: fold(events),
    operator: last.operator,
    host: hostOf(events),
    lastAt: last.time,
    takeovers: takeoversIn(events),
    journal,
  };
}

/** The runs of a store that are not over and were not given away, of those whose journal grew after `since`. */
export async function goingOn(store: ObjectStore, since: Date): Promise<readonly SharedRun[]> {
  const runs: string[] = [];
  for await (const { key, modifiedAt } of store.list({ prefix: 'runs/' })) {
    const run = liveRunOf(key);
    if (run !== undefined && modifiedAt >= since) runs.push(run);
  }
  // What cannot be read is told to whoever asks for that run.
  const found = await Promise.all(runs.map((run) => sharedRun(store, run).catch(() => undefined)));
  return found.filter(
    (one) => one !== undefined && one.state.status !== 'finished' && one.state.status !== 'handed-over',
  ) as readonly SharedRun[];
}

export type GoneTaking =
  | { readonly kind: 'taken'; readonly folder: string; readonly shared: SharedRun }
  | { readonly kind: 'held'; readonly by: Claim | undefined }
  /** This machine knows more of the run, or it is no longer what it was when somebody looked. */
  | { readonly kind: 'unsound'; readonly reason: string };

/**
 * Takes a run over whose machine is gone: claims it in the store, then fetches what the store has of it. Of several who
 * try, one gets it. What was killed in between can be done again. The journal does not say so yet: that is the caller's.
 */
export async function takeGone(
  store: ObjectStore,
  seen: SharedRun,
  stateFolder: string,
  operator: string,
): Promise<GoneTaking> {
  const { run } = seen;
  const folder = runFolder(stateFolder, run);
  const incoming = join(stateFolder, 'runs', `.${run}.incoming`);
  await rm(incoming, { recursive: true, force: true });
  await makeFolder(join(incoming, 'state'));
  try {
    await replaceFile(join(incoming, journalName), seen.journal);
    const fault = await behind(folder, incoming, { run });
    if (fault !== undefined) return { kind: 'unsound', reason: fault };
    const claiming = await claimGone(store, run, seen.takeovers + 1, operator, stateFolder);
    if (claiming.kind === 'taken') return { kind: 'held', by: claiming.by };
    // From here on nobody else writes it: what came in the meantime is part of it.
    const shared = (await sharedRun(store, run)) ?? seen;
    if (shared.state.status === 'finished' || shared.takeovers !== seen.takeovers)
      return { kind: 'unsound', reason: 'it went on in the meantime; look again' };
    await replaceFile(join(incoming, journalName), shared.journal);
    const files = [{ path: journalName }];
    for (const path of liveFiles) {
      const content = await readObject(store, liveFileKey(run, path));
      if (!content) continue;
      const text = path === 'state/shell.json' ? await settledState(content.toString('utf8')) : content;
      await replaceFile(join(incoming, path), text);
      files.push({ path });
    }
    await place(incoming, folder, { files });
    return { kind: 'taken', folder, shared };
  } finally {
    await rm(incoming, { recursive: true, force: true });
  }
}

/** Who has taken this run over because this machine was said to be gone; undefined where nobody has. */
export async function takenFromHere(
  store: ObjectStore,
  run: string,
  events: readonly RecordedEvent[],
  stateFolder: string,
): Promise<Claim | undefined> {
  const claim = await goneClaim(store, run, takeoversIn(events) + 1);
  return claim && !isOwn(claim, stateFolder) ? claim : undefined;
}

function takeoversIn(events: readonly Pick<RecordedEvent, 'type'>[]): number {
  return events.filter(({ type }) => type === 'run-taken-over').length;
}

function hostOf(events: readonly Recorded[]): string {
  const last = events.findLast(
    (event) =>
      event.type === 'run-started' || event.type === 'run-resumed' || event.type === 'run-taken-over',
  );
  return last && 'host' in last ? last.host : 'an unknown machine';
}
