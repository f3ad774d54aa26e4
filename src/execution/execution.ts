import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { basename } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { Exit } from '../run/event.ts';
import type { LiveProgress } from '../run/session.ts';
import { bashMissing, findBash } from './bash-program.ts';
import { ErrorSpans } from './error-spans.ts';
import type { ExecutionResult, Rung, Spawned } from './execution-result.ts';
import { explainComplaint } from './exit-codes.ts';
import { handOver, type LentTerminal } from './hand-over.ts';
import { prepare } from './invocation.ts';
import { folderOf, keepState } from './keep-state.ts';
import { leftBehind } from './left-behind.ts';
import { adoptLeftOver } from './left-over.ts';
import { looksLikePrompt } from './needs-terminal.ts';
import { OutputFile } from './output-file.ts';
import { OutputScreen } from './output-screen.ts';
import { runInPipes, type Stream } from './piped.ts';
import { birthOf } from './process-fate.ts';
import { meterOf } from './progress/command-meter.ts';
import type { ProgressMeter } from './progress/meter.ts';
import type { Recording } from './recording.ts';
import type { Redaction } from './redaction.ts';
import { readReports } from './report-file.ts';
import { removeScratch } from './scratch-folder.ts';
import { loadState } from './shell-state.ts';
import { SilenceWatch } from './silence.ts';
import { folderFault } from './start-folder.ts';
import { StopLadder } from './stop-ladder.ts';
import { Throttle } from './throttle.ts';
import { judge } from './verdict.ts';

export type { BackgroundProcess, ExecutionResult, Rung, Spawned } from './execution-result.ts';

export interface ExecutionRequest {
  /** Bash, given to the shell as it stands. */
  readonly text: string;
  /** Where the first command of a run starts; later ones start where the one before ended. The user's home without it. */
  readonly cwd?: string;
  /** A folder for this command alone (a hint of its author): what comes after starts where it would have without. */
  readonly startIn?: string;
  /** This run's shell state; made with mode 0700 where it is missing. One command at a time may use it. */
  readonly stateFolder: string;
  /** Gets every byte of stdout and stderr in the order of reading, masked; made with mode 0600, emptied where it is there. */
  readonly outputFile: string;
  /** Variables for this command on top of `inherited`, secrets among them. */
  readonly environment: Readonly<Record<string, string>>;
  /** The environment underneath; Drillbook's own without it. */
  readonly inherited?: NodeJS.ProcessEnv;
  readonly redaction: Redaction;
  /** SIGTERM when it is over, SIGKILL five seconds later. */
  readonly timeoutMs?: number;
  /** `onSilence` is called once each time that nothing has come for so long, in milliseconds. Nothing is killed. */
  readonly silenceMs?: () => number;
  readonly onSilence?: () => void;
  /** Size of the terminal that the output is imagined on. */
  readonly columns: number;
  readonly rows: number;
  /** Gets masked output in the order of reading; the chunk is used again afterwards. Must not take long. */
  readonly onOutput?: (chunk: Buffer) => void;
  /** Called after output came in, at most 30 times a second; ten times in a flood. */
  readonly onData?: () => void;
  /** Gets the output as a viewer of the run would see it. The caller opens and closes it, and sets the markers. */
  readonly recording?: Recording;
  /** Gives the command the whole terminal. The caller's own screen must be away, and comes back when `done` has resolved. */
  readonly interactive?: boolean;
  /** The terminal to give; that of this process without it. */
  readonly terminal?: LentTerminal;
  /**
   * Called when the command's shell stands; the text begins when it has resolved, and never where it rejects. What must
   * be on disk before anything happens is written here.
   */
  readonly beforeText?: (spawned: Spawned) => Promise<void>;
  /** Finds bash; by PATH and the usual places without it. */
  readonly bash?: () => Promise<string | undefined>;
  /** Gives the terminal itself, unrecorded, as where the native module for pseudo-terminals is missing. */
  readonly plainHandOver?: boolean;
}

/** A command on its way. */
export interface Execution {
  /** Undefined until it is spawned. */
  readonly pid: number | undefined;
  /** Resolves when the text may begin; with undefined where it never does. Never rejects. */
  readonly spawned: Promise<Spawned | undefined>;
  /** Never rejects: whatever goes wrong is in the result. */
  readonly done: Promise<ExecutionResult>;
  readonly screen: OutputScreen;
  /** What came from standard error alone; nothing where the command has the terminal, where the two are one. */
  readonly stderr: OutputScreen;
  /** Nothing has come for `silenceMs`. */
  readonly silent: boolean;
  /** How far the command is, where it says so itself. */
  readonly progress: LiveProgress | undefined;
  /** The rung of the ladder that was taken last. */
  readonly stopping: Rung | undefined;
  /** Sends the next signal of SIGINT, SIGTERM, SIGKILL to everything in the command's session; says which. */
  interrupt(): Rung;
}

const notifyEveryMs = 34;
/** A flood is too fast to be read; what is drawn of it less often leaves the machine to the command. */
const notifyOfFloodEveryMs = 100;
/** Bytes between two calls of `onData` from which on output is a flood. */
const flood = 256 * 1024;

/**
 * Runs one command, continuing the run's shell state: in pipes without a controlling terminal, or, where it is
 * interactive, with the whole terminal. A third of this file is the request and its words: the rest reads from the start of a
 * command to its end in one place.
 */
export function execute(request: ExecutionRequest): Execution {
  const screen = new OutputScreen(request.rows);
  const stderr = new OutputScreen(request.rows);
  // Whoever sits at the command's own terminal hears its silence without us.
  const silence = new SilenceWatch(
    screen,
    request.interactive ? undefined : request.silenceMs,
    request.onSilence,
  );
  const started = performance.now();
  const control = new StopLadder();
  const spawned = Promise.withResolvers<Spawned | undefined>();

  const meter: { value?: ProgressMeter | undefined } = {};

  const done = run(request, { screen, stderr }, control, spawned.resolve, meter)
    .catch((error: Error): ExecutionResult => {
      return notStarted(request, `The command could not be run: ${error.message}`);
    })
    .then((result) => {
      spawned.resolve(undefined);
      control.close();
      silence.stop();
      return { ...result, durationMs: Math.round(performance.now() - started) };
    });

  return {
    get pid() {
      return control.pid;
    },
    spawned: spawned.promise,
    done,
    screen,
    stderr,
    get silent() {
      return silence.silent;
    },
    get progress() {
      return meter.value?.read(performance.now());
    },
    get stopping() {
      return control.rung;
    },
    interrupt: () => control.next(),
  };
}

async function run(
  request: ExecutionRequest,
  { screen, stderr }: { readonly screen: OutputScreen; readonly stderr: OutputScreen },
  control: StopLadder,
  tellSpawned: (spawned: Spawned) => void,
  meter: { value?: ProgressMeter | undefined },
): Promise<ExecutionResult> {
  const faults: string[] = [];
  const bash = await (request.bash ?? (() => findBash((request.inherited ?? process.env).PATH)))();
  if (bash === undefined) return notStarted(request, bashMissing);
  if (request.interactive && !(request.terminal?.input ?? process.stdin).isTTY)
    return notStarted(request, noTerminal);
  const state = await adoptLeftOver(request.stateFolder, await loadState(request.stateFolder), (text) =>
    request.redaction.text(text),
  );
  const folder = request.startIn ?? folderOf(state) ?? request.cwd ?? homedir();
  const missing = await folderFault(folder);
  if (missing !== undefined) return notStarted(request, missing);

  const file = await OutputFile.create(request.outputFile);
  const spans = await ErrorSpans.beside(request.outputFile);
  const invocation = await prepare(bash, request.text, request.stateFolder, state);
  try {
    let told = 0;
    let news = 0;
    const tell = () => {
      news = screen.bytes - told;
      told = screen.bytes;
      request.onData?.();
    };
    const throttle = new Throttle(tell, () => (news >= flood ? notifyOfFloodEveryMs : notifyEveryMs));
    const environment = { ...(request.inherited ?? process.env), ...request.environment, PWD: folder };
    const common = { bash, invocation, folder, environment, redaction: request.redaction };
    let beginning = Promise.resolve();
    let hindrance: Error | undefined;
    const begin = async (pid: number) => {
      const birth = await birthOf(pid);
      const spawned = { pid, ...(birth === undefined ? {} : { birth }) };
      await request.beforeText?.(spawned);
      await invocation.gate.open();
      tellSpawned(spawned);
    };
    const onSpawned = (pid: number) => {
      control.begin(pid, request.timeoutMs);
      beginning = begin(pid).catch(async (error: Error) => {
        hindrance = error;
        await invocation.gate.refuse();
      });
    };
    meter.value = await meterOf(request.text, folder, environment, state);
    const take = (chunk: Buffer, fromPipe: boolean, stream?: Stream) => {
      if (stream === 'stderr') {
        spans.add(file.bytes, chunk.length);
        stderr.add(chunk);
      }
      screen.add(chunk);
      request.onOutput?.(chunk);
      meter.value?.see(chunk, performance.now());
      request.recording?.output(chunk, { fromPipe });
      throttle.call();
    };
    let exit: Exit;
    let recorded = true;
    try {
      if (request.interactive) {
        const terminal = request.terminal ?? { input: process.stdin, output: process.stdout };
        ({ exit, recorded } = await handOver({
          ...common,
          terminal,
          plain: request.plainHandOver === true,
          onChunk: (chunk) => {
            file.write(chunk);
            take(chunk, false);
          },
          onResize: (columns, rows) => request.recording?.resize(columns, rows),
          onSpawned,
        }));
      } else {
        exit = await runInPipes({
          ...common,
          file,
          lateFile: `${request.outputFile}.late`,
          onChunk: (chunk, stream) => take(chunk, true, stream),
          onSpawned,
        });
      }
    } finally {
      await beginning;
      throttle.flush();
    }
    if (hindrance) exit = { kind: 'not-started', error: `It was not begun: ${hindrance.message}` };
    await control.sent();
    control.ended();
    const silentMs = screen.longestPause;
    if (!recorded) faults.push(unrecorded);
    const background = await leftBehind(control.pid, (text) => request.redaction.text(text));
    const record = await closeOutput(file, faults);
    await spans.close().catch((error: Error) => {
      faults.push(`Which output was standard error could not be noted: ${error.message}`);
    });
    const change = await keepState(request, invocation, state, exit, folder, faults);
    const reports = await readReports(invocation.reportFile, faults);
    const tail = request.redaction.text(screen.text(4000)).slice(-4000);
    const judged = judge(exit, change.pipeStatus, request.text, control.cause);
    const complaint = judged.verdict === 'failed' ? explainComplaint(tail) : undefined;
    const judgement = complaint === undefined ? judged : { ...judged, reason: complaint };
    const prompt = !request.interactive && judgement.verdict === 'failed' && looksLikePrompt(tail);
    return {
      exit,
      durationMs: 0,
      ...judgement,
      output: {
        file: basename(request.outputFile),
        ...record,
        ...(request.interactive ? {} : { stderrBytes: spans.bytes }),
        tail,
      },
      ...(request.interactive ? {} : { silentMs }),
      changed: change.names,
      stateChanges: change.told.map((words) => request.redaction.text(words)),
      ...(change.pipeStatus === undefined ? {} : { pipeStatus: change.pipeStatus }),
      recorded,
      background,
      reports,
      ...(prompt ? { needsTerminal: true } : {}),
      faults,
    };
  } finally {
    await invocation.gate.close();
    await removeScratch(invocation.folder);
  }
}

async function closeOutput(file: OutputFile, faults: string[]): Promise<{ bytes: number; sha256: string }> {
  try {
    return await file.close();
  } catch (error) {
    faults.push(`The output could not be recorded in ${file.path}: ${(error as Error).message}`);
    return await OutputFile.measure(file.path);
  }
}

function notStarted(request: ExecutionRequest, error: string): ExecutionResult {
  const sentence = request.redaction.text(error);
  return {
    exit: { kind: 'not-started', error: sentence },
    durationMs: 0,
    verdict: 'failed',
    reason: sentence,
    output: {
      file: basename(request.outputFile),
      bytes: 0,
      sha256: createHash('sha256').digest('hex'),
      tail: '',
    },
    changed: [],
    stateChanges: [],
    recorded: false,
    background: [],
    reports: [],
    faults: [],
  };
}

const unrecorded =
  'The command had the terminal itself, because the module for pseudo-terminals (@lydell/node-pty) is not installed here: what it printed is not recorded.';

const noTerminal =
  'This command wants a terminal, and there is none here. Run it in a terminal, or mark it done by hand with a note.';
