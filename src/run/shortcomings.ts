import { isSettled, statusOf } from './here.ts';
import { isDoer, planned, plannedParts } from './plan.ts';
import type { RunState } from './state.ts';

/**
 * What of the current plan speaks against calling the run passed: steps and commands that were skipped, and
 * whatever is open, missed or refused. Ids of steps and parts, in order.
 */
export function shortcomings(state: RunState): readonly string[] {
  return planned(state.started.procedure.items, state.options).flatMap((item) => {
    if (item.kind !== 'step') return [];
    if (state.steps[item.id]?.skipped !== undefined) return [item.id];
    return plannedParts(item.parts, state.options).flatMap((part) => {
      if (!isDoer(part)) return [];
      const status = statusOf(state, part.id);
      const skipped = status === 'skipped' && part.kind === 'command';
      return skipped || status === 'missed' || status === 'refused' || !isSettled(status) ? [part.id] : [];
    });
  });
}
