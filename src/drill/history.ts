import { readJournal } from '../journal/read.ts';
import { listRuns } from '../journal/runs.ts';
import { fold } from '../run/fold.ts';
import { restoreSeconds } from '../run/measure.ts';
import type { RecordedEvent } from '../run/state.ts';
import { criterionOfPart, type DrillCriterion, type Judged } from './criterion.ts';
import { type Lease, readLease } from './lease.ts';

/** One drill, as its journal tells it. Times are UTC, ISO 8601. */
export interface DrillResult {
  readonly run: string;
  readonly target: string;
  readonly startedAt: string;
  readonly endedAt: string;
  /** `unfinished`: it goes on, or it was killed and nobody has cleaned up after it yet. */
  readonly outcome: 'passed' | 'failed' | 'abandoned' | 'unfinished';
  readonly reason?: string;
  readonly backup?: { readonly name: string; readonly takenAt?: string; readonly bytes?: number };
  readonly criteria: readonly (Judged & { readonly criterion: DrillCriterion })[];
  /** Seconds of the restoring commands alone. */
  readonly restoreSeconds?: number;
  /** Seconds from the start to a database that was restored and looked at; and what would have been lost. */
  readonly rtoSeconds?: number;
  readonly rpoSeconds?: number;
}

/** When the last drill of each target was begun that came to a result: what is due follows from it. Never rejects. */
export async function lastDrills(stateFolder: string): Promise<ReadonlyMap<string, Date>> {
  const last = new Map<string, Date>();
  for (const { target, startedAt, outcome } of await drillRuns(stateFolder)) {
    if (target === undefined || startedAt === undefined) continue;
    if ((outcome === 'passed' || outcome === 'failed') && !last.has(target))
      last.set(target, new Date(startedAt));
  }
  return last;
}

/**
 * The drills of a target, or of all, the newest first, read from their journals; at most `limit`. One whose journal
 * cannot be read is left out here: `drillbook log verify` says what is wrong with it.
 */
export async function drillHistory(
  stateFolder: string,
  target: string | undefined,
  limit: number,
): Promise<readonly DrillResult[]> {
  const found: DrillResult[] = [];
  for (const run of await drillRuns(stateFolder)) {
    if (found.length >= limit) break;
    if (target !== undefined && run.target !== target) continue;
    const result = await readJournal(run.folder).then(
      ({ events }) => resultOf(events),
      () => undefined,
    );
    if (result) found.push(result);
  }
  return found;
}

/** The result of a drill from its events. Pure; undefined where they do not start one. */
export function resultOf(events: readonly RecordedEvent[]): DrillResult | undefined {
  if (events.length === 0) return undefined;
  const state = fold(events);
  const { started } = state;
  if (started.target === undefined) return undefined;
  const criteria = new Map<DrillCriterion, Judged>();
  for (const event of events) {
    const criterion = event.type === 'criterion-judged' ? criterionOfPart(event.part) : undefined;
    if (criterion && event.type === 'criterion-judged')
      criteria.set(criterion, { verdict: event.verdict, measured: event.measured ?? '' });
  }
  const end = events.findLast((event) => event.type === 'run-finished');
  const backup = state.backups.find((one) => one.takenAt !== undefined && one.action === 'verified');
  return {
    run: started.run,
    target: started.target.name,
    startedAt: started.time,
    endedAt: events.at(-1)!.time,
    outcome: end?.type === 'run-finished' ? end.outcome : 'unfinished',
    ...(end?.type === 'run-finished' && end.reason ? { reason: end.reason } : {}),
    ...(backup
      ? {
          backup: {
            name: backup.name,
            ...(backup.takenAt === undefined ? {} : { takenAt: backup.takenAt }),
            ...(backup.bytes === undefined ? {} : { bytes: backup.bytes }),
          },
        }
      : {}),
    criteria: [...criteria].map(([criterion, judged]) => ({ criterion, ...judged })),
    ...seconds('restoreSeconds', restoreSeconds(state)),
    ...seconds('rtoSeconds', secondsIn(criteria.get('rto'))),
    ...seconds('rpoSeconds', secondsIn(criteria.get('rpo'))),
  };
}

/** Runs that were made by `drill`, the newest first: practice on a runbook is no drill of a backup. */
async function drillRuns(stateFolder: string) {
  const runs = await listRuns(stateFolder).catch(() => []);
  const leases = await Promise.all(
    runs.map(
      (run): Promise<Lease | undefined> =>
        run.mode === 'drill' ? readLease(run.folder) : Promise.resolve(undefined),
    ),
  );
  return runs.filter((_, at) => leases[at] !== undefined);
}

/** The figure that a criterion of time begins with. */
function secondsIn(judged: Judged | undefined): number | undefined {
  const figure = /^(\d+(?:\.\d+)?) s\b/.exec(judged?.measured ?? '')?.[1];
  return figure === undefined ? undefined : Number(figure);
}

function seconds(name: 'restoreSeconds' | 'rtoSeconds' | 'rpoSeconds', value: number | undefined) {
  return value === undefined ? {} : { [name]: value };
}
