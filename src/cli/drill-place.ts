import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { readIdentity } from '../backup/identity.ts';
import { drillFolders, scratchName } from '../drill/lease.ts';
import { percentOf } from '../drill/measure.ts';
import { readOnlyUrl, unfitScratch } from '../drill/scratch.ts';
import type { Environment, Identity } from '../run/target.ts';
import { connectionOf, withDatabase } from '../settings/connection.ts';
import type { DrillSettings } from '../settings/drill-settings.ts';
import { resolveReference } from '../settings/reference.ts';
import type { ReadyTarget, TargetValue } from '../settings/targets.ts';
import { exit, Refusal } from './exit.ts';
import { type Held, holdTarget } from './ready.ts';
import type { Settings } from './settings.ts';

/** A server that takes scratch databases. */
export interface ScratchServer {
  /** With credentials; the database that it names is not used. */
  readonly url: string;
  readonly environment: Environment;
  release(): Promise<void>;
}

/** As a lease has it, where the target's own server takes the scratch database. */
export const ownServer = 'target';

/**
 * The server that a drill's settings name: another target, the sandbox, a reference to a URL, or the target's own.
 * Throws a `Refusal` that says what is missing.
 */
export async function scratchServer(
  scratch: string,
  target: string,
  settings: Settings,
  environment: NodeJS.ProcessEnv,
  onProgress: (text: string) => void,
): Promise<ScratchServer> {
  if (/^(?:env:|file:|postgres(?:ql)?:)/.test(scratch)) {
    const url = await resolveReference(scratch, environment);
    if ('problem' in url) throw new Refusal(`no scratch server for the drill of ${target}: ${url.problem}`);
    if (!connectionOf(url.value))
      throw new Refusal(`the scratch server of ${target} (${scratch}) is no postgresql:// URL`);
    // Nobody has said what else stands there, so what changes it is guarded as on staging.
    return { url: url.value, environment: 'staging', release: async () => {} };
  }
  const { ready, release } = await holdTarget(
    scratch === ownServer ? target : scratch,
    settings,
    environment,
    onProgress,
  );
  if (ready.target.engine !== 'postgres') {
    await release();
    throw new Refusal(`a drill restores into PostgreSQL, and ${ready.target.name} is SQLite`);
  }
  return { url: ready.url, environment: ready.target.environment, release };
}

/** Where a drill restores to, and the target that its runbook sees. */
export interface Place {
  /** As the settings name the server. */
  readonly scratch: string;
  /** The scratch database, with credentials. */
  readonly url: string;
  readonly database: string;
  /** Where the backup is fetched to. */
  readonly folder: string;
  readonly system: string | undefined;
  /** The live database, over sessions that may only read; with credentials. */
  readonly source: string;
  readonly held: Held;
}

/**
 * Makes the place of a drill ready: a database name of its own on the scratch server, checked to be neither production
 * nor its server, and values for the runbook that lead there; the live database only by sessions that may not write. Takes
 * over what the target holds. `tags` say more of what is drilled. Throws a `Refusal`.
 */
export async function preparePlace(
  held: Held,
  drill: DrillSettings,
  tags: readonly string[],
  settings: Settings,
  environment: NodeJS.ProcessEnv,
  onProgress: (text: string) => void,
): Promise<Place> {
  const { target } = held.ready;
  if (drill.scratch === undefined && target.environment === 'production')
    throw new Refusal(
      `${target.name} is production: its drill wants a server of its own. Give it in the settings (drill: scratch: a target, sandbox, or env:NAME), or with --scratch.`,
    );
  const scratch = drill.scratch ?? ownServer;
  const server = await scratchServer(scratch, target.name, settings, environment, onProgress);
  const release = async () => {
    await server.release();
    await held.release();
  };
  try {
    const base = scratchName(target.database, randomBytes(4).toString('hex'));
    const url = withDatabase(server.url, `${base}_restored`);
    const identity = await fitServer(held.ready, server, url);
    const folder = join(drillFolders(settings.folders.state), base);
    return {
      scratch,
      url,
      database: `${base}_restored`,
      folder,
      system: identity.system,
      source: readOnlyUrl(held.ready.url),
      held: { ready: readyForDrill(held.ready, server, { url, base, folder }, drill, tags), release },
    };
  } catch (error) {
    await server.release();
    throw error;
  }
}

async function fitServer(source: ReadyTarget, server: ScratchServer, url: string): Promise<Identity> {
  const [live, scratch] = await Promise.all([readIdentity(source.url), readIdentity(url)]);
  if ('failure' in scratch)
    throw new Refusal(
      `the scratch server of ${source.target.name} cannot be asked: ${scratch.failure}`,
      exit.failed,
    );
  const unfit = unfitScratch({
    source: {
      ...('failure' in live ? {} : { identity: live }),
      address: source.target.address,
      environment: source.target.environment,
    },
    scratch: {
      identity: scratch,
      address: connectionOf(url)?.address ?? '',
      environment: server.environment,
    },
  });
  if (unfit)
    throw new Refusal(
      `the drill of ${source.target.name} does not begin: ${unfit}. Name another one (drill: scratch: in the settings, or --scratch).`,
    );
  return scratch;
}

/** The target as the runbook of a drill gets it: named as the target, but standing where nothing can be lost. */
function readyForDrill(
  source: ReadyTarget,
  server: ScratchServer,
  { url, base, folder }: { readonly url: string; readonly base: string; readonly folder: string },
  drill: DrillSettings,
  tags: readonly string[],
): ReadyTarget {
  const scratch = connectionOf(url)!;
  const live = connectionOf(source.url)!;
  const { BACKUP_IDENTITY: _, BACKUP_RECIPIENTS: __, ...values } = source.values;
  return {
    target: {
      ...source.target,
      environment: server.environment,
      database: scratch.database,
      address: scratch.address,
      tags: [...source.target.tags, 'drill', drill.compare, ...tags],
      objectives: drill.objectives === undefined ? source.target.objectives : defined(drill.objectives),
    },
    url,
    values: {
      ...values,
      DATABASE_URL: plain(readOnlyUrl(live.url)),
      DATABASE_NAME: plain(base),
      ADMIN_URL: plain(withDatabase(scratch.url, 'postgres')),
      RESTORE_URL: plain(scratch.url),
      BACKUP_DIR: plain(folder),
      TOLERANCE: plain(percentOf(drill.tolerance)),
    },
    passwordLines: [
      ...new Set([live, scratch].flatMap(({ passwordLine }) => passwordLine ?? [])),
      ...source.passwordLines,
    ],
    path: source.path,
  };
}

function defined(objectives: NonNullable<DrillSettings['objectives']>) {
  return {
    ...(objectives.rto === undefined ? {} : { rto: objectives.rto }),
    ...(objectives.rpo === undefined ? {} : { rpo: objectives.rpo }),
  };
}

function plain(value: string): TargetValue {
  return { value, secret: false };
}
