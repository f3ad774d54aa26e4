import type { Fit, ProcedureChoice, TrainingCheck } from '../../run/training.ts';
import type { Bench } from './bench.ts';

/** What was counted before it was broken, for the check at the end. */
export type Memo = Readonly<Record<string, number | string>>;

/** A way in which the sandbox is broken, and what is right to do about it. */
export interface Scenario {
  readonly id: string;
  /** What a trainee chooses it by: what is heard, never what is the matter. */
  readonly title: string;
  readonly level: 'first' | 'second' | 'third';
  /** Breaks the sandbox, which is as it was made. Rejects where it could not. */
  readonly break: (bench: Bench) => Promise<Memo>;
  /** What does not stand in the databases (sessions, settings of the server): after each time that they are brought back. */
  readonly hold?: (bench: Bench, memo: Memo) => Promise<void>;
  /** What users, colleagues and alarms say: Markdown, a paragraph each. */
  readonly symptoms: (bench: Bench, memo: Memo) => readonly string[];
  /** What the application and the tools beside it show now, a line each. */
  readonly shows: (bench: Bench, memo: Memo) => Promise<readonly string[]>;
  readonly questions: readonly ScenarioQuestion[];
  /** From a push in the direction to what to type. */
  readonly hints: readonly [string, string, string];
  /** The procedures that lead to the end, the best first: `runbook.md#procedure`. */
  readonly procedures: readonly string[];
  /** The best path, a step each, for the debrief. */
  readonly path: readonly string[];
  /** What must hold at the end, looked at on the sandbox. */
  readonly check: (bench: Bench, memo: Memo) => Promise<readonly TrainingCheck[]>;
  /** Values that the environment of the runs has wrong: names and values. */
  readonly environment?: (bench: Bench) => Readonly<Record<string, string>>;
  /** What to read afterwards: runbooks and their steps. */
  readonly read: readonly string[];
  /** What is simulated in it beside the providers' commands. */
  readonly simulated?: string;
}

/** A question about the situation. The first answer is the one that a list marks; it must not be the right one. */
export interface ScenarioQuestion {
  readonly id: string;
  readonly text: string;
  readonly answers: readonly { readonly text: string; readonly right?: true; readonly consequence: string }[];
}

/** How a procedure fits. */
export function fitOf(scenario: Scenario, { runbook, procedure }: ProcedureChoice): Fit {
  // The id of a procedure may end with the time that its title names.
  const at = scenario.procedures.findIndex((one) => `${runbook}#${procedure}`.startsWith(one));
  return at === 0 ? 'best' : at > 0 ? 'right' : 'wrong';
}
