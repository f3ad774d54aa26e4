import type { Mode } from '../run/mode.ts';
import { folders } from '../settings/folders.ts';
import { readScreenPreferences } from '../settings/screen-preferences.ts';
import type { TuiOptions } from '../tui/app.tsx';
import { ArrivingHouse } from './arriving-house.ts';
import { exit, Refusal } from './exit.ts';
import { whenOutputIsLost } from './lost-output.ts';
import { operatorOf } from './operator.ts';
import type { Settings } from './settings.ts';
import { closeAloud } from './slow-closing.ts';
import { isTerminal } from './terminal.ts';

const endingSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Where the screens begin: at home, at a runbook, or in a run that is taken up again. */
export interface Start {
  readonly path?: string;
  readonly procedure?: string;
  readonly mode?: Mode;
  readonly target?: string;
  readonly resume?: string;
  /** A training: of that scenario, or the list of them. */
  readonly train?: { readonly scenario?: string };
}

/** Opens the screens and resolves to the exit code when they are left. */
export async function home(start: Start = {}): Promise<number> {
  if (!isTerminal())
    throw new Refusal(
      "there is no terminal here. Without one, say what to run: drillbook run FILE --plain. 'drillbook --help' shows more.",
      exit.usage,
    );
  // One is read while the other is loaded: somebody waits for both.
  const [preferences, { openTui }] = await Promise.all([
    readScreenPreferences(folders(process.env).config),
    import('../tui/app.tsx'),
  ]);
  const unusable = Promise.withResolvers<void>();
  let fault: unknown;
  const settings = () =>
    settingsHere().catch((error: unknown) => {
      fault = error;
      unusable.resolve();
      throw error;
    });
  const house = new ArrivingHouse(operatorOf(process.env), preferences, settings, process.env);
  // The screens leave at a signal; what they leave behind is stopped and written down in peace. What keeps the
  // preferences raises each signal a second time, which would end the process in the middle of that.
  const stay = () => {};
  for (const signal of endingSignals) process.on(signal, stay);
  // So do they when the terminal goes away.
  const keepOutput = whenOutputIsLost(stay);
  try {
    const code = await openTui(house, optionsOf(start), unusable.promise);
    if (fault !== undefined) throw fault;
    return code;
  } finally {
    await closeAloud(house.close(), (words) => void process.stderr.write(words));
    keepOutput();
    for (const signal of endingSignals) process.off(signal, stay);
  }
}

/** What checks the settings is loaded behind the first frame. */
async function settingsHere(): Promise<Settings> {
  const { readSettings } = await import('./settings.ts');
  return readSettings(process.env, process.cwd());
}

function optionsOf({ path, resume, train, ...known }: Start): TuiOptions {
  if (train) return { train };
  if (resume) return { run: resume };
  return path ? { screen: { path, ...known } } : {};
}
