import { mkdir, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as setTimeoutPromise } from 'node:timers/promises';
import { readIdentity } from '../backup/identity.ts';
import { stopBackground } from '../execution/background.ts';
import { type Execution, type ExecutionRequest, execute } from '../execution/execution.ts';
import { isAlive } from '../execution/process-fate.ts';
import type { Journal } from '../journal/journal.ts';
import { unsettled } from '../run/background.ts';
import { decide } from '../run/decide.ts';
import type { Action, Decision } from '../run/decision.ts';
import type { CommandFinished, RunEvent } from '../run/event.ts';
import type { Intent } from '../run/intent.ts';
import type { OutputReader } from '../run/output-reader.ts';
import type { Live, Session, TerminalLender } from '../run/session.ts';
import type { RecordedEvent, RunState } from '../run/state.ts';
import { endsOfBackground } from './background-ends.ts';
import { BackgroundWatch } from './background-watch.ts';
import { finished, finishedUnstarted, notesOf } from './command-end.ts';
import { environmentOf } from './command-environment.ts';
import { CommandHistory } from './command-history.ts';
import { isMasked, maskedText } from './exact-events.ts';
import { Facts } from './facts.ts';
import { hindranceOf } from './hindrance.ts';
import { LineFeed } from './line-feed.ts';
import { liveOf } from './live-command.ts';
import { openOutput } from './open-output.ts';
import { showInPager } from './pager.ts';
import { eventsOfReports } from './reports.ts';
import { RunRecording } from './run-recording.ts';
import { saveFile } from './saved-file.ts';
import { eventsOfSeenBackups } from './seen-backups.ts';
import { climb, stopGraceMs } from './stop-climb.ts';
import type { Surroundings } from './surroundings.ts';

/** After so long without a word a command is flagged as silent, in milliseconds. */
const silenceMs = 60_000;

type Execute = Extract<Action, { kind: 'execute' }>;

/**
 * A run with its journal and its processes. One intent at a time is decided, journaled and acted on; what a command
 * does afterwards comes back as events through the same journal. */
export class RunSession implements Session {
  readonly folder: string;
  lender: TerminalLender | undefined;

  readonly #journal: Journal;
  readonly #surroundings: Surroundings;
  readonly #facts: Facts;
  readonly #listeners = new Set<() => void>();
  readonly #lines = new Set<(line: string) => void>();
  #queue: Promise<unknown> = Promise.resolve();
  #current: Running | undefined;
  #orphanSignal = 0;
  #fault: Error | undefined;
  /** The end of a command that is not on disk yet. */
  #late: readonly RunEvent[] = [];
  #shell: Execution | undefined;
  readonly #leaving = new AbortController();
  readonly #recording: RunRecording;
  readonly #history: CommandHistory;
  #closing: Promise<void> | undefined;
  readonly #background: BackgroundWatch;

  /** `exact` are the events without the masks that the journal has in the place of secrets. */
  constructor(
    journal: Journal,
    events: readonly RecordedEvent[],
    surroundings: Surroundings,
    exact: readonly RecordedEvent[] = events,
  ) {
    this.folder = journal.folder;
    this.#journal = journal;
    this.#facts = new Facts(journal, events, exact);
    this.#surroundings = surroundings;
    this.#history = new CommandHistory(this.folder);
    this.#recording = new RunRecording(join(this.folder, 'run.cast'), () =>
      surroundings.mask(this.#facts.exact.started.procedure.title),
    );
    this.#background = new BackgroundWatch(
      () =>
        !this.#closing && this.#facts.exact.status !== 'finished' && unsettled(this.#facts.exact).length > 0,
      // Its end is a fact as soon as it is seen. A journal that cannot be written says so at the next intent.
      () => this.#alone(async () => this.#append(await endsOfBackground(this.#facts.exact))),
    );
    this.#background.renew();
  }

  /** Masks the secrets that the run knows. */
  readonly mask = (text: string): string => this.#surroundings.mask(text);

  state(): RunState {
    return this.#facts.shown;
  }

  events(): readonly RecordedEvent[] {
    return this.#facts.events;
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

  async openOutput(command: string, attempt: number): Promise<OutputReader | undefined> {
    const { attempts } = this.#facts.exact.parts[command] ?? { attempts: [] };
    const found = attempts.find((candidate) => candidate.attempt === attempt);
    return found && (await openOutput(join(this.folder, 'output', found.output)));
  }

  async page(command: string, attempt: number): Promise<void> {
    const output = await this.openOutput(command, attempt);
    if (!output) return;
    await output.close();
    const { inherited } = this.#surroundings;
    await this.lender?.lend(() => showInPager(output.path, inherited, this.#leaving.signal), {
      atOnce: true,
    });
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
    this.#leaving.abort();
    await this.#stopCurrent();
    this.#background.stop();
    // Whoever holds the terminal may be waiting for a key that does not come any more.
    await Promise.race([this.#queue, setTimeoutPromise(stopGraceMs, undefined, { ref: false })]);
    this.#background.stop();
    const { status, outcome } = this.#facts.exact;
    await this.#recording.close(status === 'finished' ? (outcome === 'passed' ? 0 : 1) : undefined);
    try {
      await this.#journal.close();
    } finally {
      // What the shell held, secrets among it, is wanted only by a run that goes on.
      if (status === 'finished') await rm(join(this.folder, 'state'), { recursive: true, force: true });
      await this.#surroundings.release();
    }
  }

  /** Nothing is orphaned: what still runs is stopped, an open shell too. */
  async #stopCurrent(): Promise<void> {
    const current = this.#current;
    await Promise.all([
      current && climb(current.execution).then(() => current.ended),
      this.#shell && climb(this.#shell),
    ]);
  }

  #alone<T>(task: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(task);
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  async #append(events: readonly RunEvent[]): Promise<void> {
    if (events.length === 0) return;
    await this.#facts.append(events);
    this.#background.renew();
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }

  async #dispatch(intent: Intent, serverAsked = false): Promise<Decision> {
    await this.#writeLate();
    const outside = await hindranceOf(this.#facts.exact, intent);
    await this.#append(outside.events);
    if (outside.refusal) return outside.refusal;
    const secret = intent.type === 'give' && intent.secret ? intent : undefined;
    if (secret) this.#surroundings.keepSecret(secret.name, secret.value);
    const decision = decide(this.#facts.exact, intent, { serverAsked });
    switch (decision.kind) {
      case 'guarded':
        return decision;
      case 'refused':
        await this.#append(decision.events ?? []);
        return decision;
      case 'accepted':
        if (decision.action?.kind === 'execute' && isMasked(decision.action.text)) return maskedText;
        await this.#append(decision.events);
        if (decision.action?.kind === 'identify') {
          await this.#identify();
          return this.#dispatch(intent, true);
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
        return this.#append([await saveFile(action)]);
      case 'open-shell':
        return this.#openShell();
      case 'identify':
        return;
    }
  }

  async #execute(action: Execute): Promise<void> {
    const outputFile = join(this.folder, 'output', action.output);
    const hindered = await this.#unready(action, outputFile);
    if (hindered) {
      await this.#append([finishedUnstarted(action, hindered)]);
      return;
    }
    const feed = new LineFeed((line) => {
      for (const listener of this.#lines) listener(line);
    });
    const recording = await this.#recording.begin(this.#surroundings.mask(action.command));
    const masked = this.#surroundings.mask(action.text);
    const typical = () => this.#history.of(masked);
    const started = Promise.withResolvers<void>();
    const whole = async () => {
      const execution = execute({
        ...this.#request(outputFile),
        text: action.text,
        interactive: action.interactive,
        ...(recording ? { recording } : {}),
        onData: () => this.#tell(),
        silenceMs,
        onSilence: () => this.#tell(),
        // Not from the file: what is printed must not depend on a disk that has room.
        ...(this.#lines.size > 0 ? { onOutput: (chunk: Buffer) => feed.add(chunk) } : {}),
        ...(action.cwd ? { startIn: resolve(action.cwd) } : {}),
        ...(action.timeoutMs ? { timeoutMs: action.timeoutMs } : {}),
      });
      const ended = Promise.withResolvers<void>();
      this.#current = { execution, live: liveOf(action, execution, typical), ended: ended.promise };
      started.resolve();
      try {
        const { command, attempt } = action;
        const spawned = await execution.spawned;
        if (spawned) await this.#append([{ type: 'command-spawned', command, attempt, ...spawned }]);
        const result = await execution.done;
        feed.end();
        const end = await finished(action, result, outputFile);
        this.#late = [...eventsOfReports(result.reports), end, ...notesOf(result, this.#facts.exact.step)];
        await this.#writeLate();
        if (end.type === 'command-finished') await this.#append(await this.#seenBackups(end));
      } catch (error) {
        this.#fault = error as Error;
        // What nobody can write down must not go on unseen.
        await climb(execution);
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

  #seenBackups(end: CommandFinished): Promise<readonly RunEvent[]> {
    return eventsOfSeenBackups(this.#facts.exact, end, {
      stateFolder: join(this.folder, 'state'),
      environment: environmentOf(this.#facts.exact, this.#surroundings),
      cwd: this.#surroundings.cwd,
    });
  }

  /** What keeps a command from beginning although its start is journaled; undefined where nothing does. */
  async #unready(action: Execute, outputFile: string): Promise<string | undefined> {
    if (action.interactive && !this.lender) return 'it wants the terminal, and there is none here';
    try {
      await mkdir(dirname(outputFile), { recursive: true, mode: 0o700 });
      return undefined;
    } catch (error) {
      return `its output cannot be kept: ${(error as Error).message}`;
    }
  }

  /** Writes the end of a command that a full disk did not take when it happened. Rejects while it still does not. */
  async #writeLate(): Promise<void> {
    const late = this.#late;
    if (late.length === 0) return;
    await this.#append(late);
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
      stateFolder: join(this.folder, 'state'),
      outputFile,
      environment: environmentOf(this.#facts.exact, this.#surroundings),
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
    const { interrupted } = this.#facts.exact;
    if (interrupted?.pid === undefined || !(await isAlive(interrupted.pid, interrupted.birth))) return;
    const signal = (['SIGINT', 'SIGTERM', 'SIGKILL'] as const)[Math.min(this.#orphanSignal++, 2)]!;
    process.kill(-interrupted.pid, signal);
    await this.#append([{ type: 'stop-requested', command, signal }]);
  }

  async #openShell(): Promise<void> {
    if (!this.lender) return;
    const began = Date.now();
    await mkdir(join(this.folder, 'output'), { recursive: true, mode: 0o700 });
    await this.lender.lend(async () => {
      const execution = execute({
        ...this.#request(join(this.folder, 'output', `shell-${began}.log`)),
        text: 'bash --norc -i',
        interactive: true,
      });
      this.#shell = execution;
      await execution.done;
      this.#shell = undefined;
    });
    await this.#append([{ type: 'shell-closed', durationMs: Date.now() - began }]);
  }
}

interface Running {
  readonly execution: Execution;
  readonly live: Live;
  readonly ended: Promise<void>;
}
