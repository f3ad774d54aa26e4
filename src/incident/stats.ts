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

/** `most`: how many rows of each ranking. Previews ran nothing and do not count. */
export function statsOf(all: readonly Entry[], most = 5): Stats {
  const entries = all
    .filter((entry) => entry.mode !== 'preview')
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
      .flatMap(({ run, steps }) =>
        steps.flatMap((step) =>
          step.parts.flatMap((part) =>
            part.kind === 'command'
              ? part.attempts.flatMap(({ text, seconds }) =>
                  seconds === undefined ? [] : [{ run, text, seconds }],
                )
              : [],
          ),
        ),
      )
      .sort((a, b) => b.seconds - a.seconds)
      .slice(0, most),
  };
}

/** Steps by how often they failed or were skipped; a failed attempt counts even where a later one succeeded. */
function ranked(entries: readonly Entry[], what: 'failed' | 'skipped', most: number): readonly Counted[] {
  const counts = new Map<string, Counted>();
  for (const { runbook, steps } of entries)
    for (const step of steps) {
      const failedOnce = step.parts.some(
        (part) =>
          part.kind === 'command' &&
          part.attempts.some(({ verdict }) => verdict !== undefined && verdict !== 'succeeded'),
      );
      if (step.status !== what && !(what === 'failed' && failedOnce)) continue;
      const key = JSON.stringify([runbook.path, step.title]);
      const before = counts.get(key) ?? { step: step.title, runbook: runbook.path, count: 0 };
      counts.set(key, { ...before, count: before.count + 1 });
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
