import { basename, resolve } from 'node:path';
import { parsableUrl } from '../run/elsewhere.ts';
import type { Target } from '../run/target.ts';
import { connectionOf, withDatabase } from './connection.ts';
import { resolveReference } from './reference.ts';
import { storeVariables } from './store-settings.ts';
import type { TargetSettings } from './target-settings.ts';

/** A target made ready for a run: what the run may know of it, and what its commands get. */
export interface ReadyTarget {
  readonly target: Target;
  /** The live database, with credentials; for Drillbook's own questions to the server, never for a command's text. */
  readonly url: string;
  /** Values for variables and placeholders, by name. */
  readonly values: Readonly<Record<string, TargetValue>>;
  /** Lines for a libpq password file. */
  readonly passwordLines: readonly string[];
  /** Folders that come before the rest of PATH. */
  readonly path: readonly string[];
}

export interface TargetValue {
  readonly value: string;
  readonly secret: boolean;
}

/** Settings and environment made into a target; a problem is a sentence that names what is missing. */
export async function readyTarget(
  name: string,
  settings: TargetSettings,
  folder: string,
  environment: NodeJS.ProcessEnv,
): Promise<ReadyTarget | { readonly problem: string }> {
  const url = await resolveReference(settings.url, environment);
  if ('problem' in url) return { problem: `target ${name}: ${url.problem}` };
  if (settings.engine === 'sqlite' || isSqliteUrl(url.value))
    return sqliteTarget(name, settings, folder, url.value);
  const live = connectionOf(url.value);
  if (!live) return { problem: `target ${name}: its url is no postgresql:// URL` };
  const admin = settings.admin_url
    ? await resolveReference(settings.admin_url, environment)
    : { value: withDatabase(url.value, 'postgres') };
  if ('problem' in admin) return { problem: `target ${name}: ${admin.problem}` };
  const maintenance = connectionOf(admin.value);
  if (!maintenance) return { problem: `target ${name}: its admin_url is no postgresql:// URL` };

  const values: Record<string, TargetValue> = {
    DATABASE_URL: plain(live.url),
    DATABASE_NAME: plain(live.database),
    ADMIN_URL: plain(maintenance.url),
    RESTORE_URL: plain(withDatabase(live.url, `${live.database}_restored`)),
    ...storeValues(settings, folder),
    ...(settings.application ? { APP_URL: plain(settings.application) } : {}),
    ...(settings.health ? { HEALTH_URL: plain(settings.health) } : {}),
  };
  for (const [variable, reference] of Object.entries(settings.variables)) {
    const resolved = await resolveReference(reference, environment);
    if ('problem' in resolved)
      return { problem: `target ${name}, variable ${variable}: ${resolved.problem}` };
    // What stands in the settings in clear is no secret; what is only referred to may be one.
    values[variable] = {
      value: resolved.value,
      secret: resolved.source === 'environment' || reference.startsWith('file:'),
    };
  }
  return {
    target: targetOf(name, settings, live.database, live.address),
    url: parsableUrl(url.value),
    values,
    passwordLines: [live, maintenance].flatMap((connection) => connection.passwordLine ?? []),
    path: [],
  };
}

/** A path, or `sqlite:PATH`, both relative to the settings' folder. */
function sqliteTarget(name: string, settings: TargetSettings, folder: string, given: string): ReadyTarget {
  // A URL has its characters encoded, a plain path has them as they are.
  const path = isSqliteUrl(given)
    ? decodeURIComponent(given.replace(/^sqlite3?:(?:\/\/(?=\/))?/i, ''))
    : given;
  const file = resolve(folder, path);
  // Characters that a URL gives a meaning to stay part of the path.
  const url = `sqlite:${file.replace(/[%?#]/g, encodeURIComponent)}`;
  return {
    target: targetOf(name, { ...settings, engine: 'sqlite' }, basename(file), file),
    url,
    values: {
      DATABASE_FILE: plain(file),
      DATABASE_URL: plain(url),
      DATABASE_NAME: plain(basename(file)),
      ...storeValues(settings, folder),
    },
    passwordLines: [],
    path: [],
  };
}

function targetOf(name: string, settings: TargetSettings, database: string, address: string): Target {
  return {
    name,
    environment: settings.environment,
    engine: settings.engine,
    database,
    address,
    tags: settings.tags,
    ...(settings.health ? { health: settings.health } : {}),
    objectives: settings.objectives,
  };
}

function isSqliteUrl(text: string): boolean {
  return /^sqlite3?:/i.test(text);
}

function storeValues(settings: TargetSettings, folder: string): Record<string, TargetValue> {
  return Object.fromEntries(
    Object.entries(storeVariables(settings, folder)).map(([name, value]) => [name, plain(value)]),
  );
}

function plain(value: string): TargetValue {
  return { value, secret: false };
}
