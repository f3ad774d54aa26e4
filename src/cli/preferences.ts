import { notificationWays } from '../settings/notifications.ts';
import { SettingsError } from '../settings/project-file.ts';
import { commandLine, parse } from './arguments.ts';
import { exit, Refusal } from './exit.ts';
import { readSettings } from './settings.ts';

interface Options {
  readonly notify?: string;
  readonly notifyAfter?: string;
}

/** `drillbook preferences`: shows what is remembered for this person on this machine, and changes it. */
export async function preferences(args: readonly string[]): Promise<number> {
  const command = commandLine('preferences', 'Your preferences on this machine: shown, or changed.')
    .option('--notify <way>', `when a long command ends: ${notificationWays.join(', ')}`)
    .option('--notify-after <duration>', 'which command is long, such as 30s or 2m')
    .action(async ({ notify, notifyAfter }: Options) => {
      const { preferences: mine } = await readSettings(process.env, process.cwd());
      if (notify !== undefined || notifyAfter !== undefined)
        changed(() =>
          mine.notify({
            ...(notify === undefined ? {} : { way: notify }),
            ...(notifyAfter === undefined ? {} : { after: notifyAfter }),
          }),
        );
      const { way, after } = mine.notifications;
      process.stdout.write(`notify        ${way}\nnotify-after  ${after}s\n`);
    });
  await parse(command, args);
  return exit.done;
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
