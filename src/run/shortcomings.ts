import type { Step } from '../runbook/step.ts';
import { isSettled, statusOf } from './here.ts';
import { isDoer, planned, plannedParts } from './plan.ts';
import type { RunState } from './state.ts';

/**
 * The parts of the current plan that speak against calling the run passed: open, missed or refused ones, and skipped
 * commands of the steps that a restore stands or falls with.
 */
export function shortcomings(state: RunState): readonly string[] {
  return planned(state.started.procedure.items, state.options).flatMap((item) => {
    if (item.kind !== 'step') return [];
    const vital = isVital(item);
    if (state.steps[item.id]?.skipped !== undefined) return vital ? [item.id] : [];
    return plannedParts(item.parts, state.options).flatMap((part) => {
      if (!isDoer(part)) return [];
      const status = statusOf(state, part.id);
      const against = status === 'missed' || status === 'refused' || !isSettled(status);
      return against || (vital && status === 'skipped' && part.kind === 'command') ? [part.id] : [];
    });
  });
}

function isVital(step: Step): boolean {
  return step.phase === 'safety-backup' || step.phase === 'restore' || step.phase === 'verify';
}
