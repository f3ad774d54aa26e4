import { firstLine, spoken, utc } from '../incident/format.ts';
import type { Hit } from '../incident/search.ts';
import { type Stats, sparkline } from '../incident/stats.ts';
import type { Verification } from '../incident/verify.ts';
import type { RunSummary } from '../journal/glance.ts';

/** A run as one line of `log list`. */
export function runLine(run: RunSummary): string {
  if (run.status === 'unreadable') return `${run.id}  unreadable: ${run.fault ?? ''}`;
  const { progress, target, mode = '', title = '' } = run;
  const where = progress && run.status !== 'finished' ? ` at step ${progress.step} of ${progress.of}` : '';
  const result = `${run.outcome ?? run.status}${where}${run.holder ? ' (running now)' : ''}`;
  return [run.id, mode.padEnd(8), (target ?? 'no target').padEnd(10), result.padEnd(10), title]
    .join('  ')
    .trimEnd();
}

/** A found entry with its first lines that hold a word. */
export function hitText(found: {
  run: string;
  title: string;
  startedAt: string;
  hits: readonly Hit[];
}): string {
  const shown = found.hits
    .slice(0, 5)
    .map(({ time, text }) => `  ${time ? `${utc(time)}  ` : ''}${firstLine(text)}`);
  const more = found.hits.length - shown.length;
  return [
    `${found.run}  ${found.title}`,
    ...shown,
    ...(more > 0 ? [`  and ${more} more ${more === 1 ? 'line' : 'lines'}`] : []),
  ].join('\n');
}

/** What was proved about a run, or the first thing that is wrong with it. */
export function verificationText(run: string, verified: Omit<Verification, 'line'>): string {
  if (!verified.sound)
    return [`${run}  NOT SOUND`, ...verified.problems.map((problem) => `  ${problem}`)].join('\n');
  const against =
    verified.heads.length > 0
      ? `against ${verified.heads.length} kept ${verified.heads.length === 1 ? 'head' : 'heads'}`
      : 'no head was kept: a cut end would not be found';
  return `${run}  sound, ${verified.lines} lines, ${against}`;
}

/** The statistics for the terminal. */
export function statsText(stats: Stats): string {
  const { drills, rto } = stats;
  const lines = [
    `runs           ${stats.runs} (${stats.incidents} ${stats.incidents === 1 ? 'incident' : 'incidents'})`,
    `MTTR           ${stats.mttr === undefined ? 'no incident was recovered from yet' : spoken(stats.mttr)}`,
    `drills passed  ${drills.of === 0 ? 'none was finished yet' : `${drills.passed} of ${drills.of}`}`,
  ];
  const last = rto.at(-1);
  if (last) {
    const shown = rto.slice(-40).map((one) => one.seconds);
    lines.push(`recovery time  ${sparkline(shown)}  last ${spoken(last.seconds)}`);
  }
  const ranking = (title: string, rows: readonly string[]) => {
    if (rows.length > 0) lines.push('', title, ...rows.map((row) => `  ${row}`));
  };
  const counted = ({ count, step, runbook }: Stats['failed'][number]) =>
    `${String(count).padStart(4)}  ${step}  (${runbook})`;
  ranking('Steps that failed most', stats.failed.map(counted));
  ranking('Steps that were skipped most', stats.skipped.map(counted));
  ranking(
    'Slowest commands',
    stats.slowest.map(({ seconds, text }) => `${spoken(seconds).padStart(14)}  ${firstLine(text, 80)}`),
  );
  return lines.join('\n');
}
