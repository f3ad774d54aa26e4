import { Box, render, Text, useApp, useInput, useWindowSize } from 'ink';
import { useCallback, useEffect, useInsertionEffect, useReducer, useState } from 'react';
import type { Session } from '../run/session.ts';
import { Gate } from './gate.ts';
import type { Opening } from './home-rows.ts';
import type { House, Resumed } from './house.ts';
import { Keyboard } from './keyboard.ts';
import { type Line, line, span } from './line.ts';
import { proseLines } from './prose.ts';
import { Findings } from './screens/findings.tsx';
import { Home } from './screens/home.tsx';
import { Message } from './screens/message.tsx';
import { Reader } from './screens/reader.tsx';
import { Run } from './screens/run.tsx';
import { Setup, type SetupStart } from './screens/setup.tsx';
import { suspend } from './suspend.ts';
import { type Theme, themeFor } from './theme.ts';
import { smallest, type Ui, UiProvider } from './ui.ts';

export interface TuiOptions {
  /** A run to go on with, already begun or resumed. */
  readonly session?: Session;
  /** A run to resume. */
  readonly run?: string;
  /** Where to begin instead of home: a runbook, with what is known already. */
  readonly screen?: SetupStart;
}

/** How the screens were left, for the exit code and the last words. */
interface Farewell {
  readonly code: number;
  readonly words?: string;
}

/**
 * Opens the screens and resolves with the exit code when they are left: 0, 1 where the last run failed, 130 where
 * the operator interrupted. The terminal is as it was then. Rejects where standard input or output is no terminal.
 */
export async function openTui(house: House, options: TuiOptions = {}): Promise<number> {
  const { stdin, stdout } = process;
  if (!stdin.isTTY || !stdout.isTTY) throw new Error('the screens need a terminal; use --plain without one');
  const keyboard = new Keyboard(stdin);
  const gate = new Gate();
  const farewell: { value: Farewell } = { value: { code: 0 } };
  const theme = themeFor(process.env);
  // Before the first frame: until raw mode is on, Ctrl+C still comes as a signal, and it must not leave a half-set terminal.
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  let instance: ReturnType<typeof render> | undefined;
  const onSignal = (signal: NodeJS.Signals): void => {
    farewell.value = { code: signal === 'SIGTERM' ? 143 : signal === 'SIGHUP' ? 129 : 130 };
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
        theme={theme}
        onFarewell={(value) => {
          farewell.value = value;
        }}
      />,
      {
        stdin: keyboard as unknown as NodeJS.ReadStream,
        exitOnCtrlC: false,
        incrementalRendering: true,
        maxFps: 30,
        interactive: true,
        onRender: () => gate.painted(),
      },
    );
    await instance.waitUntilExit();
  } finally {
    for (const signal of signals) process.off(signal, onSignal);
    stdout.off('error', onGone);
    keyboard.setRawMode(false);
    keyboard.release();
    stdin.unref();
  }
  if (farewell.value.words) stdout.write(`${farewell.value.words}\n`);
  return farewell.value.code;
}

type Place =
  | { readonly at: 'home' }
  | { readonly at: 'setup'; readonly start: SetupStart }
  | { readonly at: 'resuming'; readonly run: string }
  | { readonly at: 'findings'; readonly resumed: Resumed }
  | { readonly at: 'run'; readonly session: Session }
  | { readonly at: 'entry'; readonly path: string; readonly markdown: string | undefined }
  | { readonly at: 'trouble'; readonly text: string }
  | { readonly at: 'gone' };

export interface AppProps {
  readonly house: House;
  readonly options: TuiOptions;
  readonly keyboard: Keyboard;
  readonly gate: Gate;
  readonly theme: Theme;
  readonly onFarewell: (farewell: Farewell) => void;
}

/** The application: which screen is shown, and what they all share. */
export function App({ house, options, keyboard, gate, theme, onFarewell }: AppProps) {
  const { columns, rows } = useWindowSize();
  const { exit, suspendTerminal } = useApp();
  const [trouble, setTrouble] = useState<string | undefined>();
  const [, again] = useReducer((turn: number) => turn + 1, 0);
  const [place, setPlace] = useState<Place>(() => placeOf(options));
  useEffect(() => gate.subscribe(again), [gate]);
  const fail = useCallback(
    (error: unknown) =>
      setTrouble(error === undefined ? undefined : error instanceof Error ? error.message : String(error)),
    [],
  );
  const tooSmall = columns < smallest.columns || rows < smallest.rows;
  const ui: Ui = { columns, rows, tooSmall, theme, gate, house, fail, trouble };

  const quit = (farewell: Farewell): void => {
    onFarewell(farewell);
    setPlace({ at: 'gone' });
  };
  useEffect(() => {
    if (place.at === 'gone') exit();
  }, [place, exit]);

  const open = async (opening: Opening): Promise<void> => {
    switch (opening.kind) {
      case 'resume':
        return resume(opening.run);
      case 'drill':
      case 'runbook':
        return setPlace({ at: 'setup', start: { path: opening.path } });
      case 'entry': {
        setPlace({ at: 'entry', path: opening.path, markdown: undefined });
        const markdown = await house.entry(opening.path);
        setPlace((now) => (now.at === 'entry' ? { ...now, markdown } : now));
      }
    }
  };
  const resume = async (run: string): Promise<void> => {
    setPlace({ at: 'resuming', run });
    const resumed = await house.resume(run);
    setPlace(
      resumed.findings.length > 0 ? { at: 'findings', resumed } : { at: 'run', session: resumed.session },
    );
  };
  const home = (error?: unknown): void =>
    error === undefined
      ? setPlace({ at: 'home' })
      : setPlace({ at: 'trouble', text: error instanceof Error ? error.message : String(error) });
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, with what the program was started with
  useEffect(() => {
    if (options.session === undefined && options.run !== undefined) resume(options.run).catch(home);
  }, []);

  useInput((input, key) => {
    if (key.ctrl && input === 'z') void suspend(suspendTerminal, keyboard).catch(fail);
    // In a run, Ctrl+C belongs to the run: it interrupts first, and asks before it leaves.
    if (key.ctrl && input === 'c' && place.at !== 'run') quit({ code: 130 });
  });

  const screen = (): React.ReactNode => {
    switch (place.at) {
      case 'home':
        return <Home onOpen={(opening) => void open(opening).catch(home)} onQuit={() => quit({ code: 0 })} />;
      case 'setup':
        return (
          <Setup
            start={place.start}
            onBegin={(session) => setPlace({ at: 'run', session })}
            onClose={() => setPlace({ at: 'home' })}
          />
        );
      case 'resuming':
        return (
          <Message
            question="resuming"
            header={title('Resuming')}
            title={`Reading the journal of ${place.run} …`}
            text=""
          />
        );
      case 'findings':
        return (
          <Findings
            findings={place.resumed.findings}
            onGoOn={() => setPlace({ at: 'run', session: place.resumed.session })}
          />
        );
      case 'run':
        return (
          <Run
            key={place.session.folder}
            session={place.session}
            keyboard={keyboard}
            onLeave={(where, interrupted = false) => {
              const { session } = place;
              const state = session.state();
              const failed = state.outcome !== undefined && state.outcome !== 'passed';
              const words =
                state.status === 'finished'
                  ? `Run ${state.started.run}: ${state.outcome ?? 'finished'}.`
                  : `Run ${state.started.run} is stopped.\nGo on with: drillbook resume ${state.started.run}`;
              void session.close().then(
                () => {
                  if (where === 'home') setPlace({ at: 'home' });
                  else quit({ code: interrupted ? 130 : failed ? 1 : 0, words });
                },
                (error: unknown) => home(error),
              );
            }}
          />
        );
      case 'entry':
        return (
          <Reader
            question={`entry/${place.markdown === undefined}`}
            header={title(place.path)}
            title={place.markdown === undefined ? 'Reading …' : 'Entry'}
            lines={proseLines(place.markdown ?? '', columns - 2).map((row): Line => [span(' '), ...row])}
            onClose={() => setPlace({ at: 'home' })}
          />
        );
      case 'trouble':
        return (
          <Message
            question={`trouble/${place.text}`}
            header={title('Drillbook')}
            title="That did not work"
            text={place.text}
            onGoOn={() => setPlace({ at: 'home' })}
            onClose={() => setPlace({ at: 'home' })}
          />
        );
      case 'gone':
        return null;
    }
  };

  return (
    <UiProvider value={ui}>
      {tooSmall && place.at !== 'gone' ? <TooSmall columns={columns} rows={rows} gate={gate} /> : null}
      <Box display={tooSmall ? 'none' : 'flex'} flexDirection="column">
        {screen()}
      </Box>
    </UiProvider>
  );
}

function placeOf(options: TuiOptions): Place {
  if (options.session) return { at: 'run', session: options.session };
  if (options.run !== undefined) return { at: 'resuming', run: options.run };
  if (options.screen) return { at: 'setup', start: options.screen };
  return { at: 'home' };
}

function title(text: string): readonly Line[] {
  return [line(span(` ${text}`, { bold: true }))];
}

/** The one line of a window that cannot hold the screens. What runs goes on; a larger window brings it back. */
function TooSmall({
  columns,
  rows,
  gate,
}: {
  readonly columns: number;
  readonly rows: number;
  readonly gate: Gate;
}) {
  useInsertionEffect(() => gate.ask(`too-small/${columns}×${rows}`));
  const needs = `${smallest.columns}×${smallest.rows}`;
  const sentences = [
    `This window is ${columns}×${rows}; Drillbook needs ${needs}. Nothing is lost: make it larger.`,
    `window too small: needs ${needs}, is ${columns}×${rows}`,
    `window too small: needs ${needs}`,
    `needs ${needs}`,
  ];
  return <Text wrap="truncate-end">{sentences.find((text) => text.length <= columns) ?? needs}</Text>;
}
