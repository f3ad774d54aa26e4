import Conf from 'conf';
import { z } from 'zod';
import { SettingsError } from './project-file.ts';
import { type TargetSettings, type TargetSettingsInput, targetSettings } from './target-settings.ts';

/** What Drillbook remembers for one person on one machine. */
export interface Preferences {
  /** Targets given by `drillbook target add`, by name. */
  readonly targets: Readonly<Record<string, TargetSettings>>;
  readonly lastTarget: string | undefined;
  readonly lastRunbook: string | undefined;
  remember(what: { readonly target?: string; readonly runbook?: string }): void;
  /** Throws a `SettingsError` where the settings are not those of a target. */
  addTarget(name: string, settings: TargetSettingsInput): void;
  /** False where there was none of that name. */
  removeTarget(name: string): boolean;
}

interface Stored {
  targets: Record<string, TargetSettingsInput>;
  lastTarget?: string;
  lastRunbook?: string;
}

/**
 * Preferences kept in `folder` (0600 file in the user's configuration folder). A file that cannot be parsed is
 * an error with its name in it: what somebody configured is not thrown away.
 */
export function openPreferences(folder: string): Preferences {
  const conf = opened(folder);
  return {
    get targets() {
      return Object.fromEntries(
        Object.entries(conf.get('targets')).map(([name, settings]) => [
          name,
          checked(`${conf.path}: target ${name}`, settings),
        ]),
      );
    },
    get lastTarget() {
      return conf.get('lastTarget');
    },
    get lastRunbook() {
      return conf.get('lastRunbook');
    },
    remember({ target, runbook }) {
      // A read-only configuration folder is no reason to stop a restore.
      try {
        if (target) conf.set('lastTarget', target);
        if (runbook) conf.set('lastRunbook', runbook);
      } catch {
        return;
      }
    },
    addTarget(name, settings) {
      checked(`target ${name}`, settings);
      conf.set('targets', { ...conf.get('targets'), [name]: settings });
    },
    removeTarget(name) {
      const { [name]: found, ...others } = conf.get('targets');
      if (found) conf.set('targets', others);
      return found !== undefined;
    },
  };
}

function opened(folder: string): Conf<Stored> {
  try {
    return new Conf<Stored>({
      cwd: folder,
      configName: 'preferences',
      projectName: 'drillbook',
      configFileMode: 0o600,
      clearInvalidConfig: false,
      defaults: { targets: {} },
    });
  } catch (error) {
    throw new SettingsError(`the preferences in ${folder} cannot be used: ${(error as Error).message}`);
  }
}

function checked(where: string, settings: unknown): TargetSettings {
  const result = targetSettings.safeParse(settings);
  if (result.success) return result.data;
  throw new SettingsError(`${where}: ${z.prettifyError(result.error).replaceAll('\n', ' ')}`);
}
