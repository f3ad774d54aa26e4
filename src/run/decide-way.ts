import { accepted, refused } from './answer.ts';
import type { Accepted, Decision } from './decision.ts';
import { here } from './here.ts';
import type { Intent } from './intent.ts';
import { choicesOf, planned } from './plan.ts';
import type { RunState } from './state.ts';

/**
 * Takes one of several ways, or another one than before: what was done on the way that is left stays recorded, and the
 * run goes on where the new one begins.
 */
export function decideChoice(state: RunState, choiceId: string, optionId: string): Decision {
  const choice = choicesOf(state.started.procedure.items).find((candidate) => candidate.id === choiceId);
  const option = choice?.options.find((candidate) => candidate.id === optionId);
  if (!choice) return refused(`there is no choice ${choiceId}`, 'take one that the procedure offers');
  if (!option)
    return refused(
      `${choice.title} has no option ${optionId}`,
      `take one of: ${choice.options.map((candidate) => candidate.id).join(', ')}`,
    );
  const before = state.options[choice.id];
  if (before === undefined)
    return accepted([{ type: 'option-chosen', choice: choice.id, option: option.id }]);
  if (before === option.id) return accepted([]);
  return accepted([{ type: 'option-chosen', choice: choice.id, option: option.id, instead: before }]);
}

/** Enters the next step once this one has nothing open. */
export function decideNext(state: RunState): Decision {
  const at = here(state);
  switch (at.kind) {
    case 'choice':
      return refused(`${at.choice.title}: one of several ways must be taken`, 'choose one', {
        needsPerson: true,
      });
    case 'part':
      return refused(
        'this step is not finished',
        'run it, do it by hand with a note, or skip it with a reason',
        {
          needsPerson: true,
        },
      );
    case 'end':
      return refused('every step is done', 'finish the run');
    case 'step-done':
      return accepted([{ type: 'step-entered', step: at.next.id }]);
  }
}

/** Opens a step again that the run has been in. */
export function decideBack(state: RunState, id: string): Decision {
  const step = planned(state.started.procedure.items, state.options).find((item) => item.id === id);
  if (step?.kind !== 'step') return refused(`there is no step ${id}`, 'choose a step of this procedure');
  const entered = state.steps[id]?.enteredAt !== undefined || state.steps[id]?.skipped !== undefined;
  if (!entered)
    return refused(
      'that step has not been reached yet',
      'finish the steps before it, or skip them with a reason',
    );
  return accepted([{ type: 'step-entered', step: id }]);
}

/** A run passes only when it was gone through to its end. What it found against itself (`shortcomings`) a person weighs. */
export function decideFinish(state: RunState, intent: Extract<Intent, { type: 'finish' }>): Decision {
  const end: Accepted = accepted([
    { type: 'run-finished', outcome: intent.outcome, ...(intent.reason ? { reason: intent.reason } : {}) },
  ]);
  if (intent.outcome !== 'passed') return end;
  if (state.interrupted)
    return refused('the outcome of a command is unknown', 'settle it, or finish the run as failed');
  if (here(state).kind !== 'end')
    return refused('not every step is done', 'go through them, or finish the run as failed or abandoned');
  return end;
}
