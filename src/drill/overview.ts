import type { DrillSettings } from '../settings/drill-settings.ts';
import { type Due, dueOf } from './due.ts';
import { type DrillResult, drillHistory, lastDrills } from './history.ts';

/** A target and whether it is to be drilled. */
export interface DueTarget {
  readonly target: string;
  readonly schedule: string;
  readonly due: Due;
  /** When the last drill was begun that came to a result; UTC, ISO 8601. */
  readonly last?: string;
  /** The schedule cannot be used: why. */
  readonly problem?: string;
}

type Drilled = Readonly<Record<string, { readonly drill?: DrillSettings | undefined }>>;

/** Every target with a schedule, in the order of the settings. Never rejects. */
export async function dueTargets(
  targets: Drilled,
  stateFolder: string,
  now: Date,
): Promise<readonly DueTarget[]> {
  const scheduled = Object.entries(targets).flatMap(([target, { drill }]) =>
    drill?.schedule === undefined ? [] : [{ target, drill, schedule: drill.schedule }],
  );
  if (scheduled.length === 0) return [];
  const last = await lastDrills(stateFolder);
  return scheduled.map(({ target, drill, schedule }) => {
    const at = last.get(target);
    const known = at === undefined ? {} : { last: at.toISOString() };
    try {
      return { target, schedule, due: dueOf(drill, at, now), ...known };
    } catch (error) {
      return { target, schedule, due: { kind: 'unscheduled' }, ...known, problem: (error as Error).message };
    }
  });
}

/** A target's drills at a glance. */
export interface DrillOverview {
  readonly target: string;
  readonly schedule?: string;
  readonly due: Due;
  readonly problem?: string;
  /** The newest drill, whatever became of it. */
  readonly last?: DrillResult;
  /** What the newest drill that came to a result missed. */
  readonly failing: DrillResult['criteria'];
  /** The newest last: drills that came to a result. */
  readonly trend: readonly DrillResult[];
}

/** Every target that has a drill in the settings, or was drilled. */
export async function drillOverviews(
  targets: Drilled,
  stateFolder: string,
  now: Date,
  length: number,
): Promise<readonly DrillOverview[]> {
  const due = new Map((await dueTargets(targets, stateFolder, now)).map((one) => [one.target, one]));
  const results = await drillHistory(stateFolder, undefined, Number.POSITIVE_INFINITY);
  const configured = Object.entries(targets).flatMap(([name, { drill }]) => (drill ? [name] : []));
  const names = [...new Set([...configured, ...results.map((one) => one.target)])];
  return names.map((target) => {
    const own = results.filter((one) => one.target === target);
    const ended = own.filter((one) => one.outcome === 'passed' || one.outcome === 'failed');
    const scheduled = due.get(target);
    return {
      target,
      due: scheduled?.due ?? { kind: 'unscheduled' },
      ...(scheduled ? { schedule: scheduled.schedule } : {}),
      ...(scheduled?.problem ? { problem: scheduled.problem } : {}),
      ...(own[0] ? { last: own[0] } : {}),
      failing: ended[0]?.criteria.filter((one) => one.verdict === 'missed') ?? [],
      trend: ended.slice(0, length).reverse(),
    };
  });
}
