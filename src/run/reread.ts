import type { Block } from '../runbook/block.ts';
import type { GuessedBlock } from '../runbook/guess.ts';
import type { Part } from '../runbook/part.ts';
import type { Range } from '../runbook/range.ts';
import { rereadBlock } from '../runbook/rereading.ts';
import type { Step } from '../runbook/step.ts';
import { accepted, refused } from './answer.ts';
import type { Decision } from './decision.ts';
import { here } from './here.ts';
import { planned, plannedParts } from './plan.ts';
import type { RunState } from './state.ts';

/**
 * The guessed blocks that may be read the other way where the run stands, the one that is in front of the operator
 * first: that of the thing to do next, then those above it, nearest first; at the end of a step all of it.
 */
export function rereadable(state: RunState): readonly GuessedBlock[] {
  const step = stepHere(state);
  if (!step || state.running || state.interrupted || state.steps[step.id]?.skipped !== undefined) return [];
  const at = here(state);
  const open = at.kind === 'part' ? at.part.range : at.kind === 'choice' ? at.choice.range : undefined;
  return (state.started.procedure.guesses ?? [])
    .filter((guess) => standsIn(state, step, guess) && !isBegun(state, step, guess))
    .filter(({ range }) => open === undefined || range.start < open.end)
    .sort((a, b) => b.range.start - a.range.start);
}

/** Whether a guessed block is what the run stands at. */
export function isHere(state: RunState, { range }: GuessedBlock): boolean {
  const at = here(state);
  return at.kind === 'part' && within(at.part.range, range);
}

/** The other reading of a guessed block, as long as nothing of it was run or settled. */
export function decideReread(state: RunState, block: string, role: Block['role']): Decision {
  const guess = state.started.procedure.guesses?.find((one) => one.block === block);
  const step = stepHere(state);
  if (!guess)
    return refused('how that block is read is no guess', 'a hint in the runbook says it: ```bash {output}');
  if (guess.role === role) return refused('it is read so already', 'go on');
  if (guess.other.role !== role)
    return refused(`it may be ${guess.other.role} or ${guess.role}, not ${role}`, 'choose one of the two');
  if (!step || !standsIn(state, step, guess))
    return refused('that block stands in another step', 'go to the step that it stands in');
  if (state.steps[step.id]?.skipped !== undefined)
    return refused('the step was skipped', 'go back to it first');
  if (isBegun(state, step, guess))
    return refused('something of that block was run or settled already', 'go on, and note what is wrong');
  return accepted([
    {
      type: 'block-reread',
      block,
      role,
      was: guess.role,
      line: guess.range.line,
      reason: guess.guess.reason,
    },
  ]);
}

/** What a reading the other way makes of the state. Without `loadShell` its values are not known: see `withItems`. */
export function applyReread(state: RunState, block: string, role: Block['role']): RunState {
  const procedure = rereadBlock(state.started.procedure, block, role);
  // A journal of another version may know a block that this one does not guess about.
  if (!procedure) return state;
  return { ...state, started: { ...state.started, procedure }, rereads: { ...state.rereads, [block]: role } };
}

function stepHere(state: RunState): Step | undefined {
  const item = planned(state.started.procedure.items, state.options).find(({ id }) => id === state.step);
  return item?.kind === 'step' ? item : undefined;
}

/** A block in an alternative that was not taken is not on the way. */
function standsIn(state: RunState, step: Step, guess: GuessedBlock): boolean {
  if (partsOf(state, step, guess).length > 0) return true;
  const elsewhere = everyPart(step.parts).some((part) => within(part.range, guess.range));
  return !elsewhere && guess.other.places.some((place) => place.step === step.id);
}

function isBegun(state: RunState, step: Step, guess: GuessedBlock): boolean {
  return partsOf(state, step, guess).some((part) => {
    const known = 'id' in part ? state.parts[part.id] : undefined;
    return known !== undefined && (known.status !== 'open' || known.attempts.length > 0);
  });
}

function partsOf(state: RunState, step: Step, { range }: GuessedBlock): readonly Part[] {
  return plannedParts(step.parts, state.options).filter((part) => within(part.range, range));
}

function everyPart(parts: readonly Part[]): readonly Part[] {
  return parts.flatMap((part) =>
    part.kind === 'choice' ? [part, ...part.options.flatMap((option) => everyPart(option.parts))] : [part],
  );
}

function within(inner: Range, outer: Range): boolean {
  return inner.start >= outer.start && inner.end <= outer.end;
}
