import { planned, plannedParts } from '../run/plan.ts';
import type { RunState } from '../run/state.ts';
import { attemptLine } from './attempt-line.ts';
import { withoutSecrets } from './command-lines.ts';
import { size, timeOfDay } from './duration.ts';
import { type Line, line, plain, span } from './line.ts';

/** Something that happened in a run, for the timeline. */
export interface Moment {
  /** UTC, ISO 8601. */
  readonly time: string;
  readonly text: string;
}

/** What happened, oldest first, as far as the state tells it. */
export function moments(state: RunState): readonly Moment[] {
  const { started } = state;
  const titles = new Map(
    planned(started.procedure.items, state.options).map((item) => [item.id, item.title] as const),
  );
  const commands = new Map(
    planned(started.procedure.items, state.options)
      .flatMap((item) => (item.kind === 'step' ? plannedParts(item.parts, state.options) : []))
      .flatMap((part) => (part.kind === 'command' ? [[part.id, part.caption ?? part.text] as const] : [])),
  );
  const found: Moment[] = [
    { time: started.time, text: `${started.mode} begins: ${started.procedure.title}` },
    ...Object.entries(state.steps).flatMap(([id, step]) => [
      ...(step.enteredAt ? [{ time: step.enteredAt, text: `step: ${titles.get(id) ?? id}` }] : []),
      ...(step.skipped !== undefined && step.leftAt
        ? [{ time: step.leftAt, text: `skipped: ${titles.get(id) ?? id}: ${step.skipped}` }]
        : []),
    ]),
    ...Object.entries(state.parts).flatMap(([id, part]) =>
      part.attempts.flatMap((attempt) => [
        { time: attempt.startedAt, text: `runs: ${withoutSecrets(commands.get(id) ?? attempt.text)}` },
        ...(attempt.finished
          ? [{ time: attempt.finished.time, text: `  ${plain(attemptLine(attempt))}` }]
          : []),
      ]),
    ),
    ...state.notes.map(({ time, operator, text }) => ({ time, text: `note of ${operator}: ${text}` })),
    ...state.overrides.map(({ time, reason }) => ({ time, text: `guard overridden: ${reason}` })),
    ...state.backups.map(({ time, action, name, bytes }) => ({
      time,
      text: `backup ${action}: ${name}${bytes === undefined ? '' : ` (${size(bytes)})`}`,
    })),
    ...state.comparisons.map(({ time, left, right, equal }) => ({
      time,
      text: `${left} and ${right} ${equal ? 'are equal' : 'differ'}`,
    })),
    ...(state.maintenance.onAt ? [{ time: state.maintenance.onAt, text: 'maintenance mode on' }] : []),
    ...(state.maintenance.offAt ? [{ time: state.maintenance.offAt, text: 'maintenance mode off' }] : []),
    ...(state.finishedAt ? [{ time: state.finishedAt, text: `run ${state.outcome ?? 'finished'}` }] : []),
  ];
  return found.sort((a, b) => a.time.localeCompare(b.time));
}

/** The timeline as rows. */
export function momentLines(state: RunState): readonly Line[] {
  return moments(state).map(({ time, text }) => line(span(` ${timeOfDay(time)}  `, { dim: true }), text));
}
