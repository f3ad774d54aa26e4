import { notificationWays } from '../settings/notification.ts';
import type { Preferences } from '../settings/preferences.ts';
import { SettingsError } from '../settings/project-file.ts';
import { commandLine, parse } from './arguments.ts';
import { exit, Refusal } from './exit.ts';
import { readSettings } from './settings.ts';

interface Options {
  readonly notify?: string;
  readonly notifyAfter?: string;
  readonly key?: readonly string[];
  readonly screenReader?: string;
  readonly motion?: string;
}

/** `drillbook preferences`: shows what is remembered for this person on this machine, and changes it. */
export async function preferences(args: readonly string[]): Promise<number> {
  const command = commandLine('preferences', 'Your preferences on this machine: shown, or changed.')
    .option('--notify <way>', `when a long command ends: ${notificationWays.join(', ')}`)
    .option('--notify-after <duration>', 'which command is long, such as 30s or 2m')
    .option(
      '--key <action=key...>',
      'your own key for an action, such as run=ctrl+r; action= for the usual one',
    )
    .option('--screen-reader <on|off>', 'words instead of marks, nothing side by side, nothing that moves')
    .option('--motion <full|reduced>', 'whether anything moves by itself')
    .action(async ({ notify, notifyAfter, key, screenReader, motion }: Options) => {
      const { preferences: mine } = await readSettings(process.env, process.cwd());
      if (notify !== undefined || notifyAfter !== undefined)
        changed(() =>
          mine.notify({
            ...(notify === undefined ? {} : { way: notify }),
            ...(notifyAfter === undefined ? {} : { after: notifyAfter }),
          }),
        );
      if (key !== undefined) await changeKeys(mine, key);
      if (screenReader !== undefined)
        changed(() => mine.setComfort({ screenReader: oneOf('screen-reader', screenReader, ['off', 'on']) }));
      if (motion !== undefined)
        changed(() => mine.setComfort({ reducedMotion: oneOf('motion', motion, ['full', 'reduced']) }));
      const { way, after } = mine.notifications;
      const { screenReader: reads = false, reducedMotion = false } = mine.comfort;
      const keys = Object.entries(mine.keys).map(
        ([action, given]) => `key           ${action}=${[given].flat().join(',')}\n`,
      );
      process.stdout.write(
        `notify        ${way}\nnotify-after  ${after}s\nscreen-reader ${reads ? 'on' : 'off'}\nmotion        ${reducedMotion ? 'reduced' : 'full'}\n${keys.join('')}`,
      );
    });
  await parse(command, args);
  return exit.done;
}

/** Takes `action=key,key` pairs; all of them together must make a keymap in which no key does two things. */
async function changeKeys(mine: Preferences, given: readonly string[]): Promise<void> {
  const { changedKeys } = await import('../tui/changed-keys.ts');
  const pairs = given.map((pair) => {
    const at = pair.indexOf('=');
    if (at < 1)
      throw new Refusal(`${pair} is not understood: write ACTION=KEY, such as run=ctrl+r`, exit.usage);
    const key = pair.slice(at + 1);
    // A comma may be the key itself.
    return [pair.slice(0, at), key === '' ? undefined : key === ',' ? [key] : key.split(',')] as const;
  });
  const all = Object.entries({ ...mine.keys, ...Object.fromEntries(pairs) });
  const result = changedKeys(
    Object.fromEntries(all.flatMap(([action, keys]) => (keys === undefined ? [] : [[action, keys]]))),
  );
  if (!result.ok)
    throw new Refusal(`these keys cannot be: ${result.problem}. Nothing was changed.`, exit.usage);
  changed(() => mine.setKeys(Object.fromEntries(pairs)));
}

/** Whether the second of two words was given. */
function oneOf(option: string, word: string, words: readonly [string, string]): boolean {
  const at = words.indexOf(word);
  if (at < 0) throw new Refusal(`--${option} is ${words.join(' or ')}, not ${word}`, exit.usage);
  return at === 1;
}

/** What is not understood is a fault of usage. */
function changed(change: () => void): void {
  try {
    change();
  } catch (error) {
    if (error instanceof SettingsError) throw new Refusal(error.message, exit.usage);
    throw error;
  }
}
