import type { Choice } from '../runbook/choice.ts';
import type { PartChoice } from '../runbook/part.ts';
import type { Step } from '../runbook/step.ts';
import { type Doer, doersOf, planned } from './plan.ts';
import type { PartStatus, RunState } from './state.ts';

/** Where a run stands: the one thing that wants something done next. */
export type Here =
  | { readonly kind: 'choice'; readonly choice: Choice | PartChoice; readonly step?: Step }
  | { readonly kind: 'part'; readonly step: Step; readonly part: Doer; readonly status: PartStatus }
  | { readonly kind: 'step-done'; readonly step: Step; readonly next: Step }
  | { readonly kind: 'end'; readonly step?: Step };

/** True for a part that a run need not come back to. A failed command is not settled: it wants a decision. */
export function isSettled(status: PartStatus): boolean {
  switch (status) {
    case 'open':
    case 'running':
    case 'failed':
    case 'interrupted':
      return false;
    case 'succeeded':
    case 'skipped':
    case 'by-hand':
    case 'ticked':
    case 'refused':
    case 'not-applicable':
    case 'met':
    case 'missed':
    case 'not-judged':
      return true;
  }
}

export function statusOf(state: RunState, part: string): PartStatus {
  return state.parts[part]?.status ?? 'open';
}

/** The first thing of a step that is not settled; none where the step is done or was skipped. */
export function openPart(state: RunState, step: Step): Doer | PartChoice | undefined {
  if (state.steps[step.id]?.skipped !== undefined) return undefined;
  return doersOf(step, state.options).find(
    (part) => part.kind === 'choice' || !isSettled(statusOf(state, part.id)),
  );
}

/** A step is done when it was skipped, or was entered and has nothing open. */
export function isStepDone(state: RunState, step: Step): boolean {
  const stepState = state.steps[step.id];
  if (stepState?.skipped !== undefined) return true;
  return stepState?.enteredAt !== undefined && openPart(state, step) === undefined;
}

export function here(state: RunState): Here {
  const plan = planned(state.started.procedure.items, state.options);
  const at = plan.findIndex((item) => item.kind === 'step' && item.id === state.step);
  const step = plan[at];
  if (step?.kind === 'step') {
    const part = openPart(state, step);
    if (part?.kind === 'choice') return { kind: 'choice', choice: part, step };
    if (part) return { kind: 'part', step, part, status: statusOf(state, part.id) };
  }
  // After going back, the steps in between are done already: the next one is the first that is not.
  const next = plan.slice(at + 1).find((item) => item.kind === 'choice' || !isStepDone(state, item));
  if (!next) return step?.kind === 'step' ? { kind: 'end', step } : { kind: 'end' };
  if (next.kind === 'choice')
    return { kind: 'choice', choice: next, ...(step?.kind === 'step' ? { step } : {}) };
  if (step?.kind === 'step') return { kind: 'step-done', step, next };
  return { kind: 'step-done', step: next, next };
}
