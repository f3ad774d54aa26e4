import { type Head, headOf } from '../journal/line.ts';
import type { Recorded } from '../run/event.ts';
import { fold } from '../run/fold.ts';
import type { RunState } from '../run/state.ts';
import { deviationsOf } from './deviations.ts';
import { measure } from './measured.ts';
import { type Index, indexOf } from './procedure-index.ts';
import { questionsOf } from './questions.ts';
import type { BackupLine, Entry, EntryInput } from './shape.ts';
import { stepsOf, verifiedAt } from './steps.ts';
import { wordsOf } from './wording.ts';

export type * from './shape.ts';

/**
 * The entry that a journal's events add up to, at the end of a run or at any time before. `now` is when it is made.
 * `head` is the journal's, for a journal that ends with lines of a newer version; else it is made from the last
 * event. `state` is what the events add up to, where that is known already. Throws an Error where the events do not
 * begin with the start of a run.
 */
export function entryOf(
  events: readonly Recorded[],
  now: Date,
  head?: Head,
  state: RunState = fold(events),
): Entry {
  const { started, status } = state;
  const index = indexOf(started.procedure);
  const ended = endOf(events, state);
  const end = ended?.time ?? now.toISOString();
  const steps = stepsOf(events, state, end);
  const deviations = deviationsOf(events, index);
  const measured = measure(state, steps, verifiedAt(events, steps), end);
  const { path, title, sha256, severity, contacts } = started.runbook;
  return {
    schema: 1,
    run: started.run,
    title: started.procedure.title,
    mode: started.mode,
    ...(severity === undefined ? {} : { severity }),
    runbook: { path, title, sha256 },
    ...(started.target ? { target: started.target } : {}),
    ...(state.identity ? { identity: state.identity } : {}),
    operators: [...new Set(events.map((event) => event.operator))],
    hosts: [...new Set(events.flatMap((event) => ('host' in event ? [event.host] : [])))],
    version: started.version,
    status,
    ...(state.outcome ? { outcome: state.outcome } : {}),
    ...(ended?.reason === undefined ? {} : { reason: ended.reason }),
    ...(ended?.to === undefined ? {} : { handedOverTo: ended.to }),
    startedAt: started.time,
    ...(ended ? { endedAt: ended.time } : {}),
    writtenAt: now.toISOString(),
    measured,
    options: Object.entries(state.options).map(([choice, option]) => ({
      choice: index.choiceTitle(choice),
      option: index.optionTitle(choice, option),
    })),
    inputs: inputsOf(state),
    steps,
    deviations,
    timeline: events.flatMap((event) => {
      const text = wordsOf(event, index);
      return text === undefined ? [] : [{ seq: event.seq, time: event.time, operator: event.operator, text }];
    }),
    backups: backupLines(state, index),
    used: state.backups.filter((backup) => backup.action !== 'created'),
    comparisons: state.comparisons,
    notes: state.notes,
    questions: questionsOf({ state, steps, deviations, measured }),
    contacts,
    chain: head ?? headOf(events.at(-1)!),
  };
}

interface End {
  readonly time: string;
  readonly reason?: string;
  readonly to?: string;
}

/** How the run ended, where it is not running now. */
function endOf(events: readonly Recorded[], state: RunState): End | undefined {
  if (state.status === 'running') return undefined;
  const last = events.findLast(
    ({ type }) =>
      type === 'run-finished' ||
      type === 'run-stopped' ||
      type === 'handed-over' ||
      type === 'run-taken-over',
  );
  if (last?.type === 'handed-over')
    return { time: last.time, to: last.to, ...(last.note === undefined ? {} : { reason: last.note }) };
  if (last?.type === 'run-taken-over')
    return { time: last.time, reason: `taken over from ${last.from}: ${last.reason}` };
  if (last?.type === 'run-finished' || last?.type === 'run-stopped')
    return { time: last.time, ...(last.reason === undefined ? {} : { reason: last.reason }) };
  return undefined;
}

function inputsOf(state: RunState): readonly EntryInput[] {
  const given = Object.entries(state.inputs).filter(([, { withheld, lost }]) => !(withheld && lost));
  return given.map(([name, { value, secret, source }]) => ({
    name,
    secret,
    source,
    ...(value === undefined || secret ? {} : { value }),
  }));
}

/** The backup log line: one for each backup that was made, with what was reported about it afterwards. */
function backupLines(state: RunState, index: Index): readonly BackupLine[] {
  return state.backups
    .filter((backup) => backup.action === 'created')
    .map((backup) => {
      const { name, kind, bytes, durationMs, location, database, takenAt, time, step } = backup;
      const again = state.backups.filter((other) => other.name === name);
      return {
        date: time,
        name,
        ...(kind === undefined ? {} : { type: kind }),
        ...(bytes === undefined ? {} : { bytes }),
        ...(durationMs === undefined ? {} : { duration: durationMs / 1000 }),
        location,
        verified: again.some((other) => other.verified === true),
        ...(database === undefined ? {} : { database }),
        ...(takenAt === undefined ? {} : { takenAt }),
        notes: step === undefined ? '' : `made in step ${index.stepTitle(step)}`,
      };
    });
}
