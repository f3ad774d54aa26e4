import { dayAndTime } from './duration.ts';
import { fuzzyFilter } from './fuzzy.ts';
import type { HomeContent } from './house.ts';
import { between, clip, type Line, line, span, widthOf } from './line.ts';

/** What can be opened from home. */
export type Opening =
  | { readonly kind: 'resume'; readonly run: string }
  | { readonly kind: 'drill'; readonly path: string }
  | { readonly kind: 'runbook'; readonly path: string }
  | { readonly kind: 'entry'; readonly path: string };

export type HomeRow =
  | { readonly kind: 'heading'; readonly line: Line }
  | {
      readonly kind: 'opening';
      readonly opening: Opening;
      readonly line: (width: number, marked: boolean) => Line;
    };

/** The rows of home: what is unfinished, the first drill, runbooks, entries. */
export function homeRows(content: HomeContent, filter: string): readonly HomeRow[] {
  const runbooks = fuzzyFilter(filter, content.runbooks, ({ title, path }) => `${title} ${path}`);
  const searching = filter.trim() !== '';
  const first = content.entries.length === 0 && content.unfinished.length === 0;
  const drill =
    first && !searching ? content.runbooks.find(({ path }) => /postgres-restore\.md$/.test(path)) : undefined;
  return [
    ...section(
      'Unfinished runs',
      searching
        ? []
        : content.unfinished.map((run) =>
            row(
              { kind: 'resume', run: run.run },
              `${run.mode.toUpperCase()}  ${run.title}`,
              `${run.at} · ${run.target} · ${dayAndTime(run.lastAt)}`,
            ),
          ),
    ),
    ...section(
      'Start here',
      drill === undefined || content.sandbox === 'unavailable'
        ? []
        : [
            row(
              { kind: 'drill', path: drill.path },
              'Drill a restore on the sandbox',
              'a real PostgreSQL, safe to break',
            ),
          ],
    ),
    ...section(
      searching ? 'Runbooks found' : 'Runbooks',
      runbooks.map((runbook) =>
        row({ kind: 'runbook', path: runbook.path }, runbook.title, asideOf(runbook)),
      ),
    ),
    ...section(
      'Recent entries',
      searching
        ? []
        : content.entries.map((entry) =>
            row(
              { kind: 'entry', path: entry.path },
              entry.title,
              `${entry.outcome} · ${entry.mode} · ${dayAndTime(entry.at)}`,
            ),
          ),
    ),
  ];
}

function section(title: string, rows: readonly HomeRow[]): readonly HomeRow[] {
  if (rows.length === 0) return [];
  return [{ kind: 'heading', line: line(span(` ${title}`, { dim: true, bold: true })) }, ...rows];
}

function row(opening: Opening, title: string, aside: string): HomeRow {
  return {
    kind: 'opening',
    opening,
    line: (width, marked) => {
      const left = line(
        span(marked ? ' ▸ ' : '   ', { tone: 'accent', bold: true }),
        span(title, { bold: marked }),
      );
      // What it is comes before what is said of it.
      const room = width - widthOf(left) - 3;
      return between(left, room < 6 ? [] : clip(line(span(`${aside} `, { dim: true })), room), width);
    },
  };
}

function asideOf(runbook: HomeContent['runbooks'][number]): string {
  return [
    runbook.severity,
    runbook.estimate,
    runbook.findings ? `${runbook.findings} finding${runbook.findings === 1 ? '' : 's'}` : undefined,
    runbook.lastRun ? `last run ${dayAndTime(runbook.lastRun)}` : undefined,
  ]
    .filter((part) => part !== undefined && part !== '')
    .join(' · ');
}
