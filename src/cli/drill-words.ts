import { ageText, sparkline } from '../backup/health/wording.ts';
import { titleOf } from '../drill/criterion.ts';
import type { Due } from '../drill/due.ts';
import type { DrillResult } from '../drill/history.ts';
import type { DrillOverview, DueTarget } from '../drill/overview.ts';
import { tableText } from './backup-output.ts';
import { time } from './backup-words.ts';

/** `overdue by 12 d 3 h`, `due since 2 h`, `next 2026-12-07 04:00`. */
export function dueWords(due: Due, now: Date): string {
  switch (due.kind) {
    case 'unscheduled':
      return 'not scheduled';
    case 'held':
      return `next ${time(new Date(due.next))}`;
    case 'due':
      return `due since ${ageText(now.getTime() - Date.parse(due.since))}`;
    case 'overdue':
      return `OVERDUE by ${ageText(now.getTime() - Date.parse(due.since))}`;
  }
}

/** A target with a schedule, in one line. */
export function dueLine({ target, due, last, problem, schedule }: DueTarget, now: Date): string {
  if (problem !== undefined) return `${target}: ${problem}`;
  const before = last === undefined ? 'never drilled' : `last ${time(new Date(last))}`;
  return `${target}: ${dueWords(due, now)}, ${before} (${schedule})`;
}

/** A target's drills: when, how the last one went, the trend of the restore's duration, what fails. */
export function overviewText(one: DrillOverview, now: Date): string {
  const { last, trend, failing } = one;
  return [
    `${one.target}: ${one.problem ?? dueWords(one.due, now)}${one.schedule === undefined ? '' : ` (${one.schedule})`}`,
    last === undefined
      ? '  never drilled'
      : `  last    ${time(new Date(last.startedAt))}  ${last.outcome}${last.backup ? `, ${last.backup.name}` : ''}  ${last.run}`,
    ...(trend.length > 0
      ? [
          `  trend   ${marks(trend)}  ${trend.filter((drill) => drill.outcome === 'passed').length} of ${trend.length} passed; RTO ${sparkline(trend.map((drill) => drill.rtoSeconds ?? 0))} ${secondsText(trend.at(-1)?.rtoSeconds)}`,
        ]
      : []),
    ...failing.map(({ criterion, measured }) => `  FAILING ${titleOf(criterion)}: ${measured}`),
  ].join('\n');
}

/** Drills as a table, the newest first. */
export function historyText(results: readonly DrillResult[]): string {
  return tableText(
    [
      ['held (UTC)', 'target', 'outcome', 'restore', 'RTO', 'RPO', 'backup', 'missed', 'run'],
      ...results.map((one) => [
        time(new Date(one.startedAt)),
        one.target,
        one.outcome,
        secondsText(one.restoreSeconds),
        secondsText(one.rtoSeconds),
        secondsText(one.rpoSeconds),
        one.backup?.name ?? '',
        one.criteria
          .filter(({ verdict }) => verdict === 'missed')
          .map(({ criterion }) => criterion)
          .join(' '),
        one.run,
      ]),
    ],
    [3, 4, 5],
  );
}

/** The newest last, as everywhere where time runs to the right. */
export function trendText(results: readonly DrillResult[]): string {
  const ended = results.filter((one) => one.outcome === 'passed' || one.outcome === 'failed').reverse();
  return `outcome ${marks(ended)}  RTO ${sparkline(ended.map((one) => one.rtoSeconds ?? 0))}  restore ${sparkline(ended.map((one) => one.restoreSeconds ?? 0))}`;
}

function marks(results: readonly DrillResult[]): string {
  return results.map(({ outcome }) => (outcome === 'passed' ? '✓' : '✗')).join('');
}

function secondsText(seconds: number | undefined): string {
  return seconds === undefined ? '' : ageText(seconds * 1000);
}
