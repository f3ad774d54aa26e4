import { render } from 'ink';
import type { Session } from '../run/session.ts';
import { guardAgainstFaults } from '../terminal/restore.ts';
import { App, type Farewell, type TuiOptions } from './application.tsx';
import { changedKeys } from './changed-keys.ts';
import { Gate } from './gate.ts';
import type { House } from './house.ts';
import { Keyboard } from './keyboard.ts';
import { keymap } from './keymap.ts';
import { clearerOf, type Frame } from './reflow.ts';
import { themeFor } from './theme.ts';
import { WindowTitle } from './window-title.ts';

export type { TuiOptions };

/**
 * Opens the screens and resolves with the exit code when they are left: 0, 1 where the last run failed, 130 where
 * the operator interrupted. The terminal is as it was then. `unusable` resolves where there is nothing to go on with,
 * such as settings that cannot be used: the screens go at once, with 1. Rejects where standard input or output is no terminal.
 */
export async function openTui(
  house: House,
  options: TuiOptions = {},
  unusable?: Promise<void>,
): Promise<number> {
  const { stdin, stdout } = process;
  if (!stdin.isTTY || !stdout.isTTY) throw new Error('the screens need a terminal; use --plain without one');
  const keyboard = new Keyboard(stdin);
  const gate = new Gate();
  const farewell: { value: Farewell } = { value: { code: 0 } };
  const theme = themeFor(process.env, house.comfort);
  // A wrong word about a key is no reason to stop a restore: the usual keys hold, and it is said.
  const keys = changedKeys(house.keys ?? {});
  const title = new WindowTitle(stdout, process.env);
  const giveTitleBack = (): void => title.giveBack();
  process.once('exit', giveTitleBack);
  const open: { session?: Session } = {};
  const frame: Frame = { widths: [] };
  // The Linux console cuts what no longer fits; everything else that is in use wraps it.
  const reflows = process.env.TERM !== 'linux';
  const clearWrapped = clearerOf(stdout, frame, () => keyboard.listenerCount('readable') > 0, reflows);
  stdout.on('resize', clearWrapped);
  // Before the first frame: until raw mode is on, Ctrl+C still comes as a signal, and it must not leave a half-set terminal.
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  let instance: ReturnType<typeof render> | undefined;
  let unguard = (): void => {};
  const onSignal = (signal: NodeJS.Signals): void => {
    // Where keys come raw, Ctrl+C is no signal: this one was sent to us.
    if (signal === 'SIGINT' && keyboard.lent && !stdin.isRaw) return;
    farewell.value = { code: 130 };
    instance?.unmount();
  };
  for (const signal of signals) process.on(signal, onSignal);
  // A terminal that went away answers every write with an error, which must not end in a stack trace.
  const onGone = (): void => void instance?.unmount();
  stdout.on('error', onGone);
  try {
    // Ink turns raw mode on after its first frame; a key that is pressed between the two would be a line, not a key.
    keyboard.setRawMode(true);
    instance = render(
      <App
        house={house}
        options={options}
        keyboard={keyboard}
        gate={gate}
        frame={frame}
        theme={theme}
        keymap={keys.ok ? keys.keymap : keymap}
        keyTrouble={keys.ok ? undefined : `your keys do not count: ${keys.problem}`}
        entitle={(text) => title.say(text)}
        onFarewell={(value) => {
          farewell.value = value;
        }}
        onSession={(session) => {
          if (session) open.session = session;
        }}
      />,
      {
        stdin: keyboard as unknown as NodeJS.ReadStream,
        exitOnCtrlC: false,
        incrementalRendering: true,
        maxFps: 30,
        interactive: true,
        onRender: () => gate.painted(),
        ...(theme.reader ? { isScreenReaderEnabled: true } : {}),
      },
    );
    // After Ink has put its own handlers up.
    unguard = guardAgainstFaults();
    void unusable?.then(() => {
      farewell.value = { code: 1 };
      // What is wrong is said where the screens were.
      instance?.rerender(null);
      instance?.unmount();
    });
    await instance.waitUntilExit();
  } finally {
    unguard();
    for (const signal of signals) process.off(signal, onSignal);
    giveTitleBack();
    process.off('exit', giveTitleBack);
    stdout.off('error', onGone);
    stdout.off('resize', clearWrapped);
    try {
      keyboard.setRawMode(false);
    } catch {
      // The terminal is gone; there is nothing left to give back.
    }
    keyboard.release();
    // After a signal nobody has closed the run; after any other end this does nothing more.
    await open.session?.close();
    stdin.unref();
  }
  if (farewell.value.words) stdout.write(`${farewell.value.words}\n`);
  return farewell.value.code;
}
