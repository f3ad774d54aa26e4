import { join, resolve } from 'node:path';
import { type Folders, folders } from '../settings/folders.ts';
import { openPreferences, type Preferences } from '../settings/preferences.ts';
import { findProjectFile } from '../settings/project-file.ts';
import type { SinkSettings } from '../settings/sink-settings.ts';
import type { TargetSettings } from '../settings/target-settings.ts';
import { operatorOf } from './operator.ts';

/** Everything that is configured, from the project file and the user's preferences. */
export interface Settings {
  readonly folders: Folders;
  readonly preferences: Preferences;
  /** What relative paths of targets start from. */
  readonly folder: string;
  /** The project's targets win over the user's of the same name. */
  readonly targets: Readonly<Record<string, TargetSettings>>;
  /** Absolute paths. */
  readonly runbooks: readonly string[];
  readonly incidents: string;
  /** Where the entries of every target's runs go, besides the target's own sinks. */
  readonly sinks?: readonly SinkSettings[];
  /** A folder or store that several machines reach, for targets that name none of their own. */
  readonly shared?: string;
  readonly operator: string;
}

/** Reads the settings that hold in a folder. Throws a `SettingsError` with the place of the fault. */
export async function readSettings(environment: NodeJS.ProcessEnv, from: string): Promise<Settings> {
  const places = folders(environment);
  const project = await findProjectFile(from);
  const preferences = openPreferences(places.config);
  const own = project.settings.runbooks ?? ['runbooks', 'docs/runbooks'];
  return {
    folders: places,
    preferences,
    folder: project.folder,
    targets: { ...preferences.targets, ...project.settings.targets },
    runbooks: own.map((folder) => resolve(project.folder, folder)),
    incidents: join(project.folder, project.settings.incidents ?? 'incidents'),
    sinks: project.settings.sinks,
    ...(project.settings.shared === undefined ? {} : { shared: project.settings.shared }),
    operator: operatorOf(environment),
  };
}
