import { fold } from '../../run/fold.ts';
import { planned, plannedParts } from '../../run/plan.ts';
import type { RecordedEvent } from '../../run/state.ts';
import type { Fit, TrainingCheck, TrainingFact, TrainingOutcome } from '../../run/training.ts';
import type { Phase } from '../../runbook/phase.ts';

/** What a training comes to. */
export interface Score {
  readonly training: string;
  readonly scenario: string;
  readonly title: string;
  readonly operator: string;
  /** UTC, ISO 8601. */
  readonly startedAt: string;
  readonly seconds: number;
  readonly outcome: TrainingOutcome | 'unfinished';
  /** 0 to 100. */
  readonly points: number;
  readonly choices: readonly { readonly title: string; readonly runbook: string; readonly fit: Fit }[];
  readonly hints: number;
  /** Answers, the first to each question counts as right. */
  readonly right: number;
  readonly wrong: readonly { readonly text: string; readonly answer: string; readonly consequence: string }[];
  /** Questions of the situation that nobody answered. */
  readonly unanswered: number;
  /** What stopped a mistake: a guard, a question, a check. */
  readonly nearMisses: readonly string[];
  readonly mistakes: readonly string[];
  readonly broughtBack: number;
  readonly runs: readonly string[];
  /** As they were looked at last. */
  readonly checks: readonly TrainingCheck[];
}

/** What costs how many points. A training that was not solved has at most `unsolved`. */
export const costs = {
  hint: [5, 10, 15],
  wrongAnswer: 6,
  unanswered: 4,
  wrongProcedure: 15,
  broughtBack: 10,
  claimed: 8,
  overridden: 10,
  unsolved: 40,
} as const;

/**
 * Adds up a training: its own events and those of its runs. Pure. `questions` are the ids of the scenario's questions.
 * Throws an Error where the first event does not start a training.
 */
export function scoreOf(
  events: readonly RecordedEvent[],
  runs: readonly (readonly RecordedEvent[])[],
  questions: readonly string[],
): Score {
  const facts = events.flatMap((event) => (event.type === 'training' ? [event.fact] : []));
  const [start] = facts;
  const [first] = events;
  if (!first || start?.kind !== 'started')
    throw new Error('the journal does not begin with the start of a training');
  const answers = facts.filter((fact) => fact.kind === 'answered');
  const wrong = answers.filter((fact) => !fact.right);
  const choices = facts.filter((fact) => fact.kind === 'procedure-chosen');
  const hints = facts.filter((fact) => fact.kind === 'hint-taken');
  const checks = facts.filter((fact) => fact.kind === 'checked');
  const endEvent = events.find((event) => event.type === 'training' && event.fact.kind === 'finished');
  const end = facts.find((fact) => fact.kind === 'finished');
  const claims = checks.filter((fact) => fact.checks.some((check) => !check.holds));
  const wrongWays = choices.filter((fact) => fact.fit === 'wrong');
  const broughtBack = facts.filter((fact) => fact.kind === 'brought-back').length;
  const unanswered = questions.filter((id) => !answers.some((fact) => fact.question === id)).length;
  const overridden = runs.flat().filter((event) => event.type === 'guard-overridden');
  const outcome = end?.outcome ?? 'unfinished';
  // One that was killed is ended when the next one begins: its time is up to what was done last.
  const last = (outcome === 'left' ? events.findLast((event) => event !== endEvent) : events.at(-1)) ?? first;
  const lost =
    hints.reduce((sum, fact) => sum + (costs.hint[fact.level - 1] ?? 0), 0) +
    wrong.length * costs.wrongAnswer +
    unanswered * costs.unanswered +
    wrongWays.length * costs.wrongProcedure +
    broughtBack * costs.broughtBack +
    claims.length * costs.claimed +
    overridden.length * costs.overridden;
  const points = Math.max(0, 100 - lost);
  return {
    training: start.training,
    scenario: start.scenario,
    title: start.title,
    operator: first.operator,
    startedAt: first.time,
    seconds: Math.round((Date.parse(last.time) - Date.parse(first.time)) / 1000),
    outcome,
    points: outcome === 'solved' ? points : Math.min(points, costs.unsolved),
    choices: choices.map(({ title, runbook, fit }) => ({ title, runbook, fit })),
    hints: hints.length,
    right: new Set(rightAtOnce(answers)).size,
    wrong: wrong.map(({ text, answer, consequence }) => ({ text, answer, consequence })),
    unanswered,
    nearMisses: [
      ...wrong
        .filter((fact) => fact.command !== undefined)
        .map((fact) => `before it ran: “${fact.answer}”. ${fact.consequence}`),
      ...runs.flatMap(stopped),
      ...claims.map((fact) => `said that it was over while this did not hold: ${missing(fact.checks)}`),
    ],
    mistakes: [
      ...wrongWays.map(({ title }) => `took “${title}”, which does not lead there`),
      ...overridden.map((event) => `overrode a guard: ${event.refusal} (${event.reason})`),
      ...(broughtBack > 0
        ? [`had the sandbox brought back ${broughtBack === 1 ? 'once' : `${broughtBack} times`}`]
        : []),
    ],
    broughtBack,
    runs: facts.flatMap((fact) => (fact.kind === 'run-begun' ? [fact.run] : [])),
    checks: checks.at(-1)?.checks ?? [],
  };
}

type Answer = Extract<TrainingFact, { kind: 'answered' }>;

/** Questions whose first answer was the right one. */
function rightAtOnce(answers: readonly Answer[]): readonly string[] {
  return answers
    .filter(
      (fact, index) => fact.right && answers.findIndex((other) => other.question === fact.question) === index,
    )
    .map((fact) => fact.question);
}

function missing(checks: readonly TrainingCheck[]): string {
  return checks
    .filter((check) => !check.holds)
    .map((check) => check.text)
    .join('; ');
}

/** Phases whose commands look whether it is safe to go on: one that fails there has stopped somebody. */
const looking: ReadonlySet<Phase | undefined> = new Set(['pre-check', 'verify', 'safety-backup']);

/** Where a run was stopped by a guard or by a check of the runbook. */
function stopped(events: readonly RecordedEvent[]): readonly string[] {
  const [first] = events;
  if (first?.type !== 'run-started') return [];
  const state = fold(events);
  const phases = new Map(
    planned(state.started.procedure.items, state.options).flatMap((item) =>
      item.kind === 'step'
        ? plannedParts(item.parts, state.options).flatMap((part) =>
            part.kind === 'command' ? [[part.id, { step: item, part }] as const] : [],
          )
        : [],
    ),
  );
  const told = new Set<string>();
  return events.flatMap((event) => {
    if (event.type === 'guard-refused') return [`a guard refused: ${event.reason}`];
    if (event.type !== 'command-finished' || event.verdict === 'succeeded') return [];
    const found = phases.get(event.command);
    if (!found || !looking.has(found.step.phase) || told.has(event.command)) return [];
    told.add(event.command);
    return [`a check stopped it: ${found.part.caption ?? found.step.title} (${found.step.title})`];
  });
}
