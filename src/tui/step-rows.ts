import { here, isStepDone, openPart } from '../run/here.ts';
import { doersOf, planned } from '../run/plan.ts';
import type { RunState } from '../run/state.ts';
import type { Choice } from '../runbook/choice.ts';
import type { Step } from '../runbook/step.ts';
import { brief, expectation } from './duration.ts';
import { between, clip, type Line, line, span } from './line.ts';
import type { Readings } from './readings.ts';

export type StepMark = 'done' | 'skipped' | 'current' | 'failed' | 'unknown' | 'ahead' | 'choice';

const glyphs: Readonly<Record<StepMark, string>> = {
  done: '✓',
  skipped: '–',
  current: '▶',
  failed: '✗',
  unknown: '?',
  ahead: ' ',
  choice: ' ',
};

/** How a step of the plan stands. */
export function markOf(state: RunState, item: Step | Choice): StepMark {
  if (item.kind === 'choice') return 'choice';
  if (state.steps[item.id]?.skipped !== undefined) return 'skipped';
  const current = state.step === item.id && state.status !== 'finished';
  if (isStepDone(state, item) && !(current && here(state).kind === 'part'))
    return wasSkipped(state, item) ? 'skipped' : 'done';
  if (state.steps[item.id]?.enteredAt === undefined) return 'ahead';
  const part = openPart(state, item);
  const status = part && part.kind !== 'choice' ? state.parts[part.id]?.status : undefined;
  if (status === 'interrupted') return 'unknown';
  if (status === 'failed') return 'failed';
  return 'current';
}

/** A step of which every part was skipped. */
export function wasSkipped(state: RunState, step: Step): boolean {
  const doers = doersOf(step, state.options);
  return doers.length > 0 && doers.every(({ id }) => state.parts[id]?.status === 'skipped');
}

/** The plan as rows, `height` of them around the step that the run is in. */
export function stepRows(
  state: RunState,
  readings: Readings,
  width: number,
  height: number,
): readonly Line[] {
  const plan = planned(state.started.procedure.items, state.options);
  const at = Math.max(
    0,
    plan.findIndex((item) => item.id === state.step),
  );
  const first = Math.max(0, Math.min(at - Math.floor(height / 2), plan.length - height));
  return plan
    .slice(first, first + height)
    .map((item, offset) => stepRow(state, readings, item, first + offset, width, plan.length));
}

/** One step of `steps`: mark, number, title, and either what it took or what it will do. */
export function stepRow(
  state: RunState,
  readings: Readings,
  item: Step | Choice,
  index: number,
  width: number,
  steps = 9,
): Line {
  const mark = markOf(state, item);
  const here = mark === 'current' || mark === 'failed' || mark === 'unknown' || item.id === state.step;
  const number = item.kind === 'step' ? (item.number ?? String(index + 1)) : '';
  const look = mark === 'failed' || mark === 'unknown' ? ({ tone: 'danger' } as const) : {};
  const left = line(
    span(`${glyphs[mark]} `, { ...look, ...(mark === 'done' ? { tone: 'good' as const } : {}), bold: here }),
    span(`${number} `.padStart(String(steps).length + 1), { dim: !here }),
    span(item.kind === 'step' ? item.title : `${item.title} …`, { bold: here, dim: mark === 'skipped' }),
  );
  if (item.kind === 'choice') return clip(left, width);
  return between(left, aside(state, readings, item, mark), width);
}

function aside(state: RunState, readings: Readings, step: Step, mark: StepMark): Line {
  const took = tookOf(state, step);
  if (mark === 'skipped') return line(span('skipped', { dim: true }));
  if (mark === 'done' && took !== undefined) return line(span(brief(took), { dim: true }));
  if (readings.destroys(state, step)) return line(span('! destroys', { tone: 'danger' }));
  return step.estimate && mark === 'ahead' ? line(span(expectation(step.estimate), { dim: true })) : [];
}

/** Milliseconds that a step's commands took, or its whole time where it has none. */
export function tookOf(state: RunState, step: Step): number | undefined {
  const { enteredAt, leftAt } = state.steps[step.id] ?? {};
  if (enteredAt === undefined) return undefined;
  return Date.parse(leftAt ?? state.time) - Date.parse(enteredAt);
}

/** Where in the plan the run is: 4 of 9. */
export function position(state: RunState): { readonly at: number; readonly of: number } {
  const plan = planned(state.started.procedure.items, state.options);
  return { at: plan.findIndex((item) => item.id === state.step) + 1, of: plan.length };
}
