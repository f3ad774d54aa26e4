import type { Recorded } from '../run/event.ts';
import { isStepDone } from '../run/here.ts';
import type { Attempt, PartState, RunState } from '../run/state.ts';
import type { Item } from '../runbook/choice.ts';
import type { Command, Part } from '../runbook/part.ts';
import type { Step } from '../runbook/step.ts';
import type { EntryAttempt, EntryCommand, EntryPart, EntryStep } from './shape.ts';
import { spentIn } from './spent.ts';

/**
 * The steps on the way that was taken, and those of another way that was begun and left; each with what was planned in
 * it and what came of that. `end`: ISO 8601.
 */
export function stepsOf(events: readonly Recorded[], state: RunState, end: string): readonly EntryStep[] {
  const spent = spentIn(events, end);
  const steps = walked(state.started.procedure.items, state);
  return steps.map((step) => entryStep(step, events, state, spent.get(step.id)));
}

function walked(items: readonly Item[], state: RunState): readonly Step[] {
  return items.flatMap((item): readonly Step[] => {
    if (item.kind === 'step') return [item];
    return item.options.flatMap((option) => {
      const within = walked(option.items, state);
      if (option.id === state.options[item.id]) return within;
      return within.filter((step) => state.steps[step.id]?.enteredAt !== undefined);
    });
  });
}

/** The parts on the way that was taken, and those of another way that something came of. */
function partsOf(parts: readonly Part[], state: RunState): readonly Part[] {
  return parts.flatMap((part): readonly Part[] => {
    if (part.kind !== 'choice') return [part];
    return part.options.flatMap((option) => {
      const within = partsOf(option.parts, state);
      if (option.id === state.options[part.id]) return within;
      return within.filter((one) => 'id' in one && state.parts[one.id]?.at !== undefined);
    });
  });
}

function entryStep(
  step: Step,
  events: readonly Recorded[],
  state: RunState,
  seconds: number | undefined,
): EntryStep {
  const { enteredAt } = state.steps[step.id] ?? {};
  const parts = partsOf(step.parts, state).flatMap((part) => entryPart(part, events, state));
  return {
    id: step.id,
    ...(step.number ? { number: step.number } : {}),
    title: step.title,
    ...(step.phase ? { phase: step.phase } : {}),
    status: statusOf(step, parts, state),
    ...skippedOf(step, parts, state),
    ...(enteredAt === undefined ? {} : { enteredAt }),
    ...(seconds === undefined ? {} : { seconds }),
    ...(step.estimate ? { estimate: step.estimate } : {}),
    ...(step.estimate && seconds !== undefined && seconds > step.estimate.max ? { overEstimate: true } : {}),
    parts,
  };
}

function statusOf(step: Step, parts: readonly EntryPart[], state: RunState): EntryStep['status'] {
  const { enteredAt } = state.steps[step.id] ?? {};
  if (skippedOf(step, parts, state).skipped !== undefined) return 'skipped';
  if (enteredAt === undefined) return 'not-reached';
  if (parts.some((part) => part.status === 'failed' || part.status === 'missed')) return 'failed';
  return isStepDone(state, step) ? 'done' : 'open';
}

/** A step whose every part was skipped was skipped too, whatever it is called. */
function skippedOf(step: Step, parts: readonly EntryPart[], state: RunState): Pick<EntryStep, 'skipped'> {
  const whole = state.steps[step.id]?.skipped;
  if (whole !== undefined) return { skipped: whole };
  if (parts.length === 0 || parts.some((part) => part.status !== 'skipped')) return {};
  return {
    skipped: [...new Set(parts.map((part) => part.note ?? ''))].filter((note) => note !== '').join('; '),
  };
}

function entryPart(part: Part, events: readonly Recorded[], state: RunState): readonly EntryPart[] {
  if (!('id' in part) || part.kind === 'choice') return [];
  const found: PartState | undefined = state.parts[part.id];
  switch (part.kind) {
    case 'command':
      // A command that stands only in prose is worth a line when somebody ran it.
      return part.offered && !found ? [] : [entryCommand(part, events, found)];
    case 'file':
      return found ? [plain(part.kind, part.id, part.name, found)] : [];
    case 'manual':
    case 'check':
    case 'criterion':
      return [plain(part.kind, part.id, part.text, found)];
  }
}

function plain(
  kind: 'manual' | 'check' | 'criterion' | 'file',
  id: string,
  text: string,
  found: PartState | undefined,
): EntryPart {
  return {
    kind,
    id,
    text,
    status: found?.status ?? 'open',
    ...(found?.note === undefined ? {} : { note: found.note }),
    ...(found?.unattended ? { unattended: true } : {}),
  };
}

function entryCommand(
  part: Command,
  events: readonly Recorded[],
  found: PartState | undefined,
): EntryCommand {
  const passages = passagesOf(events.filter((event) => 'command' in event && event.command === part.id));
  return {
    kind: 'command',
    id: part.id,
    ...(part.caption ? { caption: part.caption } : {}),
    text: part.text,
    ...(found?.edited === undefined ? {} : { edited: found.edited }),
    status: found?.status ?? 'open',
    ...(found?.note === undefined ? {} : { note: found.note }),
    attempts: (found?.attempts ?? []).map((attempt) => entryAttempt(attempt, passages)),
  };
}

/** The events of a command around one attempt: what was confirmed before it, and what came after its start. */
interface Passage {
  readonly before: readonly Recorded[];
  readonly since: readonly Recorded[];
}

/** Cuts the events of a command at its starts, in one pass: a night of retries has thousands of attempts. */
function passagesOf(own: readonly Recorded[]): ReadonlyMap<number, Passage> {
  const passages = new Map<number, Passage>();
  let before: Recorded[] = [];
  for (const event of own) {
    if (event.type === 'command-started') {
      const since: Recorded[] = [];
      passages.set(event.attempt, { before, since });
      // What comes after this start stands before the next one.
      before = since;
    } else before.push(event);
  }
  return passages;
}

function entryAttempt(attempt: Attempt, passages: ReadonlyMap<number, Passage>): EntryAttempt {
  const { before, since } = passages.get(attempt.attempt) ?? { before: [], since: [] };
  const { finished, settled } = attempt;
  const interrupted = since.some((e) => e.type === 'command-interrupted' && e.attempt === attempt.attempt);
  return {
    attempt: attempt.attempt,
    text: attempt.text,
    effect: attempt.effect,
    interactive: attempt.interactive,
    startedAt: attempt.startedAt,
    ...(finished
      ? { seconds: finished.durationMs / 1000, exit: finished.exit, verdict: finished.verdict }
      : {}),
    ...(finished?.reason === undefined ? {} : { reason: finished.reason }),
    ...(finished ? { tail: finished.output.tail, output: withoutTail(finished.output) } : {}),
    ...(interrupted ? { interrupted: true } : {}),
    ...(settled ? { settled } : {}),
    confirmed: before.flatMap((event): EntryAttempt['confirmed'] => {
      if (event.type === 'guard-confirmed')
        return [{ by: event.by, ...(event.phrase === undefined ? {} : { phrase: event.phrase }) }];
      return event.type === 'guard-overridden' ? [{ by: 'override', reason: event.reason }] : [];
    }),
    stopped: since.flatMap((event) => (event.type === 'stop-requested' ? [event.signal] : [])),
  };
}

function withoutTail(output: { file: string; bytes: number; sha256: string }): EntryAttempt['output'] {
  const { file, bytes, sha256 } = output;
  return { file, bytes, sha256 };
}

/** When the last command or answer of the verification came, where every step of it that was not skipped is done. */
export function verifiedAt(events: readonly Recorded[], steps: readonly EntryStep[]): string | undefined {
  const verifying = steps.filter((step) => step.phase === 'verify' && step.status !== 'skipped');
  if (verifying.length === 0 || verifying.some((step) => step.status !== 'done')) return undefined;
  const ids = new Set(verifying.flatMap((step) => step.parts.map((part) => part.id)));
  return events.findLast((event) => {
    switch (event.type) {
      case 'command-finished':
      case 'command-settled':
      case 'command-done-by-hand':
        return ids.has(event.command);
      case 'manual-done':
      case 'check-answered':
      case 'criterion-judged':
        return ids.has(event.part);
      default:
        return false;
    }
  })?.time;
}
