import { mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { type Execution, type ExecutionRequest, execute } from '../execution/execution.ts';
import { isAlive } from '../execution/process-fate.ts';
import type { Action } from '../run/decision.ts';
import type { CommandFinished, RunEvent } from '../run/event.ts';
import type { Live, TerminalLender } from '../run/session.ts';
import { finished, finishedUnstarted, notesOf } from './command-end.ts';
import { environmentOf } from './command-environment.ts';
import { CommandHistory } from './command-history.ts';
import type { Facts } from './facts.ts';
import { LineFeed } from './line-feed.ts';
import { liveOf } from './live-command.ts';
import { eventsOfReports } from './reports.ts';
import { RunRecording } from './run-recording.ts';
import { eventsOfSeenBackups } from './seen-backups.ts';
import { silenceWorthAWord } from './silence.ts';
import { climb } from './stop-climb.ts';
import type { Surroundings } from './surroundings.ts';

type Execute = Extract<Action, { kind: 'execute' }>;

/** What a runner needs of the run whose commands it runs. */
export interface RunOfCommands {
  readonly folder: string;
  readonly facts: Facts;
  readonly surroundings: Surroundings;
  readonly lender: () => TerminalLender | undefined;
  /** Journals facts and tells the front ends; rejects where the disk refuses them. */
  readonly append: (events: readonly RunEvent[]) => Promise<void>;
  readonly tell: () => void;
  /** Gets each whole line that is printed; undefined where nobody listens. */
  readonly onLine: () => ((line: string) => void) | undefined;
}

/**
 * Runs the commands of a run, one at a time: what a command's life touches (process, terminal, output, recording, the
 * fact of its end) has one owner here, so that nothing of it can be in two states at once.
 */
export class CommandRunner {
  readonly #run: RunOfCommands;
  readonly #recording: RunRecording;
  readonly #history: CommandHistory;
  #current: Running | undefined;
  #orphanSignal = 0;
  #fault: Error | undefined;
  /** The end of a command that is not on disk yet. */
  #late: readonly RunEvent[] = [];
  #shell: Execution | undefined;

  constructor(run: RunOfCommands) {
    this.#run = run;
    this.#history = new CommandHistory(run.folder);
    this.#recording = new RunRecording(join(run.folder, 'run.cast'), (text) => run.surroundings.mask(text));
  }

  /** The running command, while there is one. */
  get live(): Live | undefined {
    return this.#current?.live;
  }

  /** Resolves when no command runs any more; rejects where the end of the last one could not be written down. */
  async settled(): Promise<void> {
    while (this.#current) await this.#current.ended;
    if (this.#fault) throw this.#fault;
  }

  /** Nothing is orphaned: what still runs is stopped, an open shell too. */
  async stop(): Promise<void> {
    const current = this.#current;
    await Promise.all([
      current && climb(current.execution).then(() => current.ended),
      this.#shell && climb(this.#shell),
    ]);
  }

  /** Ends the recording; `code` says how the run ended, where it has. Never rejects. */
  close(code: number | undefined): Promise<void> {
    return this.#recording.close(code);
  }

  /** Runs a command; resolves when it has begun, or, where it has the terminal, when it has ended. */
  async run(action: Execute): Promise<void> {
    const outputFile = join(this.#run.folder, 'output', action.output);
    const hindered = await this.#unready(action, outputFile);
    if (hindered) {
      await this.#run.append([finishedUnstarted(action, hindered)]);
      return;
    }
    const onLine = this.#run.onLine();
    const feed = new LineFeed(onLine ?? (() => {}));
    const recording = await this.#recording.begin(this.#run.facts.exact, action.text);
    const masked = this.#run.surroundings.mask(action.text);
    const typical = () => this.#history.of(masked);
    const started = Promise.withResolvers<void>();
    const whole = async () => {
      const execution = execute({
        ...this.#request(outputFile),
        text: action.text,
        interactive: action.interactive,
        ...(recording ? { recording } : {}),
        // Whoever takes the run up again must be able to tell a command that runs from one that never began.
        beforeText: (spawned) =>
          this.#run.append([
            { type: 'command-spawned', command: action.command, attempt: action.attempt, ...spawned },
          ]),
        onData: () => this.#run.tell(),
        silenceMs: () => action.silenceMs ?? silenceWorthAWord(typical()),
        onSilence: () => this.#run.tell(),
        // Not from the file: what is printed must not depend on a disk that has room.
        ...(onLine ? { onOutput: (chunk: Buffer) => feed.add(chunk) } : {}),
        ...(action.cwd ? { startIn: resolve(action.cwd) } : {}),
        ...(action.timeoutMs ? { timeoutMs: action.timeoutMs } : {}),
      });
      const ended = Promise.withResolvers<void>();
      this.#current = { execution, live: liveOf(action, execution, typical), ended: ended.promise };
      started.resolve();
      try {
        const result = await execution.done;
        feed.end();
        const end = await finished(action, result, outputFile);
        this.#late = [
          ...eventsOfReports(result.reports),
          end,
          ...notesOf(result, this.#run.facts.exact.step),
        ];
        await this.writeLate();
        if (end.type === 'command-finished') this.#late = await this.#seenBackups(end);
        await this.writeLate();
      } catch (error) {
        this.#fault = error as Error;
        // What nobody can write down must not go on unseen.
        await climb(execution);
      } finally {
        this.#current = undefined;
        ended.resolve();
        this.#run.tell();
      }
    };
    if (action.interactive) await this.#run.lender()!.lend(whole);
    else {
      void whole();
      await started.promise;
    }
  }

  #seenBackups(end: CommandFinished): Promise<readonly RunEvent[]> {
    return eventsOfSeenBackups(this.#run.facts.exact, end, {
      stateFolder: join(this.#run.folder, 'state'),
      environment: environmentOf(this.#run.facts.exact, this.#run.surroundings),
      cwd: this.#run.surroundings.cwd,
    });
  }

  /** What keeps a command from beginning although its start is journaled; undefined where nothing does. */
  async #unready(action: Execute, outputFile: string): Promise<string | undefined> {
    if (action.interactive && !this.#run.lender()) return 'it wants the terminal, and there is none here';
    try {
      await mkdir(dirname(outputFile), { recursive: true, mode: 0o700 });
      return undefined;
    } catch (error) {
      return `its output cannot be kept: ${(error as Error).message}`;
    }
  }

  /** Writes the end of a command that a full disk did not take when it happened. Rejects while it still does not. */
  async writeLate(): Promise<void> {
    const late = this.#late;
    if (late.length === 0) return;
    await this.#run.append(late);
    this.#late = [];
    this.#fault = undefined;
  }

  #request(
    outputFile: string,
  ): Pick<
    ExecutionRequest,
    'stateFolder' | 'outputFile' | 'environment' | 'inherited' | 'redaction' | 'cwd' | 'columns' | 'rows'
  > {
    return {
      stateFolder: join(this.#run.folder, 'state'),
      outputFile,
      environment: environmentOf(this.#run.facts.exact, this.#run.surroundings),
      inherited: this.#run.surroundings.inherited,
      redaction: this.#run.surroundings.redaction,
      cwd: this.#run.surroundings.cwd,
      columns: process.stdout.columns ?? 80,
      rows: process.stdout.rows ?? 24,
    };
  }

  /** Sends the next signal of the ladder, also to a command that outlived the Drillbook that started it. */
  async interrupt(command: string): Promise<void> {
    if (this.#current) {
      const signal = this.#current.execution.interrupt();
      await this.#run.append([{ type: 'stop-requested', command, signal }]);
      return;
    }
    const { interrupted } = this.#run.facts.exact;
    if (interrupted?.pid === undefined || !(await isAlive(interrupted.pid, interrupted.birth))) return;
    const signal = (['SIGINT', 'SIGTERM', 'SIGKILL'] as const)[Math.min(this.#orphanSignal++, 2)]!;
    process.kill(-interrupted.pid, signal);
    await this.#run.append([{ type: 'stop-requested', command, signal }]);
  }

  /** A shell with the state of the run, in the terminal. */
  async openShell(): Promise<void> {
    if (!this.#run.lender()) return;
    const began = Date.now();
    await mkdir(join(this.#run.folder, 'output'), { recursive: true, mode: 0o700 });
    await this.#run.lender()?.lend(async () => {
      const execution = execute({
        ...this.#request(join(this.#run.folder, 'output', `shell-${began}.log`)),
        text: 'bash --norc -i',
        interactive: true,
      });
      this.#shell = execution;
      await execution.done;
      this.#shell = undefined;
    });
    await this.#run.append([{ type: 'shell-closed', durationMs: Date.now() - began }]);
  }
}

interface Running {
  readonly execution: Execution;
  readonly live: Live;
  readonly ended: Promise<void>;
}
