import type { Item } from '../runbook/choice.ts';
import type { Part, PartOption } from '../runbook/part.ts';
import { withItems } from '../runbook/rereading.ts';
import type { Symptom } from '../runbook/runbook.ts';
import type { Step } from '../runbook/step.ts';
import { accepted, refused } from './answer.ts';
import type { Decision } from './decision.ts';
import type { RunEvent } from './event.ts';
import { openPart } from './here.ts';
import { isDoer, planned } from './plan.ts';
import type { RunState } from './state.ts';

type RemedyTaken = Extract<RunEvent, { type: 'remedy-taken' }>;

/**
 * Whether what helps against a symptom can be done where the run stands: it has something to do, and a step is open that
 * it can become a part of.
 */
export function canTakeRemedy(state: RunState, { remedy }: Pick<Symptom, 'remedy'>): boolean {
  return (
    state.started.mode !== 'preview' &&
    state.status === 'running' &&
    !state.running &&
    !state.interrupted &&
    stepHere(state) !== undefined &&
    hasSomethingToDo(toDo(remedy))
  );
}

/**
 * Makes what helps against a symptom a part of the step that the run is in, in front of what is open there: its commands
 * are then commands of the run like any other, read for their effects, guarded and journaled, and what they need is asked
 * for. After them, what had failed is open again.
 */
export function decideRemedy(state: RunState, { title, range, remedy }: Symptom): Decision {
  if (state.started.mode === 'preview')
    return refused('in a preview nothing is run', 'start a run to do what helps');
  const step = stepHere(state);
  if (!step) return refused('no step is open that it could belong to', 'enter a step first');
  const parts = toDo(remedy);
  if (!hasSomethingToDo(parts))
    return refused('that remedy has nothing that could be run here', 'do what it says, and note it');
  const open = openPart(state, step);
  const before = open && 'id' in open ? open.id : undefined;
  return accepted([
    {
      type: 'remedy-taken',
      title,
      line: range.line,
      step: step.id,
      ...(before === undefined ? {} : { before }),
      parts: [
        { kind: 'prose', markdown: `**${escaped(title)}: what helps**`, range },
        ...parts.map((part) => renamed(part, state.seq)),
      ],
    },
  ]);
}

/** The state with a remedy in its step. Without `loadShell` its values are not known: see `withItems`. */
export function applyRemedy(state: RunState, event: RemedyTaken): RunState {
  const { procedure } = state.started;
  const into = (items: readonly Item[]): readonly Item[] =>
    items.map((item): Item => {
      if (item.kind === 'choice')
        return { ...item, options: item.options.map((one) => ({ ...one, items: into(one.items) })) };
      return item.id === event.step
        ? { ...item, parts: inserted(item.parts, event.parts, event.before) }
        : item;
    });
  return { ...state, started: { ...state.started, procedure: withItems(procedure, into(procedure.items)) } };
}

/** The step that was entered last, also where all of it is done: then it is open again. One that was skipped is not. */
function stepHere(state: RunState): Step | undefined {
  const step = planned(state.started.procedure.items, state.options).find(({ id }) => id === state.step);
  return step?.kind === 'step' && state.steps[step.id]?.skipped === undefined ? step : undefined;
}

/** Commands that stand only in sentences are what it is about where it has no others. */
function toDo(remedy: readonly Part[]): readonly Part[] {
  if (hasSomethingToDo(remedy)) return remedy;
  return remedy.map((part): Part => {
    if (part.kind !== 'command') return part;
    const { offered: _only, ...command } = part;
    return command;
  });
}

function hasSomethingToDo(parts: readonly Part[]): boolean {
  return parts.some((part) => part.kind === 'choice' || isDoer(part));
}

/** A remedy can be taken more than once, and each time its commands have their own attempts. `taken` is no other's. */
function renamed(part: Part, taken: number): Part {
  if (part.kind === 'choice')
    return {
      ...part,
      id: `${part.id}/taken-${taken}`,
      options: part.options.map(
        (option): PartOption => ({
          ...option,
          id: `${option.id}/taken-${taken}`,
          parts: option.parts.map((one) => renamed(one, taken)),
        }),
      ),
    };
  return 'id' in part ? { ...part, id: `${part.id}/taken-${taken}` } : part;
}

/** Puts the given parts in front of the part of that id, wherever it stands; at the end where there is none. */
function inserted(
  parts: readonly Part[],
  given: readonly Part[],
  before: string | undefined,
): readonly Part[] {
  if (before === undefined || !holds(parts, before)) return [...parts, ...given];
  return parts.flatMap((part): readonly Part[] => {
    if ('id' in part && part.id === before) return [...given, part];
    if (part.kind !== 'choice' || !holds([part], before)) return [part];
    return [
      {
        ...part,
        options: part.options.map((option) =>
          holds(option.parts, before) ? { ...option, parts: inserted(option.parts, given, before) } : option,
        ),
      },
    ];
  });
}

function holds(parts: readonly Part[], id: string): boolean {
  return parts.some(
    (part) =>
      ('id' in part && part.id === id) ||
      (part.kind === 'choice' && part.options.some((option) => holds(option.parts, id))),
  );
}

function escaped(text: string): string {
  return text.replace(/[\\`*_[\]<>]/g, '\\$&');
}
