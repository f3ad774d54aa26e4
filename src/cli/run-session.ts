import { join } from 'node:path';
import { setTimeout as setTimeoutPromise } from 'node:timers/promises';
import { readIdentity } from '../backup/identity.ts';
import { stopBackground } from '../execution/background.ts';
import { removeState } from '../execution/scratch-folder.ts';
import { forgetState } from '../execution/shell-state.ts';
import type { Journal } from '../journal/journal.ts';
import { unsettled } from '../run/background.ts';
import { decide } from '../run/decide.ts';
import type { Action, Decision } from '../run/decision.ts';
import type { RunEvent } from '../run/event.ts';
import { here } from '../run/here.ts';
import type { Intent } from '../run/intent.ts';
import type { OutputReader } from '../run/output-reader.ts';
import { planned, plannedParts } from '../run/plan.ts';
import type { Live, Session, TerminalLender } from '../run/session.ts';
import type { RecordedEvent, RunState } from '../run/state.ts';
import type { Command } from '../runbook/part.ts';
import { endsOfBackground } from './background-ends.ts';
import { BackgroundWatch } from './background-watch.ts';
import { CommandRunner } from './command-runner.ts';
import { isMasked, maskedText } from './exact-events.ts';
import { Facts } from './facts.ts';
import { hindranceOf } from './hindrance.ts';
import { openOutput } from './open-output.ts';
import { showInPager } from './pager.ts';
import { lookAtPaths, type Place } from './path-look.ts';
import { saveFile } from './saved-file.ts';
import { stopGraceMs } from './stop-climb.ts';
import type { Surroundings } from './surroundings.ts';

/**
 * A run with its journal and its processes. One intent at a time is decided, journaled and acted on; what a command
 * does afterwards comes back as events through the same journal.
 */
export class RunSession implements Session {
  readonly folder: string;
  lender: TerminalLender | undefined;

  readonly #journal: Journal;
  readonly #surroundings: Surroundings;
  readonly #facts: Facts;
  readonly #listeners = new Set<() => void>();
  readonly #lines = new Set<(line: string) => void>();
  #queue: Promise<unknown> = Promise.resolve();
  readonly #leaving = new AbortController();
  readonly #commands: CommandRunner;
  #closing: Promise<void> | undefined;
  readonly #background: BackgroundWatch;

  /** `exact` are the events without the masks that the journal has in the place of secrets; `folded`: what they add up to. */
  constructor(
    journal: Journal,
    events: readonly RecordedEvent[],
    surroundings: Surroundings,
    exact: readonly RecordedEvent[] = events,
    folded?: RunState,
  ) {
    this.folder = journal.folder;
    this.#journal = journal;
    this.#facts = new Facts(journal, events, exact, folded);
    this.#surroundings = surroundings;
    this.#commands = new CommandRunner({
      folder: this.folder,
      facts: this.#facts,
      surroundings,
      lender: () => this.lender,
      append: (facts) => this.#append(facts),
      tell: () => this.#tell(),
      onLine: () =>
        this.#lines.size === 0
          ? undefined
          : (line) => {
              for (const listener of this.#lines) listener(line);
            },
    });
    this.#background = new BackgroundWatch(
      () =>
        !this.#closing && this.#facts.exact.status !== 'finished' && unsettled(this.#facts.exact).length > 0,
      // Its end is a fact as soon as it is seen. A journal that cannot be written says so at the next intent.
      () => this.#alone(async () => this.#append(await endsOfBackground(this.#facts.exact))),
    );
    this.#background.renew();
    void this.#alone(async () => (await this.#look()) && this.#tell());
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
    return this.#commands.live;
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

  settled(): Promise<void> {
    return this.#commands.settled();
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
    await this.#commands.stop();
    this.#background.stop();
    // Whoever holds the terminal may be waiting for a key that does not come any more.
    await Promise.race([this.#queue, setTimeoutPromise(stopGraceMs, undefined, { ref: false })]);
    this.#background.stop();
    const { status, outcome } = this.#facts.exact;
    await this.#commands.close(status === 'finished' ? (outcome === 'passed' ? 0 : 1) : undefined);
    try {
      await this.#journal.close();
    } finally {
      forgetState(join(this.folder, 'state'));
      // What the shell held is wanted only by a run that goes on.
      if (status === 'finished') await removeState(join(this.folder, 'state'));
      await this.#surroundings.release();
    }
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
    await this.#look();
    this.#tell();
  }

  /** Looks whether the files that the command at hand would write are there; true where that was news. */
  async #look(asked?: Command): Promise<boolean> {
    const { exact } = this.#facts;
    if (exact.status !== 'running' || exact.running) return false;
    const at = here(exact);
    const command = asked ?? (at.kind === 'part' && at.part.kind === 'command' ? at.part : undefined);
    const seen = command && (await lookAtPaths(exact, command, this.#place()));
    return this.#facts.see(command?.id ?? '', seen);
  }

  #place(): Place {
    return { stateFolder: join(this.folder, 'state'), cwd: this.#surroundings.cwd };
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }

  async #dispatch(intent: Intent, serverAsked = false): Promise<Decision> {
    await this.#commands.writeLate();
    const outside = await hindranceOf(this.#facts.exact, intent, this.mask);
    await this.#append(outside.events);
    if (outside.refusal) return outside.refusal;
    const secret = intent.type === 'give' && intent.secret ? intent : undefined;
    if (secret) this.#surroundings.keepSecret(secret.name, secret.value);
    // A file may have come or gone while somebody read the screen.
    if (intent.type === 'run' && (await this.#look(this.#commandOf(intent.command)))) this.#tell();
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

  #commandOf(id: string): Command | undefined {
    const { started, step, options } = this.#facts.exact;
    const items = planned(started.procedure.items, options);
    const parts = items.find((item) => item.kind === 'step' && item.id === step);
    if (parts?.kind !== 'step') return undefined;
    const found = plannedParts(parts.parts, options).find((part) => 'id' in part && part.id === id);
    return found?.kind === 'command' ? found : undefined;
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
        return this.#commands.run(action);
      case 'interrupt':
        return this.#commands.interrupt(action.command);
      case 'stop-background':
        await stopBackground(action.process, action.signal);
        return;
      case 'save-file':
        return this.#append([await saveFile(action)]);
      case 'open-shell':
        return this.#commands.openShell();
      case 'identify':
        return;
    }
  }
}
