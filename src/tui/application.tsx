import { Box, useApp, useInput, useWindowSize } from 'ink';
import { Suspense, useCallback, useEffect, useReducer, useState } from 'react';
import type { Session } from '../run/session.ts';
import { TooSmall } from './components/too-small.tsx';
import type { Gate } from './gate.ts';
import type { Opening } from './home-rows.ts';
import type { House, Resumed, Training } from './house.ts';
import type { Keyboard } from './keyboard.ts';
import type { Binding } from './keymap.ts';
import { leavingWords } from './leaving.ts';
import { type Line, line, span } from './line.ts';
import { proseLines } from './prose.ts';
import type { Frame } from './reflow.ts';
import { DueDrill } from './screens/due-drill.tsx';
import { Findings } from './screens/findings.tsx';
import { Home } from './screens/home.tsx';
import { Message } from './screens/message.tsx';
import { Reader } from './screens/reader.tsx';
import { loadRun, Run } from './screens/run-later.tsx';
import { Setup, type SetupStart } from './screens/setup.tsx';
import { TrainingDesk } from './screens/training-desk.tsx';
import { TrainingStart } from './screens/training-start.tsx';
import { suspend } from './suspend.ts';
import type { Theme } from './theme.ts';
import { smallest, type Ui, UiProvider } from './ui.ts';

export interface TuiOptions {
  /** A run to go on with, already begun or resumed. */
  readonly session?: Session;
  /** A run to resume. */
  readonly run?: string;
  /** Where to begin instead of home: a runbook, with what is known already. */
  readonly screen?: SetupStart;
  /** A training instead of home: a scenario, or the list of them. */
  readonly train?: { readonly scenario?: string };
}

/** How the screens were left, for the exit code and the last words. */
export interface Farewell {
  readonly code: number;
  readonly words?: string;
}

type Place =
  | { readonly at: 'home' }
  | { readonly at: 'setup'; readonly start: SetupStart }
  | { readonly at: 'scenarios'; readonly scenario?: string }
  | { readonly at: 'training' }
  | { readonly at: 'due-drill'; readonly target: string }
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
  readonly frame: Frame;
  readonly theme: Theme;
  /** The keymap with the operator's own keys, and what is wrong with those that do not count. */
  readonly keymap: readonly Binding[];
  readonly keyTrouble: string | undefined;
  /** Puts words into the title of the terminal's window. */
  readonly entitle: (text: string) => void;
  readonly onFarewell: (farewell: Farewell) => void;
  /** The run that is open, to be closed when the screens are taken away from outside. */
  readonly onSession: (session: Session | undefined) => void;
}

/** The application: which screen is shown, and what they all share. Long, for each place and each way between two stands here. */
export function App(props: AppProps) {
  const { house, options, keyboard, gate, frame, theme, keymap, keyTrouble, entitle, onFarewell, onSession } =
    props;
  const { columns, rows } = useWindowSize();
  const { exit, suspendTerminal } = useApp();
  const [trouble, setTrouble] = useState<string | undefined>(keyTrouble);
  const [notice, say] = useState<string | undefined>();
  const [, again] = useReducer((turn: number) => turn + 1, 0);
  const [place, setPlace] = useState<Place>(() => placeOf(options));
  const [training, setTraining] = useState<Training | undefined>();
  // What home had marked, for whoever comes back from a question; after a run the mark stands on what is first again.
  const [homeMark, setHomeMark] = useState<string | undefined>();
  useEffect(() => gate.subscribe(again), [gate]);
  // What runs are shown with comes behind the first frame; nobody gets to a run before it is there.
  useEffect(() => void setImmediate(() => void loadRun().catch(() => undefined)), []);
  const fail = useCallback((error: unknown) => {
    setTrouble(error === undefined ? undefined : messageOf(error));
    say(undefined);
  }, []);
  const tooSmall = columns < smallest.columns || rows < smallest.rows;
  const ui: Ui = {
    columns,
    rows,
    tooSmall,
    theme,
    gate,
    house,
    frame,
    fail,
    trouble,
    say,
    notice,
    keymap,
    training,
  };

  const quit = (farewell: Farewell): void => {
    onFarewell(farewell);
    setPlace({ at: 'gone' });
  };
  useEffect(() => {
    if (place.at === 'gone') exit();
    else entitle(titleOf(place));
  }, [place, exit, entitle]);

  const open = async (opening: Opening): Promise<void> => {
    switch (opening.kind) {
      case 'resume':
        return resume(opening.run);
      case 'drill':
        return setPlace({ at: 'setup', start: { path: opening.path } });
      case 'due-drill':
        return setPlace({ at: 'due-drill', target: opening.target });
      case 'runbook': {
        const { path, procedure } = opening;
        return setPlace({ at: 'setup', start: { path, ...(procedure === undefined ? {} : { procedure }) } });
      }
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
  const endTraining = async (over: Training): Promise<void> => {
    setTraining(undefined);
    setPlace({ at: 'home' });
    await over.close();
  };
  const home = (error?: unknown): void =>
    error === undefined
      ? setPlace({ at: training ? 'training' : 'home' })
      : setPlace({ at: 'trouble', text: messageOf(error) });
  const leaveRun = async (
    session: Session,
    where: 'home' | 'quit' | SetupStart,
    interrupted: boolean,
    trouble: unknown,
  ): Promise<void> => {
    let failure = trouble;
    try {
      await session.close();
    } catch (error) {
      failure ??= error;
    }
    if (where === 'home') {
      setHomeMark(undefined);
      await house.renew();
    }
    const { outcome } = session.state();
    if (where === 'home' || (where !== 'quit' && failure !== undefined)) return home(failure);
    if (where !== 'quit') return setPlace({ at: 'setup', start: where });
    const passed = outcome === undefined || outcome === 'passed';
    quit({
      code: interrupted ? 130 : passed && failure === undefined ? 0 : 1,
      words: [...(failure === undefined ? [] : [messageOf(failure)]), ...leavingWords(session.state())].join(
        '\n',
      ),
    });
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, with what the program was started with
  useEffect(() => {
    if (options.session === undefined && options.run !== undefined) resume(options.run).catch(home);
  }, []);

  useEffect(() => {
    onSession(
      place.at === 'run' ? place.session : place.at === 'findings' ? place.resumed.session : undefined,
    );
  }, [place, onSession]);

  useInput((input, key) => {
    if (key.ctrl && input === 'z') void suspend(suspendTerminal, keyboard).catch(fail);
    // In a run, Ctrl+C belongs to the run: it interrupts first, and asks before it leaves.
    if (key.ctrl && input === 'c' && place.at !== 'run') quit({ code: 130 });
  });

  const screen = (): React.ReactNode => {
    switch (place.at) {
      case 'home':
        return (
          <Home
            marked={homeMark}
            onMark={setHomeMark}
            onOpen={(opening) => void open(opening).catch(home)}
            onQuit={() => quit({ code: 0 })}
            onTrain={() => setPlace({ at: 'scenarios' })}
          />
        );
      case 'setup':
        return (
          <Setup
            start={place.start}
            onBegin={(session) => {
              void training?.begun(session.folder).catch(fail);
              setPlace({ at: 'run', session });
            }}
            onClose={() => home()}
          />
        );
      case 'scenarios':
        return (
          <TrainingStart
            scenario={place.scenario}
            onBegin={(begun) => {
              setTraining(begun);
              setPlace({ at: 'training' });
            }}
            onClose={() => setPlace({ at: 'home' })}
          />
        );
      case 'training':
        return training ? (
          <TrainingDesk
            training={training}
            onProcedure={({ path, procedure }) =>
              setPlace({ at: 'setup', start: { path, procedure, mode: 'training', target: 'sandbox' } })
            }
            onDone={() => void endTraining(training).catch(home)}
          />
        ) : null;
      case 'due-drill':
        return (
          <DueDrill
            target={place.target}
            onBegin={(session) => setPlace({ at: 'run', session })}
            onClose={() => setPlace({ at: 'home' })}
          />
        );
      case 'resuming':
        return (
          <Message
            question="resuming"
            waiting
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
          <Suspense fallback={null}>
            <Run
              key={place.session.folder}
              session={place.session}
              keyboard={keyboard}
              onLeave={(where, interrupted, trouble) =>
                void leaveRun(place.session, where, interrupted, trouble)
              }
            />
          </Suspense>
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
      {tooSmall && place.at !== 'gone' ? (
        <TooSmall columns={columns} rows={rows} gate={gate} frame={frame} />
      ) : null}
      <Box display={tooSmall ? 'none' : 'flex'} flexDirection="column">
        {screen()}
      </Box>
    </UiProvider>
  );
}

/** What a window in the background says of itself. */
function titleOf(place: Place): string {
  const session =
    place.at === 'run' ? place.session : place.at === 'findings' ? place.resumed.session : undefined;
  if (!session) return 'Drillbook';
  const { mode, procedure, target } = session.state().started;
  const where = target ? ` · ${target.name} (${target.environment})` : '';
  return `${mode.toUpperCase()} ${procedure.title}${where}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function placeOf(options: TuiOptions): Place {
  if (options.session) return { at: 'run', session: options.session };
  if (options.run !== undefined) return { at: 'resuming', run: options.run };
  if (options.train) return { at: 'scenarios', ...options.train };
  if (options.screen) return { at: 'setup', start: options.screen };
  return { at: 'home' };
}

function title(text: string): readonly Line[] {
  return [line(span(` ${text}`, { bold: true }))];
}
