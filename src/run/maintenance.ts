import { isStepDone } from './here.ts';
import { planned, plannedParts } from './plan.ts';
import type { RecordedEvent, RunState } from './state.ts';

/** Maintenance is on from the end of the first `maintenance-on` step to the end of the last `maintenance-off` step. */
export function withMaintenance(state: RunState, event: RecordedEvent): RunState {
  if (event.type !== 'step-entered' && event.type !== 'run-finished') return state;
  const left = planned(state.started.procedure.items, state.options).find((item) => item.id === state.step);
  if (left?.kind !== 'step' || !isStepDone(state, left) || state.steps[left.id]?.skipped !== undefined)
    return state;
  const doneAt = lastEnd(state, left.id) ?? event.time;
  if (left.phase === 'maintenance-on' && state.maintenance.onAt === undefined)
    return { ...state, maintenance: { ...state.maintenance, onAt: doneAt } };
  if (left.phase === 'maintenance-off')
    return { ...state, maintenance: { ...state.maintenance, offAt: doneAt } };
  return state;
}

/** When the last thing of a step was done; the moment of leaving it is too late by the time spent reading. */
function lastEnd(state: RunState, id: string): string | undefined {
  const step = planned(state.started.procedure.items, state.options).find((item) => item.id === id);
  if (step?.kind !== 'step') return undefined;
  const ends = plannedParts(step.parts, state.options).flatMap((part) =>
    'id' in part ? (state.parts[part.id]?.at ?? []) : [],
  );
  return ends.sort().at(-1);
}
