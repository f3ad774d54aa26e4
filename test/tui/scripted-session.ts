import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ErrorSpans } from '../../src/execution/error-spans.ts';
import { OutputIndex } from '../../src/execution/output-index.ts';
import { decide } from '../../src/run/decide.ts';
import type { Action, Decision } from '../../src/run/decision.ts';
import type { BackgroundProcess, RunEvent, Verdict } from '../../src/run/event.ts';
import { apply, fold } from '../../src/run/fold.ts';
import type { Intent } from '../../src/run/intent.ts';
import type { Mode } from '../../src/run/mode.ts';
import type { OutputReader } from '../../src/run/output-reader.ts';
import type { Live, Session, TerminalLender } from '../../src/run/session.ts';
import type { RecordedEvent, RunState } from '../../src/run/state.ts';
import type { Identity, Target } from '../../src/run/target.ts';
import type { Procedure } from '../../src/runbook/procedure.ts';

/** What a command does when it is run: its output, and how it ends. */
export interface Script {
  readonly output?: readonly string[];
  readonly code?: number;
  /** Goes on until it is interrupted this often. */
  readonly interrupts?: number;
  /** The program breaks while it runs. */
  readonly crash?: boolean;
  /** Takes the terminal. */
  readonly lend?: () => Promise<void>;
  /** Lines a turn of the event loop, without an end until interrupted. */
  readonly flood?: boolean;
  /** Lines on standard error, after the others. */
  readonly errors?: readonly string[];
  /** A file that is its whole output, however long. */
  readonly recording?: string;
  /** What it says of itself while it runs. */
  readonly live?: Partial<Live>;
  readonly stateChanges?: readonly string[];
  readonly reason?: string;
  readonly verdict?: Verdict;
  readonly background?: readonly BackgroundProcess[];
  readonly durationMs?: number;
}

export interface ScriptedOptions {
  readonly procedure: Procedure;
  readonly mode: Mode;
  readonly target?: Target;
  readonly identity?: Identity;
  readonly scripts?: Readonly<Record<string, Script | readonly Script[]>>;
  /** Who the server says it is whenever it is asked again. */
  readonly later?: Identity;
  /** Events after the start, for a run that was begun before. */
  readonly events?: readonly RunEvent[];
}

/** A run on the real `decide` and `fold`; only what is outside of them (processes, servers, disk) is scripted. */
export class ScriptedSession implements Session {
  readonly folder = '/runs/scripted';
  lender: TerminalLender | undefined;
  /** Every intent that came, for a test to look at. */
  readonly intents: Intent[] = [];
  readonly #options: ScriptedOptions;
  readonly #listeners = new Set<() => void>();
  readonly #lineListeners = new Set<(line: string) => void>();
  readonly #events: RecordedEvent[];
  #state: RunState;
  #live: (Live & { stopping: Live['stopping'] }) | undefined;
  #lines: string[] = [];
  #file: string | undefined;
  #interrupts = 0;
  #settled: Promise<void> = Promise.resolve();
  #ended = (): void => {};

  constructor(options: ScriptedOptions) {
    this.#options = options;
    const { procedure, mode, target } = options;
    this.#events = [
      {
        type: 'run-started',
        schema: 1,
        run: 'scripted',
        mode,
        ...(target ? { target } : {}),
        runbook: { path: 'postgres-restore.md', title: 'PostgreSQL restore', sha256: '0', contacts: [] },
        procedure,
        host: 'here',
        version: '0',
        ...this.#stamp(1),
      },
    ];
    this.#state = fold(this.#events);
    if (options.identity) this.#record({ type: 'identity-read', identity: options.identity });
    for (const event of options.events ?? []) this.#record(event);
  }

  state(): RunState {
    return this.#state;
  }

  events(): readonly RecordedEvent[] {
    return this.#events;
  }

  onLine(listener: (line: string) => void): () => void {
    this.#lineListeners.add(listener);
    return () => this.#lineListeners.delete(listener);
  }

  live(): Live | undefined {
    return this.#live;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async dispatch(intent: Intent, serverAsked = false): Promise<Decision> {
    if (!serverAsked) this.intents.push(intent);
    const decision = decide(this.#state, intent, { serverAsked });
    for (const event of ('events' in decision && decision.events) || []) this.#record(event);
    if (decision.kind !== 'accepted' || !decision.action) return decision;
    if (decision.action.kind === 'identify') {
      this.#record({ type: 'identity-read', identity: this.#options.later ?? this.#options.identity! });
      return this.dispatch(intent, true);
    }
    this.#carryOut(decision.action);
    return decision;
  }

  settled(): Promise<void> {
    return this.#settled;
  }

  async openOutput(): Promise<OutputReader | undefined> {
    return this.#file === undefined ? undefined : OutputIndex.open(this.#file);
  }

  async page(): Promise<void> {
    await this.lender?.lend(async () => void process.stdout.write(`\npaged ${this.#file}\n`), {
      atOnce: true,
    });
  }

  /** Whatever runs is stopped. */
  async close(): Promise<void> {
    this.#interrupts = Number.POSITIVE_INFINITY;
    await this.#settled;
  }

  #carryOut(action: Exclude<Action, { kind: 'identify' }>): void {
    switch (action.kind) {
      case 'execute':
        this.#settled = new Promise((resolve) => {
          this.#ended = resolve;
        });
        void this.#execute(action);
        return;
      case 'interrupt':
        this.#interrupts++;
        if (this.#live)
          this.#live = {
            ...this.#live,
            stopping: (['SIGINT', 'SIGTERM', 'SIGKILL'] as const)[Math.min(2, this.#interrupts - 1)],
          };
        this.#notify();
        return;
      case 'save-file':
        this.#record({ type: 'file-saved', part: action.part, path: action.path, bytes: 1, sha256: '0' });
        return;
      case 'stop-background':
        this.#record({ type: 'background-settled', pid: action.process.pid, as: 'stopped' });
        return;
      case 'open-shell':
        this.#record({ type: 'shell-closed', durationMs: 1 });
    }
  }

  async #execute(action: Extract<Action, { kind: 'execute' }>): Promise<void> {
    const found = this.#options.scripts?.[action.command];
    const scripts: readonly Script[] =
      found === undefined ? [] : Array.isArray(found) ? found : [found as Script];
    const script = scripts[Math.min(action.attempt, scripts.length) - 1] ?? {};
    this.#lines = [];
    this.#interrupts = 0;
    const lines = this.#lines;
    const file = script.recording ?? join(outputFolder(), action.output);
    this.#file = file;
    if (script.recording === undefined) writeFileSync(file, '');
    let bytes = 0;
    const say = (text: string): void => {
      lines.push(text);
      if (script.recording === undefined) appendFileSync(file, `${text}\n`);
      bytes += Buffer.byteLength(text) + 1;
    };
    this.#live = {
      command: action.command,
      attempt: action.attempt,
      pid: 4121,
      startedAt: Date.now(),
      bytes: 0,
      get lines() {
        return lines.length;
      },
      silentFor: 0,
      stopping: undefined,
      tail: (rows, columns) => lines.slice(-rows).map((text) => text.slice(0, columns)),
      ...script.live,
    } as Live;
    for (const text of script.output ?? [`ran ${action.command}`]) say(text);
    if (script.errors) {
      const spans = await ErrorSpans.beside(file);
      for (const text of script.errors) {
        spans.add(bytes, Buffer.byteLength(text) + 1);
        say(text);
      }
      await spans.close();
    }
    this.#notify();
    if (script.crash)
      setImmediate(() => {
        throw new Error('something in the program is broken');
      });
    if (script.lend) await this.lender?.lend(script.lend);
    for (let count = 0; this.#interrupts < (script.interrupts ?? 0); count++) {
      if (script.flood) say(`line ${count} ${'x'.repeat(count % 200)}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
      this.#notify();
    }
    const stopped = (script.interrupts ?? 0) > 0;
    const code = script.code ?? 0;
    this.#live = undefined;
    this.#record({
      type: 'command-finished',
      command: action.command,
      attempt: action.attempt,
      exit: stopped ? { kind: 'signal', signal: 'SIGINT' } : { kind: 'code', code },
      durationMs: script.durationMs ?? 1200,
      ...(script.reason ? { reason: script.reason } : {}),
      ...(script.stateChanges ? { stateChanges: script.stateChanges } : {}),
      ...(script.background ? { background: script.background } : {}),
      verdict: script.verdict ?? (stopped ? 'stopped' : code === 0 ? 'succeeded' : 'failed'),
      output: { file: action.output, bytes: 1, sha256: '0', tail: lines.slice(-20).join('\n') },
      changed: [],
    });
    this.#ended();
  }

  #record(event: RunEvent): void {
    const recorded: RecordedEvent = { ...event, ...this.#stamp(this.#state.seq + 1) };
    this.#events.push(recorded);
    this.#state = apply(this.#state, recorded);
    this.#notify();
  }

  #stamp(seq: number) {
    return { seq, time: new Date().toISOString(), operator: 'ann', prev: '0'.repeat(64) };
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }
}

let folder: string | undefined;

/** Where outputs lie: in the folder that the test gave, which it removes; else in one that goes with the process. */
function outputFolder(): string {
  if (process.env.PLAY_FOLDER) return process.env.PLAY_FOLDER;
  if (folder === undefined) {
    const made = mkdtempSync(join(tmpdir(), 'drillbook-scripted-'));
    folder = made;
    process.once('exit', () => rmSync(made, { recursive: true, force: true }));
  }
  return folder;
}
