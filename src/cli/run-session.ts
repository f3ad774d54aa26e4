import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { readIdentity } from '../backup/identity.ts';
import { stopBackground } from '../execution/background.ts';
import { type Execution, type ExecutionRequest, execute } from '../execution/execution.ts';
import { isAlive } from '../execution/process-fate.ts';
import { Recording } from '../execution/recording.ts';
import type { Journal } from '../journal/journal.ts';
import { decide } from '../run/decide.ts';
import type { Action, Decision } from '../run/decision.ts';
import type { RunEvent } from '../run/event.ts';
import { apply, fold } from '../run/fold.ts';
import type { Intent } from '../run/intent.ts';
import type { Live, Session, TerminalLender } from '../run/session.ts';
import type { RecordedEvent, RunState } from '../run/state.ts';
import { endsOfBackground } from './background-ends.ts';
import { finished, finishedUnstarted } from './command-end.ts';
import { environmentOf } from './command-environment.ts';
import { Follower } from './follower.ts';
import { hindranceOf } from './hindrance.ts';
import { liveOf } from './live-command.ts';
import { recordedOutput } from './recorded-output.ts';
import { eventsOfReports } from './reports.ts';
import type { Surroundings } from './surroundings.ts';

/** Between two rungs of the ladder when nobody is there to climb it, in milliseconds. */
export const stopGraceMs = 5000;
/** How often background processes are looked at while some of them run. */
const backgroundMs = 1000;

type Execute = Extract<Action, { kind: 'execute' }>;

/**
 * A run with its journal and its processes. One intent at a time is decided, journaled and acted on; what a command
 * does afterwards comes back as events through the same journal.
 */
export class RunSession implements Session {
  readonly folder: string;
  lender: TerminalLender | undefined;

  readonly #journal: Journal;
  readonly #surroundings: Surroundings;
  readonly #events: RecordedEvent[];
  readonly #listeners = new Set<() => void>();
  readonly #lines = new Set<(line: string) => void>();
  #state: RunState;
  #queue: Promise<unknown> = Promise.resolve();
  #current: Running | undefined;
  #orphanSignal = 0;
  #fault: Error | undefined;
  #recording: Recording | undefined;
  #closing: Promise<void> | undefined;
  #backgroundTimer: NodeJS.Timeout | undefined;

  constructor(journal: Journal, events: readonly RecordedEvent[], surroundings: Surroundings) {
    this.folder = journal.folder;
    this.#journal = journal;
    this.#events = [...events];
    this.#state = fold(events);
    this.#surroundings = surroundings;
    this.#watchBackground();
  }

  state(): RunState {
    return this.#state;
  }

  events(): readonly RecordedEvent[] {
    return this.#events;
  }

  live(): Live | undefined {
    return this.#current?.live;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  onLine(listener: (line: string) => void): () => void {
    this.#lines.add(listener);
    return () => this.#lines.delete(listener);
  }

  dispatch(intent: Intent): Promise<Decision> {
    return this.#alone(() => this.#dispatch(intent));
  }

  async settled(): Promise<void> {
    while (this.#current) await this.#current.ended;
    if (this.#fault) throw this.#fault;
  }

  output(command: string, attempt: number, rows: number, columns: number): Promise<readonly string[]> {
    const found = this.#state.parts[command]?.attempts.find((candidate) => candidate.attempt === attempt);
    return found
      ? recordedOutput(join(this.folder, 'output', found.output), rows, columns)
      : Promise.resolve([]);
  }

  /** Adds facts that no intent stands behind: the start of a run, what a resume found. */
  record(events: readonly RunEvent[]): Promise<void> {
    return this.#alone(() => this.#append(events));
  }

  /** Asks the server who it is and journals the answer. */
  identify(): Promise<void> {
    return this.#alone(() => this.#identify());
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#stopCurrent();
    clearTimeout(this.#backgroundTimer);
    await this.#queue;
    clearTimeout(this.#backgroundTimer);
    const { status, outcome } = this.#state;
    if (status === 'finished') this.#recording?.exit(outcome === 'passed' ? 0 : 1);
    // A recording that a full disk cut short is no reason to keep the locks.
    await this.#recording?.close().catch(() => undefined);
    await this.#journal.close();
    await this.#surroundings.release();
  }

  /** The recording of the whole run, with a mark where each command begins; a disk that refuses it stops no command. */
  async #record(action: Execute): Promise<Recording | undefined> {
    try {
      this.#recording ??= await Recording.open(
        join(this.folder, 'run.cast'),
        process.stdout.columns ?? 80,
        process.stdout.rows ?? 24,
        this.#surroundings.mask(this.#state.started.procedure.title),
      );
      this.#recording.marker(this.#surroundings.mask(action.command));
    } catch {
      this.#recording = undefined;
    }
    return this.#recording;
  }

  /** Nothing is orphaned: what still runs gets the whole ladder, with time to heed each rung. */
  async #stopCurrent(): Promise<void> {
    const current = this.#current;
    if (!current) return;
    const climb = setInterval(() => current.execution.interrupt(), stopGraceMs);
    current.execution.interrupt();
    await current.ended;
    clearInterval(climb);
  }

  #alone<T>(task: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(task);
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  async #append(events: readonly RunEvent[]): Promise<void> {
    if (events.length === 0) return;
    const recorded = await this.#journal.appendAll(events);
    this.#events.push(...recorded);
    this.#state = recorded.reduce(apply, this.#state);
    this.#watchBackground();
    this.#tell();
  }

  /** The end of a background process is a fact as soon as it is seen, so that whoever waits for it learns of it. */
  #watchBackground(): void {
    clearTimeout(this.#backgroundTimer);
    if (this.#closing || this.#state.status === 'finished') return;
    if (!this.#state.background.some((process) => process.settled === undefined)) return;
    this.#backgroundTimer = setTimeout(() => {
      // A journal that cannot be written says so at the next intent.
      void this.#alone(async () => this.#append(await endsOfBackground(this.#state)))
        .catch(() => undefined)
        .then(() => this.#watchBackground());
    }, backgroundMs).unref();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }

  async #dispatch(intent: Intent): Promise<Decision> {
    const outside = await hindranceOf(this.#state, intent, this.#surroundings);
    await this.#append(outside.events);
    if (outside.refusal) return outside.refusal;
    const secret = intent.type === 'give' && intent.secret ? intent : undefined;
    if (secret) this.#surroundings.keepSecret(secret.name, secret.value);
    const decision = decide(this.#state, intent);
    switch (decision.kind) {
      case 'guarded':
        return decision;
      case 'refused':
        await this.#append(decision.events ?? []);
        return decision;
      case 'accepted':
        await this.#append(decision.events);
        if (decision.action?.kind === 'identify') {
          await this.#identify();
          return this.#dispatch(intent);
        }
        if (decision.action) await this.#act(decision.action);
        return decision;
    }
  }

  async #identify(): Promise<void> {
    const answer = await readIdentity(this.#surroundings.url ?? '');
    await this.#append([
      'failure' in answer
        ? { type: 'identity-failed', reason: answer.failure }
        : { type: 'identity-read', identity: answer },
    ]);
  }

  async #act(action: Action): Promise<void> {
    switch (action.kind) {
      case 'execute':
        return this.#execute(action);
      case 'interrupt':
        return this.#interrupt(action.command);
      case 'stop-background':
        await stopBackground(action.process, action.signal);
        return;
      case 'save-file':
        return this.#saveFile(action);
      case 'open-shell':
        return this.#openShell();
      case 'identify':
        return;
    }
  }

  async #execute(action: Execute): Promise<void> {
    const outputFile = join(this.folder, 'output', action.output);
    await mkdir(dirname(outputFile), { recursive: true, mode: 0o700 });
    if (action.interactive && !this.lender) {
      await this.#append([finishedUnstarted(action, 'it wants the terminal, and there is none here')]);
      return;
    }
    const follower = new Follower(outputFile, (line) => {
      for (const listener of this.#lines) listener(line);
    });
    const follows = () => this.#lines.size > 0;
    const recording = await this.#record(action);
    const started = Promise.withResolvers<void>();
    const whole = async () => {
      const execution = execute({
        ...this.#request(outputFile),
        text: action.text,
        interactive: action.interactive,
        ...(recording ? { recording } : {}),
        onData: () => {
          if (follows()) follower.look();
          this.#tell();
        },
        ...(action.cwd ? { startIn: resolve(action.cwd) } : {}),
        ...(action.timeoutMs ? { timeoutMs: action.timeoutMs } : {}),
      });
      const ended = Promise.withResolvers<void>();
      this.#current = { execution, live: liveOf(action, execution), ended: ended.promise };
      started.resolve();
      try {
        const { command, attempt } = action;
        const spawned = await execution.spawned;
        if (spawned) await this.#append([{ type: 'command-spawned', command, attempt, ...spawned }]);
        const result = await execution.done;
        if (follows()) await follower.end();
        const left = result.background.map(
          ({ pid, command: text }) => `still running in the background: ${text} (pid ${pid})`,
        );
        await this.#append([
          ...eventsOfReports(result.reports),
          await finished(action, result, outputFile),
          ...[...left, ...result.faults].map(
            (text): RunEvent => ({
              type: 'note-added',
              text,
              ...(this.#state.step ? { step: this.#state.step } : {}),
            }),
          ),
        ]);
      } catch (error) {
        this.#fault = error as Error;
      } finally {
        this.#current = undefined;
        ended.resolve();
        this.#tell();
      }
    };
    if (action.interactive) await this.lender!.lend(whole);
    else {
      void whole();
      await started.promise;
    }
  }

  #request(
    outputFile: string,
  ): Pick<
    ExecutionRequest,
    'stateFolder' | 'outputFile' | 'environment' | 'inherited' | 'redaction' | 'cwd' | 'columns' | 'rows'
  > {
    return {
      stateFolder: join(this.folder, 'state'),
      outputFile,
      environment: environmentOf(this.#state, this.#surroundings),
      inherited: this.#surroundings.inherited,
      redaction: this.#surroundings.redaction,
      cwd: this.#surroundings.cwd,
      columns: process.stdout.columns ?? 80,
      rows: process.stdout.rows ?? 24,
    };
  }

  async #interrupt(command: string): Promise<void> {
    if (this.#current) {
      const signal = this.#current.execution.interrupt();
      await this.#append([{ type: 'stop-requested', command, signal }]);
      return;
    }
    const { interrupted } = this.#state;
    if (interrupted?.pid === undefined || !(await isAlive(interrupted.pid, interrupted.birth))) return;
    const signal = (['SIGINT', 'SIGTERM', 'SIGKILL'] as const)[Math.min(this.#orphanSignal++, 2)]!;
    process.kill(-interrupted.pid, signal);
    await this.#append([{ type: 'stop-requested', command, signal }]);
  }

  async #saveFile({ part, path, content }: Extract<Action, { kind: 'save-file' }>): Promise<void> {
    const file = resolve(path);
    // 'wx': an existing file is never overwritten by a block of a runbook.
    await writeFile(file, content, { flag: 'wx' });
    const sha256 = createHash('sha256').update(content).digest('hex');
    await this.#append([{ type: 'file-saved', part, path: file, bytes: Buffer.byteLength(content), sha256 }]);
  }

  async #openShell(): Promise<void> {
    if (!this.lender) return;
    const began = Date.now();
    await this.lender.lend(async () => {
      const execution = execute({
        ...this.#request(join(this.folder, 'output', `shell-${began}.log`)),
        text: 'bash --norc -i',
        interactive: true,
      });
      await execution.done;
    });
    await this.#append([{ type: 'shell-closed', durationMs: Date.now() - began }]);
  }
}

interface Running {
  readonly execution: Execution;
  readonly live: Live;
  readonly ended: Promise<void>;
}
