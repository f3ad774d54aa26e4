import { join } from 'node:path';
import Conf from 'conf';
import { z } from 'zod';
import { type Notifications, notificationWays, usualNotifications } from './notification.ts';
import { notificationsOf } from './notifications.ts';
import { SettingsError } from './project-file.ts';
import { preferencesName, type ScreenPreferences, screenPreferences } from './screen-preferences.ts';
import { type TargetSettings, type TargetSettingsInput, targetSettings } from './target-settings.ts';

/** What Drillbook remembers for one person on one machine. */
export interface Preferences extends ScreenPreferences {
  /** Targets given by `drillbook target add`, by name. */
  readonly targets: Readonly<Record<string, TargetSettings>>;
  readonly lastTarget: string | undefined;
  readonly lastRunbook: string | undefined;
  /** Whether and when the end of a command calls. What cannot be read counts as not said. */
  readonly notifications: Notifications;
  /** An action without a key gets its usual one back. */
  setKeys(keys: Readonly<Record<string, readonly string[] | undefined>>): void;
  setComfort(what: { readonly screenReader?: boolean; readonly reducedMotion?: boolean }): void;
  /** Throws a `SettingsError` where that is no way or no duration. */
  notify(what: { readonly way?: string; readonly after?: string }): void;
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
  notifications?: { way?: string; after?: string };
  keys?: Record<string, string | readonly string[]>;
  screenReader?: boolean;
  reducedMotion?: boolean;
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
    get notifications() {
      try {
        return notificationsOf(conf.get('notifications'));
      } catch {
        // A wrong word about a bell is no reason to stop a restore.
        return usualNotifications;
      }
    },
    get keys() {
      return screenPreferences(conf.store).keys;
    },
    get comfort() {
      return screenPreferences(conf.store).comfort;
    },
    setKeys(keys) {
      const all = { ...conf.get('keys') };
      for (const [action, given] of Object.entries(keys))
        if (given === undefined) delete all[action];
        else all[action] = given;
      written(conf.path, () => conf.set('keys', all));
    },
    setComfort(what) {
      written(conf.path, () => conf.set(what));
    },
    notify(what) {
      const all = { ...conf.get('notifications'), ...what };
      try {
        notificationsOf(all);
      } catch {
        throw new SettingsError(
          `${Object.values(what).join(', ')} is not understood: the way is one of ${notificationWays.join(', ')}, the time a duration such as 30s or 2m`,
        );
      }
      written(conf.path, () => conf.set('notifications', all));
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
      written(conf.path, () => conf.set('targets', { ...conf.get('targets'), [name]: settings }));
    },
    removeTarget(name) {
      const { [name]: found, ...others } = conf.get('targets');
      if (found) written(conf.path, () => conf.set('targets', others));
      return found !== undefined;
    },
  };
}

function opened(folder: string): Conf<Stored> {
  try {
    return new Conf<Stored>({
      cwd: folder,
      configName: preferencesName,
      projectName: 'drillbook',
      configFileMode: 0o600,
      clearInvalidConfig: false,
      defaults: { targets: {} },
    });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const next =
      code === 'EACCES' || code === 'EPERM'
        ? `Give yourself the right to it (ls -ld ${folder}; it may be root's after a sudo: sudo chown -R "$USER" ${folder}), or set DRILLBOOK_HOME to a folder of your own.`
        : code === 'ENOTDIR' || code === 'EEXIST'
          ? `Something else stands in its way; move it, or set DRILLBOOK_HOME to another folder.`
          : `Mend ${join(folder, `${preferencesName}.json`)} or move it away: it is made anew.`;
    throw new SettingsError(`the preferences in ${folder} cannot be used: ${message}. ${next}`);
  }
}

/** Changes the file; a fault of the disk is said with what to do. */
function written(path: string, change: () => void): void {
  try {
    change();
  } catch (error) {
    throw new SettingsError(
      `the preferences in ${path} cannot be written: ${(error as Error).message}. Nothing was changed. See who owns it and whether the disk has room (ls -l, df), or set DRILLBOOK_HOME to another folder.`,
    );
  }
}

function checked(where: string, settings: unknown): TargetSettings {
  const result = targetSettings.safeParse(settings);
  if (result.success) return result.data;
  throw new SettingsError(`${where}: ${z.prettifyError(result.error).replaceAll('\n', ' ')}`);
}
