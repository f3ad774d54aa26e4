import { createHash } from 'node:crypto';
import { decide } from '../../src/run/decide.ts';
import type { Decision } from '../../src/run/decision.ts';
import type { CommandFinished, RunEvent, RunStarted } from '../../src/run/event.ts';
import { apply, fold } from '../../src/run/fold.ts';
import type { Intent } from '../../src/run/intent.ts';
import type { Mode } from '../../src/run/mode.ts';
import type { RecordedEvent, RunState } from '../../src/run/state.ts';
import type { Environment, Identity, Target } from '../../src/run/target.ts';
import { compile } from '../../src/runbook/compile.ts';
import type { Procedure } from '../../src/runbook/procedure.ts';

export const identity: Identity = {
  system: '7000000000000000001',
  address: 'db.internal:5432',
  database: 'members',
  exists: true,
  replica: false,
  version: '15.18',
};

export function targetIn(environment: Environment, more: Partial<Target> = {}): Target {
  return {
    name: environment,
    environment,
    engine: 'postgres',
    database: 'members',
    address: 'db.internal:5432',
    tags: [],
    objectives: { rto: 3600, rpo: 86_400 },
    ...more,
  };
}

/** The first procedure of a runbook text; the shell grammar must be loaded. */
export function procedureOf(markdown: string, index = 0): Procedure {
  return compile(markdown).procedures[index]!;
}

/** A run that happens in memory: events get their place and time, nothing is executed. */
export class PaperRun {
  state: RunState;
  readonly events: RecordedEvent[] = [];
  #clock = Date.parse('2026-11-20T03:12:00.000Z');

  constructor(
    procedure: Procedure,
    { mode = 'incident', target = targetIn('production') }: { mode?: Mode; target?: Target | null } = {},
  ) {
    const started: RunStarted = {
      type: 'run-started',
      schema: 1,
      run: '20261120-0312-test-aaaa',
      mode,
      ...(target ? { target } : {}),
      runbook: { path: '/runbooks/test.md', title: 'Test', sha256: '0'.repeat(64), contacts: [] },
      procedure,
      host: 'laptop',
      version: '0.0.0',
    };
    const first = this.#stamp(started);
    this.events.push(first);
    this.state = fold([first]);
    if (target) this.record({ type: 'identity-read', identity: { ...identity, database: target.database } });
  }

  record(...events: RunEvent[]): this {
    for (const event of events) {
      const stamped = this.#stamp(event);
      this.events.push(stamped);
      this.state = apply(this.state, stamped);
    }
    return this;
  }

  /** Decides and records; a question about the server is answered with `answer`. */
  send(intent: Intent, answer: Identity | { failure: string } = identity, serverAsked = false): Decision {
    const decision = decide(this.state, intent, { serverAsked });
    if (decision.kind === 'refused') this.record(...(decision.events ?? []));
    if (decision.kind !== 'accepted') return decision;
    this.record(...decision.events);
    if (decision.action?.kind !== 'identify') return decision;
    this.record(
      'failure' in answer
        ? { type: 'identity-failed', reason: answer.failure }
        : { type: 'identity-read', identity: answer },
    );
    return this.send(intent, answer, true);
  }

  /** Ends the running command. */
  finish(more: Partial<CommandFinished> = {}): this {
    const { command, attempt } = this.state.running!;
    return this.record({
      type: 'command-finished',
      command,
      attempt,
      exit: { kind: 'code', code: 0 },
      durationMs: 1500,
      verdict: 'succeeded',
      output: { file: '001.log', bytes: 0, sha256: createHash('sha256').digest('hex'), tail: '' },
      changed: [],
      ...more,
    });
  }

  #stamp<E extends RunEvent>(event: E): E & { seq: number; time: string; operator: string; prev: string } {
    this.#clock += 1000;
    return {
      ...event,
      seq: this.events.length + 1,
      time: new Date(this.#clock).toISOString(),
      operator: 'ana',
      prev: '0'.repeat(64),
    };
  }
}
