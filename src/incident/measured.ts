import { planned, plannedParts } from '../run/plan.ts';
import type { RunState } from '../run/state.ts';
import type { EntryStep, Measured, Objective } from './shape.ts';
import { timeIn } from './time.ts';

/**
 * What a run measured, against the target's objectives. RTO counts from the incident to verified service, RPO from
 * the data's time of the restored backup to the incident; the incident begins when it was noticed, as the operator
 * says, else with the run. `end` is when the run ended, or now: ISO 8601.
 */
export function measure(
  state: RunState,
  steps: readonly EntryStep[],
  verifiedAt: string | undefined,
  end: string,
): Measured {
  const { started, maintenance, answers, outcome } = state;
  const detectedAt = timeIn(answers.detected, started.time);
  const incident = detectedAt ?? started.time;
  const { onAt, offAt } = maintenance;
  const rpo = loss(state, incident);
  const restored = steps.some((step) => step.phase === 'restore' && step.status === 'done');
  const back = outcome === 'passed' && restored ? latest([offAt, verifiedAt]) : undefined;
  return {
    duration: between(started.time, end),
    ...(detectedAt === undefined ? {} : { detectedAt }),
    ...(verifiedAt === undefined ? {} : { verifiedAt }),
    ...(onAt === undefined
      ? {}
      : {
          downtime: {
            from: onAt,
            ...(offAt === undefined ? {} : { to: offAt }),
            seconds: between(onAt, offAt ?? end),
          },
        }),
    ...(back === undefined
      ? {}
      : {
          rto: {
            ...against(between(incident, back), started.target?.objectives.rto),
            from: incident,
            to: back,
          },
        }),
    ...(rpo ? { rpo } : {}),
  };
}

/** The backup whose data went in: as reported, else the one that a restoring command named which another had verified. */
function restoredBackup(state: RunState): RunState['backups'][number] | undefined {
  const reported = state.backups.findLast((backup) => backup.action === 'restored');
  if (reported) return reported;
  const texts = planned(state.started.procedure.items, state.options)
    .flatMap((item) => (item.kind === 'step' && item.phase === 'restore' ? [item] : []))
    .flatMap((step) => plannedParts(step.parts, state.options))
    .flatMap((part) => (part.kind === 'command' ? (state.parts[part.id]?.attempts ?? []) : []))
    .filter((attempt) => attempt.finished?.verdict === 'succeeded')
    .map((attempt) => withValues(attempt.text, state));
  return state.backups.findLast(
    ({ action, name }) => action === 'verified' && texts.some((text) => text.includes(name)),
  );
}

/** A text with the known values in the place of their variables, enough to see which file it names. */
function withValues(text: string, state: RunState): string {
  return text.replace(/\$\{?(\w+)\}?/g, (whole, name: string) => state.inputs[name]?.value ?? whole);
}

function loss(state: RunState, incident: string): Measured['rpo'] {
  const restored = restoredBackup(state);
  if (!restored) return undefined;
  const takenAt =
    restored.takenAt ??
    state.backups.find((backup) => backup.name === restored.name && backup.takenAt)?.takenAt;
  if (takenAt === undefined || Number.isNaN(Date.parse(takenAt))) return undefined;
  return {
    ...against(between(takenAt, incident), state.started.target?.objectives.rpo),
    takenAt,
    backup: restored.name,
  };
}

function against(seconds: number, objective: number | undefined): Objective {
  return objective === undefined ? { seconds } : { seconds, objective, met: seconds <= objective };
}

function latest(times: readonly (string | undefined)[]): string | undefined {
  return times
    .filter((time) => time !== undefined)
    .sort()
    .at(-1);
}

/** Seconds from one time to a later one; 0 where it is not later. */
export function between(from: string, to: string): number {
  return Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000);
}
