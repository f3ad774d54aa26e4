import type { Decision } from '../run/decision.ts';
import type { Outcome, RunEvent } from '../run/event.ts';
import type { Intent } from '../run/intent.ts';
import { planned, plannedParts } from '../run/plan.ts';
import type { Session, TerminalLender } from '../run/session.ts';
import type { RunState } from '../run/state.ts';
import type { Criterion } from '../runbook/part.ts';
import type { Judged } from './criterion.ts';

/** A run as the command line holds it: one that can be told facts that no intent stands behind. */
export interface RecordingSession extends Session {
  readonly mask: (text: string) => string;
  record(events: readonly RunEvent[]): Promise<void>;
}

/** What a drill does around the steps of its runbook. */
export interface Conduct {
  /** Before the first step: fetches the backup. A sentence where the drill cannot go on. */
  begin(): Promise<string | undefined>;
  /** A criterion of the runbook that the run itself cannot measure. */
  judge(text: string, state: RunState): Promise<Judged | undefined>;
  /** A step has ended. */
  stepDone(state: RunState): Promise<void>;
  /** Before the end: judges what is left, gives back what was taken. A sentence where the drill has not passed. */
  end(outcome: Outcome, state: RunState): Promise<string | undefined>;
  /** What only a person could say and the settings answer: not ticked by somebody, but gone through unattended. */
  isUnattended(part: string): boolean;
  /** A command of which nobody knows what it does may run: a person has said so for this drill. */
  readonly allowsUnknown: boolean;
  stop(): void;
  /** Gives back what was taken, once. A sentence that tells what became of it. */
  giveBack(): Promise<string | undefined>;
  /** Somebody has stopped it. */
  readonly isStopped: boolean;
}

/**
 * A run of a runbook as a drill: the same intents through the same guards, with the drill's own work in between. It does
 * not wait for anybody, so what would stop it ends it.
 */
export class DrillSession implements RecordingSession {
  readonly mask: (text: string) => string;
  readonly folder: string;
  readonly #inner: RecordingSession;
  readonly #conduct: Conduct;
  #begun: Promise<string | undefined> | undefined;
  #ended = false;

  constructor(inner: RecordingSession, conduct: Conduct) {
    this.mask = inner.mask;
    this.folder = inner.folder;
    this.#inner = inner;
    this.#conduct = conduct;
  }

  get lender(): TerminalLender | undefined {
    return this.#inner.lender;
  }

  set lender(lender: TerminalLender | undefined) {
    this.#inner.lender = lender;
  }

  state = () => this.#inner.state();
  events = () => this.#inner.events();
  live = () => this.#inner.live();
  onLine = (listener: (line: string) => void) => this.#inner.onLine(listener);
  subscribe = (listener: () => void) => this.#inner.subscribe(listener);
  settled = () => this.#inner.settled();
  openOutput = (command: string, attempt: number) => this.#inner.openOutput(command, attempt);
  page = (command: string, attempt: number) => this.#inner.page(command, attempt);
  record = (events: readonly RunEvent[]) => this.#inner.record(events);

  /** Fetches the backup, if that was not done yet. A sentence where the drill cannot go on: it has ended then. */
  async prepare(): Promise<string | undefined> {
    this.#begun ??= this.#conduct.begin();
    const problem = await this.#begun;
    if (problem !== undefined) await this.#finish(this.#conduct.isStopped ? 'abandoned' : 'failed', problem);
    return problem;
  }

  /** What was left before its end is given up: a drill is not gone on with. What it took is given back. */
  async close(): Promise<void> {
    this.#conduct.stop();
    try {
      if (!this.#ended) await this.#finish('abandoned', 'it was left before its end');
    } catch (error) {
      await this.#conduct.giveBack();
      throw error;
    } finally {
      await this.#inner.close();
    }
  }

  async dispatch(intent: Intent): Promise<Decision> {
    switch (intent.type) {
      case 'interrupt':
        this.#conduct.stop();
        return this.#inner.dispatch(intent);
      case 'finish':
        return this.#finish(intent.outcome, intent.reason);
      case 'stop':
        return this.#finish('abandoned', intent.reason);
      case 'note':
      case 'leave-background':
      case 'stop-background':
        return this.#inner.dispatch(intent);
      default:
    }
    const problem = await this.prepare();
    if (problem !== undefined) {
      return { kind: 'refused', reason: problem, next: 'see what the store holds', overridable: false };
    }
    return this.#go(intent);
  }

  async #go(intent: Intent): Promise<Decision> {
    switch (intent.type) {
      case 'run': {
        if (
          this.#conduct.allowsUnknown ||
          intent.confirmation?.by !== 'flag' ||
          'phrase' in intent.confirmation
        )
          break;
        // That the settings name a scratch database speaks for changes to it, not for what may do anything anywhere.
        const asked = await this.#inner.dispatch({ type: 'run', command: intent.command });
        if (asked.kind !== 'guarded' || (asked.guard.kind === 'enter' && asked.guard.caution)) return asked;
        break;
      }
      case 'judge': {
        if (intent.measured !== undefined || intent.verdict !== 'not-judged') break;
        const state = this.state();
        const criterion = criterionOf(state, intent.part);
        const judged = criterion && (await this.#conduct.judge(criterion.text, state));
        if (judged) return this.#inner.dispatch({ ...intent, ...judged });
        break;
      }
      case 'next':
        await this.#conduct.stepDone(this.state());
        break;
      case 'check':
      case 'manual':
        if (this.#conduct.isUnattended(intent.part))
          return this.#inner.dispatch({ ...intent, unattended: true });
        break;
      default:
    }
    return this.#inner.dispatch(intent);
  }

  async #finish(outcome: Outcome, reason: string | undefined): Promise<Decision> {
    if (this.#ended) return this.#inner.dispatch({ type: 'finish', outcome, ...(reason ? { reason } : {}) });
    this.#ended = true;
    const against = await this.#conduct.end(outcome, this.state());
    const failed = outcome === 'passed' && against !== undefined;
    const why = failed ? against : reason;
    return this.#inner.dispatch({
      type: 'finish',
      outcome: failed ? 'failed' : outcome,
      ...(why ? { reason: why } : {}),
    });
  }
}

function criterionOf(state: RunState, part: string): Criterion | undefined {
  for (const item of planned(state.started.procedure.items, state.options)) {
    if (item.kind !== 'step') continue;
    for (const one of plannedParts(item.parts, state.options))
      if (one.kind === 'criterion' && one.id === part) return one;
  }
  return undefined;
}
