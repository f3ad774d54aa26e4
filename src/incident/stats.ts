import type { Entry } from './shape.ts';

/** What many entries add up to. Durations are seconds. */
export interface Stats {
  readonly runs: number;
  readonly incidents: number;
  /** Mean time to recovery over the incidents that were recovered from. */
  readonly mttr?: number;
  readonly drills: { readonly passed: number; readonly of: number };
  /** Recovery time of every run that has one, oldest first. */
  readonly rto: readonly { readonly run: string; readonly date: string; readonly seconds: number }[];
  readonly failed: readonly Counted[];
  readonly skipped: readonly Counted[];
  readonly slowest: readonly { readonly run: string; readonly text: string; readonly seconds: number }[];
}

export interface Counted {
  readonly step: string;
  readonly runbook: string;
  readonly count: number;
}

/** What of an entry the statistics are made of: small enough to keep thousands of them at hand. */
export type StatsEntry = Pick<Entry, 'run' | 'startedAt' | 'mode' | 'status' | 'outcome'> & {
  readonly runbook: Pick<Entry['runbook'], 'path'>;
  readonly measured: Pick<Entry['measured'], 'rto'>;
  readonly steps: readonly {
    readonly title: string;
    readonly status: Entry['steps'][number]['status'];
    /** A failed attempt counts even where a later one succeeded. */
    readonly failed: boolean;
  }[];
  readonly slowest: readonly { readonly text: string; readonly seconds: number }[];
};

/** No ranking shows more commands of one run. */
const mostOfOne = 10;

/** An entry without what the statistics do not need. */
export function statsEntry(entry: Entry): StatsEntry {
  const { run, startedAt, mode, status, outcome, runbook, measured, steps } = entry;
  return {
    run,
    startedAt,
    mode,
    status,
    ...(outcome === undefined ? {} : { outcome }),
    runbook: { path: runbook.path },
    measured: measured.rto ? { rto: measured.rto } : {},
    steps: steps.map((step) => ({
      title: step.title,
      status: step.status,
      failed:
        step.status === 'failed' ||
        step.parts.some(
          (part) =>
            part.kind === 'command' &&
            part.attempts.some(({ verdict }) => verdict !== undefined && verdict !== 'succeeded'),
        ),
    })),
    slowest: steps
      .flatMap((step) => step.parts)
      .flatMap((part) => (part.kind === 'command' ? part.attempts : []))
      .flatMap(({ text, seconds }) => (seconds === undefined ? [] : [{ text: text.slice(0, 300), seconds }]))
      .sort((a, b) => b.seconds - a.seconds)
      .slice(0, mostOfOne),
  };
}

/** `most`: how many rows of each ranking. Previews ran nothing and do not count. */
export function statsOf(all: readonly StatsEntry[], most = 5): Stats {
  const entries = all
    .filter(({ mode }) => mode !== 'preview')
    .sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1));
  const incidents = entries.filter((entry) => entry.mode === 'incident');
  const drills = entries.filter((entry) => entry.mode === 'drill' && entry.status === 'finished');
  const recoveries = incidents.flatMap((entry) => entry.measured.rto?.seconds ?? []);
  return {
    runs: entries.length,
    incidents: incidents.length,
    ...(recoveries.length > 0
      ? { mttr: recoveries.reduce((sum, one) => sum + one, 0) / recoveries.length }
      : {}),
    drills: { passed: drills.filter((entry) => entry.outcome === 'passed').length, of: drills.length },
    rto: entries.flatMap(({ run, startedAt, measured }) =>
      measured.rto ? [{ run, date: startedAt, seconds: measured.rto.seconds }] : [],
    ),
    failed: ranked(entries, 'failed', most),
    skipped: ranked(entries, 'skipped', most),
    slowest: entries
      .flatMap(({ run, slowest }) => slowest.map((one) => ({ run, ...one })))
      .sort((a, b) => b.seconds - a.seconds)
      .slice(0, most),
  };
}

/** Steps by how often they failed or were skipped. */
function ranked(
  entries: readonly StatsEntry[],
  what: 'failed' | 'skipped',
  most: number,
): readonly Counted[] {
  const counts = new Map<string, { step: string; runbook: string; count: number }>();
  for (const { runbook, steps } of entries)
    for (const { title, status, failed } of steps) {
      if (what === 'failed' ? !failed : status !== 'skipped') continue;
      const key = `${runbook.path}\n${title}`;
      const before = counts.get(key);
      if (before) before.count++;
      else counts.set(key, { step: title, runbook: runbook.path, count: 1 });
    }
  return [...counts.values()].sort((a, b) => b.count - a.count).slice(0, most);
}

/** Figures as a row of bars, lowest to highest. */
export function sparkline(figures: readonly number[]): string {
  const bars = '▁▂▃▄▅▆▇█';
  const low = Math.min(...figures);
  const span = Math.max(...figures) - low;
  return figures.map((figure) => bars[span === 0 ? 0 : Math.round(((figure - low) / span) * 7)]).join('');
}
