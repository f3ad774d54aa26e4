import { hostname } from 'node:os';
import { z } from 'zod';
import { type Backup, type Catalog, readCatalog, readText, targetOf } from './catalog.ts';
import { markerFile, once } from './create.ts';
import { BackupError } from './error.ts';
import { manifestFile } from './manifest.ts';
import { stamp } from './name.ts';
import { holds } from './pin.ts';
import { type Candidate, isEmpty, type Judged, judgeRetention, type Policy } from './retention.ts';
import type { Store } from './store.ts';
import { isVerified } from './verification.ts';

const lockFile = 'prune.lock.json';
const lockSchema = z.object({ host: z.string(), pid: z.number(), at: z.string() });

export interface PrunePlan {
  readonly target: string;
  readonly policy: Policy;
  readonly judged: readonly Judged<PruneCandidate>[];
}

export interface PruneCandidate extends Candidate {
  readonly file: string;
  readonly bytes: number;
}

/**
 * What a policy would keep and let go of one target's backups. Dumps without a manifest, damaged and partial backups
 * are never let go: nobody knows what would be lost. Throws a `BackupError` for an empty policy.
 */
export function planPrune(catalog: Catalog, target: string, policy: Policy, now: Date): PrunePlan {
  if (isEmpty(policy))
    throw new BackupError(
      'unsafe',
      'The retention policy keeps nothing. Give at least one rule, e.g. daily 7.',
    );
  const candidates = catalog.backups
    .filter((one) => targetOf(one) === target)
    .map((one) => candidate(one, now));
  return { target, policy, judged: judgeRetention(candidates, policy, now) };
}

/**
 * Removes what a plan lets go, after judging again under the store's lock: a backup goes only where the plan that was
 * shown and the one of this moment agree. What was removed, and why, is kept in the store as `pruned-….json`. Throws a
 * `BackupError` where another prune is at work.
 */
export async function prune(store: Store, plan: PrunePlan, now: Date): Promise<readonly PruneCandidate[]> {
  const shown = new Set(plan.judged.filter((one) => !one.keep).map((one) => one.backup.name));
  if (shown.size === 0) return [];
  await lock(store);
  try {
    const present = planPrune(await readCatalog(store), plan.target, plan.policy, now);
    const going = present.judged
      .filter((one) => !one.keep && shown.has(one.backup.name))
      .map((one) => one.backup);
    if (going.length === 0) return [];
    // The log goes first: a removal that nobody can explain is worse than a line about one that did not happen.
    await log(store, plan, going);
    for (const one of going) await removeBackup(store, one.name);
    return going;
  } finally {
    await store.remove(lockFile);
  }
}

/**
 * Removes a backup with all that stands beside it. Behind a marker, so that a crash in between leaves something that
 * is not called a backup; the marker goes last.
 */
async function removeBackup(store: Store, name: string): Promise<void> {
  const marker = {
    name,
    host: hostname(),
    pid: process.pid,
    startedAt: new Date().toISOString(),
    removing: true,
  };
  await store.write(markerFile(name), once(`${JSON.stringify(marker)}\n`)).catch((error) => {
    if (!(error instanceof BackupError && error.kind === 'already-there')) throw error;
  });
  await store.remove(manifestFile(name));
  for (const { file } of await store.list())
    if (file.startsWith(`${name}.`) && file !== markerFile(name)) await store.remove(file);
  await store.remove(markerFile(name));
}

async function lock(store: Store): Promise<void> {
  const mine = () =>
    store.write(
      lockFile,
      once(`${JSON.stringify({ host: hostname(), pid: process.pid, at: new Date().toISOString() })}\n`),
    );
  try {
    await mine();
  } catch (error) {
    if (!(error instanceof BackupError && error.kind === 'already-there')) throw error;
    const text = await readText(store, lockFile).catch(() => undefined);
    const holder = lockSchema.safeParse(parse(text));
    const who = holder.success
      ? `process ${holder.data.pid} on ${holder.data.host} since ${holder.data.at}`
      : 'somebody';
    throw new BackupError(
      'unsafe',
      `Another prune of ${store.location} is at work (${who}). If it was killed, remove ${store.locate(lockFile)} and try again.`,
      error,
    );
  }
}

async function log(store: Store, plan: PrunePlan, going: readonly PruneCandidate[]): Promise<void> {
  const at = new Date();
  const record = {
    schema: 1,
    at: at.toISOString(),
    host: hostname(),
    target: plan.target,
    policy: plan.policy,
    removed: going.map(({ name, file, bytes, takenAt }) => ({
      name,
      file,
      bytes,
      takenAt: takenAt.toISOString(),
    })),
  };
  for (let turn = 1; ; turn += 1) {
    try {
      await store.write(
        `pruned-${stamp(at)}-${turn}.json`,
        once(`${JSON.stringify(record, undefined, 1)}\n`),
      );
      return;
    } catch (error) {
      if (!(error instanceof BackupError && error.kind === 'already-there') || turn > 100) throw error;
    }
  }
}

function candidate(one: Backup, now: Date): PruneCandidate {
  const exempt =
    one.damage !== undefined
      ? 'damaged, to be looked at'
      : one.manifest === undefined
        ? 'no manifest'
        : one.manifest.selection !== undefined
          ? 'partial'
          : undefined;
  return {
    name: one.name,
    file: one.file,
    bytes: one.bytes,
    takenAt: one.takenAt,
    verified: one.damage === undefined && isVerified(one.verifications),
    ...(holds(one.pin, now) ? { pinned: one.pin.reason } : {}),
    ...(exempt === undefined ? {} : { exempt }),
  };
}

function parse(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
