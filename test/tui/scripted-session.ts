import { decide } from '../../src/run/decide.ts';
import type { Action, Decision } from '../../src/run/decision.ts';
import type { RunEvent } from '../../src/run/event.ts';
import { apply, fold } from '../../src/run/fold.ts';
import type { Intent } from '../../src/run/intent.ts';
import type { Mode } from '../../src/run/mode.ts';
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
  /** Takes the terminal. */
  readonly lend?: () => Promise<void>;
  /** Lines a turn of the event loop, without an end until interrupted. */
  readonly flood?: boolean;
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

  async openOutput() {
    return undefined;
  }

  async output(): Promise<readonly string[]> {
    return this.#lines;
  }

  async close(): Promise<void> {}

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
    } as Live;
    for (const text of script.output ?? [`ran ${action.command}`]) lines.push(text);
    this.#notify();
    if (script.lend) await this.lender?.lend(script.lend);
    for (let count = 0; this.#interrupts < (script.interrupts ?? 0); count++) {
      if (script.flood) lines.push(`line ${count} ${'x'.repeat(count % 200)}`);
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
      durationMs: 1200,
      verdict: stopped ? 'stopped' : code === 0 ? 'succeeded' : 'failed',
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
