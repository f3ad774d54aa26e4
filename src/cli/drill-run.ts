import { join, resolve } from 'node:path';
import { type Backup, readCatalog } from '../backup/catalog.ts';
import { parseLogin } from '../backup/engines/postgres/login.ts';
import { BackupError } from '../backup/error.ts';
import { readKeys } from '../backup/keys.ts';
import type { Store } from '../backup/store.ts';
import { openStore } from '../backup/stores/open.ts';
import { DrillConduct } from '../drill/conduct.ts';
import { DrillSession, type RecordingSession } from '../drill/drill-session.ts';
import { type Lease, writeLease } from '../drill/lease.ts';
import { cleanLeftovers } from '../drill/leftovers.ts';
import { pickBackup } from '../drill/pick.ts';
import { entryOf } from '../incident/entry.ts';
import { writeEntry } from '../incident/write.ts';
import type { Permissions } from '../plain/permissions.ts';
import { plannedParts } from '../run/plan.ts';
import type { Procedure } from '../runbook/procedure.ts';
import { connectionOf, withDatabase } from '../settings/connection.ts';
import { type DrillSettings, usualDrill } from '../settings/drill-settings.ts';
import type { ReadyTarget } from '../settings/targets.ts';
import { say } from './backup-output.ts';
import { beginRun } from './begin.ts';
import { wayOfFormat } from './drill-format.ts';
import { type Place, preparePlace, type ScratchServer, scratchServer } from './drill-place.ts';
import { type ExitCode, exit, Refusal } from './exit.ts';
import { loadGrammars } from './grammars.ts';
import { libpqVariables, withoutLibpq } from './libpq-environment.ts';
import { shippedRunbooks } from './library.ts';
import { type Held, holdForNewRun } from './ready.ts';
import { inputsOf, sayProgress } from './run.ts';
import { findProcedure, readRunbook, splitAddress } from './runbook-file.ts';
import type { Settings } from './settings.ts';
import { runUnattended } from './unattended.ts';

/** The option of the runbook that ships which leaves the live database alone. */
const byManifest = 'Option B: With the manifest of the backup (manifest)';

/** What flags say of one drill, beyond the settings. */
export interface DrillFlags {
  readonly backup?: string;
  readonly from?: 'week' | 'month';
  readonly scratch?: string;
  readonly runbook?: string;
  readonly json: boolean;
  readonly inputs: readonly string[];
  readonly permissions: Permissions;
}

/** What the settings say of the drill of a target, under the flags. */
export function drillOf(
  name: string,
  settings: Settings,
  flags: Omit<DrillFlags, 'json' | 'inputs' | 'permissions'>,
): DrillSettings {
  const { backup, from, scratch, runbook } = flags;
  return {
    ...(settings.targets[name]?.drill ?? usualDrill),
    ...(backup === undefined ? {} : { backup }),
    ...(from === undefined ? {} : { from, ...(backup === undefined ? { backup: 'random' } : {}) }),
    ...(scratch === undefined ? {} : { scratch }),
    ...(runbook === undefined ? {} : { runbook: resolve(runbook) }),
  };
}

/**
 * Holds a drill from start to entry without asking anybody, and resolves to its exit code: 0 passed, 1 failed, 3 where
 * only a person could have decided. What it took is given back whatever happens. Throws a `Refusal` where it cannot begin.
 */
export async function runDrill(name: string, flags: DrillFlags, settings: Settings): Promise<ExitCode> {
  const drill = drillOf(name, settings, flags);
  await loadGrammars();
  const held = await holdForNewRun(name, settings, process.env, sayProgress);
  const begun = await begin(held, drill, flags, settings, { attended: false, onProgress: sayProgress });
  const { session, conduct } = begun;
  try {
    const code = await runUnattended(session, begun.permissions, settings, { json: flags.json });
    const { outcome } = session.state();
    if (outcome === 'failed' && code === exit.done) return exit.failed;
    return outcome === 'abandoned' && code === exit.failed ? exit.interrupted : code;
  } finally {
    conduct.stop();
    const gaveBack = await conduct.giveBack();
    if (gaveBack !== undefined) say(gaveBack);
  }
}

/**
 * Begins a drill for somebody who goes through it at the screens: the backup is fetched, what a person decides is asked.
 * The session gives back what it took when it is closed. Throws a `Refusal` where it cannot begin, or where the backup
 * is not good: then it has ended as failed.
 */
export async function openDrill(
  name: string,
  settings: Settings,
  onProgress: (text: string) => void,
): Promise<DrillSession> {
  await loadGrammars();
  const flags: DrillFlags = {
    json: false,
    inputs: [],
    permissions: { yes: true, confirm: [], options: [], done: [] },
  };
  const held = await holdForNewRun(name, settings, process.env, onProgress);
  const { session } = await begin(held, drillOf(name, settings, {}), flags, settings, {
    attended: true,
    onProgress,
  });
  onProgress('Fetching the backup, and reading it to its end');
  const problem = await session.prepare();
  if (problem === undefined) return session;
  await writeEntry(entryOf(session.events(), new Date()), session.folder, settings.incidents);
  await session.close();
  throw new Refusal(problem, exit.failed);
}

async function begin(
  held: Held,
  drill: DrillSettings,
  flags: DrillFlags,
  settings: Settings,
  { attended, onProgress }: { readonly attended: boolean; readonly onProgress: (text: string) => void },
) {
  let place: Place | undefined;
  let inner: RecordingSession | undefined;
  try {
    const { target } = held.ready;
    if (target.engine !== 'postgres')
      throw new Refusal(
        `${target.name} is an SQLite file: 'drillbook backup verify latest --level restore' restores and compares it; drills are for PostgreSQL`,
      );
    const runbook = await runbookOf(drill, settings);
    const file = await readRunbook(runbook.path);
    const procedure = findProcedure(file, runbook.procedure);
    const store = await storeOf(held.ready, drill, settings);
    const names = [target.name, target.database];
    const picked = await pickedFrom(store, names, drill);
    const way = picked && wayOfFormat(picked.format);
    place = await preparePlace(held, drill, way ? [way.tag] : [], settings, process.env, onProgress);
    const inputs = await inputsOf(procedure, flags.inputs, place.held);
    const lease = leaseOf(target.name, place);
    const begun = await beginRun(
      { file, procedure, mode: 'drill', held: place.held, inputs },
      settings,
      process.env,
    );
    inner = begun;
    const unattended = new Set(
      attended ? [] : followUps(procedure).filter((id) => !flags.permissions.done.includes(id)),
    );
    await writeLease(inner.folder, lease);
    const conduct = new DrillConduct({
      settings: drill,
      store,
      names,
      ...(picked ? { picked } : {}),
      lease,
      url: place.url,
      ...(drill.compare === 'source' ? { source: place.source } : {}),
      environment: environmentOfChecks(held.ready, place),
      cwd: settings.folder,
      objectives: drill.objectives ?? target.objectives,
      // What the runbook that ships loads was fetched, checked and found to stay in its database.
      allowsUnknown: flags.permissions.yes || drill.runbook === undefined,
      unattended,
      runFolder: inner.folder,
      record: (events) => begun.record(events),
      mask: inner.mask,
    });
    const { permissions } = flags;
    return {
      session: new DrillSession(inner, conduct),
      conduct,
      // Whoever wrote the drill into the settings gave it this database of its own, and nothing else.
      permissions: {
        ...permissions,
        yes: true,
        confirm: [place.database, ...permissions.confirm],
        options: [
          ...permissions.options,
          ...drill.options,
          ...(drill.compare === 'manifest' ? [byManifest] : []),
          ...(way ? [way.option] : []),
        ],
        done: [...permissions.done, ...unattended],
      },
    };
  } catch (error) {
    // A run that has begun lets go of its target itself.
    if (inner) await inner.close();
    else await (place?.held ?? held).release();
    throw error;
  }
}

/** The backup that the drill takes; undefined where the store cannot say: the drill itself tells why, and has failed. */
async function pickedFrom(
  store: Store,
  names: readonly string[],
  drill: DrillSettings,
): Promise<Backup | undefined> {
  try {
    return pickBackup(await readCatalog(store), names, drill, new Date());
  } catch (error) {
    if (error instanceof BackupError) return undefined;
    throw error;
  }
}

async function runbookOf(drill: DrillSettings, settings: Settings) {
  const { path, procedure } = await splitAddress(
    drill.runbook ?? join(shippedRunbooks(), 'monthly-restore-drill.md'),
  );
  return { path: resolve(settings.folder, path), procedure };
}

/** The store that is drilled, with what opens its backups. */
async function storeOf({ target, values }: ReadyTarget, drill: DrillSettings, settings: Settings) {
  const place = drill.store ?? values.BACKUP_DIR?.value;
  if (place === undefined)
    throw new Refusal(`${target.name} has no store of backups: give it one in the settings (store:).`);
  try {
    const store = await openStore(
      /^[a-z0-9]+:/.test(place) ? place : resolve(settings.folder, place),
      process.env,
    );
    const identity =
      values.BACKUP_IDENTITY?.value ?? (process.env.BACKUP_IDENTITY ? 'env:BACKUP_IDENTITY' : undefined);
    return identity === undefined ? store : { ...store, keys: await readKeys(identity, process.env) };
  } catch (error) {
    throw error instanceof BackupError ? new Refusal(error.message) : error;
  }
}

function leaseOf(target: string, place: Place): Lease {
  return {
    schema: 1,
    target,
    scratch: place.scratch,
    ...(place.system === undefined ? {} : { system: place.system }),
    database: place.database,
    folder: place.folder,
    startedAt: new Date().toISOString(),
  };
}

/** Checklists and manual actions at the end: what comes after a drill is for people, in their own time. */
function followUps(procedure: Procedure): readonly string[] {
  return procedure.items
    .flatMap((item) => (item.kind === 'step' && item.phase === 'follow-up' ? [item] : []))
    .flatMap((step) => plannedParts(step.parts, {}))
    .flatMap((part) => (part.kind === 'check' || part.kind === 'manual' ? [part.id] : []));
}

/** Nothing that leads to the live database: a check that goes astray must find no way there. */
function environmentOfChecks(source: ReadyTarget, place: Place): NodeJS.ProcessEnv {
  const own = process.env;
  const secret = connectionOf(source.url)?.password;
  const address = parseLogin(source.url, own);
  const clean = Object.entries(withoutLibpq(place.url, own)).filter(
    ([, value]) =>
      value !== undefined &&
      value !== source.url &&
      !(secret && value.includes(secret)) &&
      connectionOf(value)?.database !== address.database,
  );
  return { ...Object.fromEntries(clean), ...libpqVariables(place.url, own) };
}

/**
 * Removes what drills left behind that were killed, ends their runs, and writes their entries. What cannot be removed now
 * is said; the next start tries again.
 */
export async function cleanUp(
  settings: Settings,
  tell: (text: string) => void = say,
  onProgress: (text: string) => void = sayProgress,
): Promise<void> {
  const servers: ScratchServer[] = [];
  try {
    const cleaned = await cleanLeftovers(settings.folders.state, settings.operator, async (lease) => {
      const server = await scratchServer(lease.scratch, lease.target, settings, process.env, onProgress);
      servers.push(server);
      return withDatabase(server.url, lease.database);
    });
    for (const { run, folder, target, removed, problem, events } of cleaned) {
      if (problem !== undefined) {
        tell(`a drill of ${target} that was killed (${run}) could not be cleaned up: ${problem}`);
        continue;
      }
      tell(
        `a drill of ${target} had been killed half-way (${run}): ${['its fetched backup', ...removed].join(' and ')} removed`,
      );
      if (events) await writeEntry(entryOf(events, new Date()), folder, settings.incidents);
    }
  } finally {
    for (const server of servers) await server.release();
  }
}
