import { unsettled } from '../run/background.ts';
import { here, openPart } from '../run/here.ts';
import type { Intent } from '../run/intent.ts';
import { measure } from '../run/measure.ts';
import { type Doer, plannedParts } from '../run/plan.ts';
import { isHere, rereadable } from '../run/reread.ts';
import type { BackgroundState, RunState } from '../run/state.ts';
import type { Command, ConfigurationFile, Part } from '../runbook/part.ts';
import { asking } from './asking.ts';
import type { Handlers } from './hooks/use-keys.ts';
import type { StepLink } from './house.ts';
import type { Overlay, Question } from './overlay.ts';
import type { Readings } from './readings.ts';
import { lastAttempt } from './run-layout.ts';

/** What a handler may do: send an intent, ask for a text, put something in front, end the run, leave. */
export interface Ways {
  readonly send: (intent: Intent) => Promise<void>;
  readonly ask: (question: Question) => void;
  readonly show: (overlay: Overlay) => void;
  readonly finish: () => void;
  readonly quit: () => void | Promise<void>;
}

/** What can be done where the run stands. What is missing here has no key. */
export function runHandlers(
  state: RunState,
  readings: Readings,
  { send, ask, show, finish, quit }: Ways,
  links: readonly StepLink[] = [],
): Handlers {
  const at = here(state);
  const part = at.kind === 'part' ? at.part : undefined;
  const attempt = lastAttempt(state);
  const file = fileOf(state);
  return {
    ...(part ? partHandlers(state, readings, part, send, ask) : {}),
    // What this step left running is decided, or put off, before the step is left.
    next: () =>
      leftByStep(state).length > 0
        ? show({ kind: 'background', onward: { type: 'next' } })
        : send({ type: 'next' }),
    reread: rereading(state, { send, show }),
    link: linking(links, show),
    finish,
    worked: () => ask(asking.settle('succeeded')),
    'did-not': () => ask(asking.settle('failed')),
    'accept-change': () => ask(asking.acceptRunbook()),
    'skip-step': canSkipStep(state) ? () => ask(asking.skipStep()) : undefined,
    'save-file': file ? () => ask(asking.saveFile(file)) : undefined,
    note: () => ask(asking.note()),
    output: attempt
      ? () => show({ kind: 'output', command: attempt.command, attempt: attempt.attempt })
      : undefined,
    back: Object.keys(state.steps).length > 0 && !state.running ? () => show({ kind: 'back' }) : undefined,
    timeline: () => show({ kind: 'timeline' }),
    shell: () => send({ type: 'open-shell' }),
    'hand-over': () => ask(asking.handOver()),
    background: unsettled(state).length > 0 ? () => show({ kind: 'background' }) : undefined,
    stop: () => show({ kind: 'stop' }),
    help: () => show({ kind: 'help' }),
    quit,
  };
}

/** The block in front of the operator; where it could be one of several, they are listed. */
function rereading(state: RunState, { send, show }: Pick<Ways, 'send' | 'show'>): Handlers['reread'] {
  const guesses = rereadable(state);
  const one =
    guesses.find((guess) => isHere(state, guess)) ?? (guesses.length === 1 ? guesses[0] : undefined);
  if (one) return () => send({ type: 'reread', block: one.block, role: one.other.role });
  return guesses.length > 0 ? () => show({ kind: 'guesses' }) : undefined;
}

function linking(links: readonly StepLink[], show: Ways['show']): Handlers['link'] {
  const [link] = links;
  if (!link) return undefined;
  return () => show(links.length === 1 ? { kind: 'linked', link } : { kind: 'links', links });
}

function partHandlers(
  state: RunState,
  readings: Readings,
  part: Doer,
  send: Ways['send'],
  ask: Ways['ask'],
): Handlers {
  const { id } = part;
  const common: Handlers = {
    walk: () => send({ type: 'skip-part', part: id, reason: 'preview' }),
    skip: () => ask(asking.skip(id)),
  };
  switch (part.kind) {
    case 'command': {
      const run = (interactive?: true) => () => {
        const { missing } = readings.of(state, part).prepared;
        const [name] = missing;
        if (name !== undefined) return ask(asking.value(state, part, name));
        return send({ type: 'run', command: id, ...(interactive ? { interactive } : {}) });
      };
      return {
        ...common,
        run: run(),
        retry: run(),
        interactive: run(true),
        edit: () => ask(asking.edit(id, state.parts[id]?.edited ?? part.text)),
        'by-hand': () => ask(asking.byHand(id)),
      };
    }
    case 'manual':
      return { ...common, done: () => send({ type: 'manual', part: id }) };
    case 'check':
      return {
        ...common,
        tick: () => send({ type: 'check', part: id, answer: 'ticked' }),
        refuse: () => send({ type: 'check', part: id, answer: 'refused' }),
        'not-applicable': () => send({ type: 'check', part: id, answer: 'not-applicable' }),
      };
    case 'criterion': {
      const measured = measure(state, part);
      return {
        ...common,
        measured: measured ? () => send({ type: 'judge', part: id, ...measured }) : undefined,
        holds: () => send({ type: 'judge', part: id, verdict: 'met' }),
        missed: () => send({ type: 'judge', part: id, verdict: 'missed' }),
        'not-judged': () => send({ type: 'judge', part: id, verdict: 'not-judged' }),
      };
    }
  }
}

/** A step that has something open; before it and after it there is nothing to skip. */
function canSkipStep(state: RunState): boolean {
  const at = here(state);
  return (
    at.kind === 'part' ||
    (at.kind === 'choice' && at.step !== undefined && openPart(state, at.step) !== undefined)
  );
}

/** What commands of the step that the run is in left running, and nobody has decided about. */
function leftByStep(state: RunState): readonly BackgroundState[] {
  const ids = new Set(partsHere(state).flatMap((part) => ('id' in part ? [part.id] : [])));
  return unsettled(state).filter(({ by }) => ids.has(by));
}

function partsHere(state: RunState): readonly Part[] {
  const at = here(state);
  const step = at.kind === 'choice' ? undefined : at.step;
  return step ? plannedParts(step.parts, state.options) : [];
}

/** A command of the step that the run is in. */
export function commandOf(state: RunState, id: string): Command | undefined {
  return partsHere(state).find((part): part is Command => part.kind === 'command' && part.id === id);
}

/** The file that the current step shows and that was not written yet. */
function fileOf(state: RunState): ConfigurationFile | undefined {
  return partsHere(state).find(
    (part): part is ConfigurationFile => part.kind === 'file' && state.parts[part.id]?.status !== 'succeeded',
  );
}
