import type { Choice } from '../runbook/choice.ts';
import type { Part, PartChoice } from '../runbook/part.ts';
import { choicesOf, planned } from './plan.ts';
import type { RunState } from './state.ts';

/** A choice of which the run has taken an option. */
export interface TakenWay {
  readonly choice: Choice | PartChoice;
  readonly option: string;
}

/** The choices that were made on the way that the run is on, in order. */
export function takenWays({ started, options }: RunState): readonly TakenWay[] {
  return choicesOf(started.procedure.items).flatMap((choice) => {
    const option = choice.options.find(({ id }) => id === options[choice.id]);
    return option && onTheWay(started.procedure.items, options, choice.id)
      ? [{ choice, option: option.title }]
      : [];
  });
}

/** A choice within an option that was not taken is none. */
function onTheWay(
  items: RunState['started']['procedure']['items'],
  options: RunState['options'],
  id: string,
): boolean {
  return items.some((item) => {
    if (item.kind === 'step') return holds(item.parts, options, id);
    if (item.id === id) return true;
    const taken = item.options.find((option) => option.id === options[item.id]);
    return taken !== undefined && onTheWay(taken.items, options, id);
  });
}

function holds(parts: readonly Part[], options: RunState['options'], id: string): boolean {
  return parts.some((part) => {
    if (part.kind !== 'choice') return false;
    if (part.id === id) return true;
    const taken = part.options.find((option) => option.id === options[part.id]);
    return taken !== undefined && holds(taken.parts, options, id);
  });
}

/**
 * The state after a way was taken, at `time`. Where another one was on before, the run stands in front of the new one:
 * in the step that holds the choice, or in the last one that it was in before it. What was done stays as it is.
 */
export function chosenWay(
  before: RunState,
  {
    choice,
    option,
    instead,
  }: { readonly choice: string; readonly option: string; readonly instead?: string },
  time: string,
): RunState {
  const state: RunState = { ...before, options: { ...before.options, [choice]: option } };
  if (instead === undefined || before.step === undefined) return state;
  const plan = planned(state.started.procedure.items, state.options);
  const first = plan.findIndex(
    (item) =>
      item.kind === 'step' && (holds(item.parts, state.options, choice) || isOf(state, choice, item.id)),
  );
  const holding = plan[first];
  const inside = holding?.kind === 'step' && holds(holding.parts, state.options, choice);
  const stand = plan
    .slice(0, first < 0 ? plan.length : inside ? first + 1 : first)
    .findLast((item) => item.kind === 'step' && state.steps[item.id]?.enteredAt !== undefined);
  if (stand?.id === state.step) return state;
  const { step: left, ...standing } = state;
  const steps = { ...state.steps, [left!]: { ...state.steps[left!], leftAt: time } };
  return stand ? { ...standing, step: stand.id, steps } : { ...standing, steps };
}

/** Whether a step belongs to the option that was taken of a choice. */
function isOf(state: RunState, choice: string, step: string): boolean {
  const found = choicesOf(state.started.procedure.items).find(({ id }) => id === choice);
  const taken = found?.options.find(({ id }) => id === state.options[choice]);
  if (!taken || !('items' in taken)) return false;
  return planned(taken.items, state.options).some(({ id }) => id === step);
}
