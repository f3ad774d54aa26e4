import type { Decision } from '../../src/run/decision.ts';
import type { CommandFinished } from '../../src/run/event.ts';
import type { Intent } from '../../src/run/intent.ts';
import type { Session } from '../../src/run/session.ts';
import type { RunState } from '../../src/run/state.ts';
import type { PaperRun } from './run.ts';

/** A session on paper: commands end at once, as `end` says for their text. */
export class PaperSession implements Session {
  readonly folder = '/paper';
  lender: undefined;
  readonly intents: Intent[] = [];
  readonly #run: PaperRun;
  readonly #end: (text: string) => Partial<CommandFinished>;

  constructor(run: PaperRun, end: (text: string) => Partial<CommandFinished> = () => ({})) {
    this.#run = run;
    this.#end = end;
  }

  state(): RunState {
    return this.#run.state;
  }

  events() {
    return this.#run.events;
  }

  live() {
    return undefined;
  }

  subscribe() {
    return () => {};
  }

  onLine() {
    return () => {};
  }

  async dispatch(intent: Intent): Promise<Decision> {
    this.intents.push(intent);
    const decision = this.#run.send(intent);
    if (this.#run.state.running) this.#run.finish(this.#end(this.#run.state.running.text));
    return decision;
  }

  async settled() {}

  async openOutput() {
    return undefined;
  }

  async page() {}

  async close() {}
}
