import { ageWords, type CatalogueEntry } from '../runbook/catalogue-entry.ts';
import { type CatalogueMatch, searchCatalogue } from '../runbook/fuzzy.ts';
import { dayAndTime } from './duration.ts';
import type { HomeContent } from './house.ts';
import { between, clip, type Line, type Look, line, type Span, span, widthOf } from './line.ts';

/** What can be opened from home. */
export type Opening =
  | { readonly kind: 'resume'; readonly run: string }
  | { readonly kind: 'drill'; readonly path: string }
  | { readonly kind: 'due-drill'; readonly target: string }
  | { readonly kind: 'runbook'; readonly path: string; readonly procedure?: string }
  | { readonly kind: 'entry'; readonly path: string };

export type HomeRow =
  | { readonly kind: 'heading'; readonly line: Line }
  | {
      readonly kind: 'opening';
      readonly opening: Opening;
      /** Rows that it takes on the screen. */
      readonly height: number;
      /** Exactly `height` of them. */
      readonly lines: (width: number, marked: boolean) => readonly Line[];
    };

type Runbook = HomeContent['runbooks'][number];

/** A runbook of the list, and where the search was found in it. */
interface Found {
  readonly runbook: Runbook;
  readonly match?: CatalogueMatch;
}

/** The rows of home: what is unfinished, the first drill, runbooks, entries. With a search, the runbooks that have all of its words, best first. */
export function homeRows(content: HomeContent, search: string): readonly HomeRow[] {
  const searching = search.trim() !== '';
  const first = content.entries.length === 0 && content.unfinished.length === 0;
  const drill =
    first && !searching
      ? (content.starter ?? content.runbooks.find(({ path }) => /postgres-restore\.md$/.test(path))?.path)
      : undefined;
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
    ...(searching ? [] : drillRows(content.drills ?? [])),
    ...(searching ? [] : untoldRows(content.untold ?? [])),
    ...section(
      'Start here',
      drill === undefined || content.sandbox === 'unavailable'
        ? []
        : [
            row(
              { kind: 'drill', path: drill },
              'Drill a restore on the sandbox',
              'a real PostgreSQL, safe to break',
            ),
          ],
    ),
    ...(searching || !content.loose ? [] : looseRows(content.loose)),
    ...section(
      searching ? 'Runbooks found' : 'Runbooks',
      (searching ? found(content.runbooks, search) : content.runbooks.map((runbook) => ({ runbook }))).map(
        runbookRow,
      ),
    ),
    ...(searching ? [] : followUpRows(content.followUps ?? [])),
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

/** More of a list than this is for the command line. */
const mostLines = 5;

function drillRows(drills: NonNullable<HomeContent['drills']>): readonly HomeRow[] {
  if (drills.length === 0) return [];
  const overdue = drills.some((drill) => drill.overdue);
  const more = drills.length - mostLines;
  return [
    said(` Drills ${overdue ? 'overdue' : 'due'}: ${drills.length}  (drillbook drill run --due)`, true),
    ...drills
      .slice(0, mostLines)
      .map(({ target, words }) => row({ kind: 'due-drill', target }, `Drill ${target}`, words)),
    ...(more > 0 ? [said(`   and ${more} more: drillbook drill due`)] : []),
  ];
}

function looseRows(count: number): readonly HomeRow[] {
  const files = count === 1 ? 'A Markdown file here is' : `${count} Markdown files here are`;
  return [
    said(` ${files} in no folder of runbooks`, true),
    said('   drillbook list . shows them; drillbook init takes them in'),
  ];
}

function untoldRows(untold: readonly string[]): readonly HomeRow[] {
  if (untold.length === 0) return [];
  return [
    said(` Not told yet: ${untold.length}  (drillbook log outbox --retry)`, true),
    ...untold.slice(0, mostLines).map((text) => said(`   ${text}`)),
  ];
}

function followUpRows(followUps: NonNullable<HomeContent['followUps']>): readonly HomeRow[] {
  const more = followUps.length - mostLines;
  return [
    ...section(
      `Still to be done: ${followUps.length}  (drillbook log follow-up close ID)`,
      followUps
        .slice(0, mostLines)
        .map(({ id, text, at, entry }) =>
          entry === undefined
            ? said(`   ${text}  ${id}`)
            : row({ kind: 'entry', path: entry }, text, `${id} · ${dayAndTime(at)}`),
        ),
    ),
    ...(more > 0 ? [said(`   and ${more} more: drillbook log follow-up list`)] : []),
  ];
}

/** A line that nothing opens. */
function said(text: string, bold = false): HomeRow {
  return { kind: 'heading', line: line(span(text, { dim: true, bold })) };
}

function found(runbooks: readonly Runbook[], search: string): readonly Found[] {
  return runbooks
    .flatMap((runbook) => {
      const match = searchCatalogue(search, runbook.catalogue ?? onlyTitle(runbook));
      return match ? [{ runbook, match }] : [];
    })
    .sort((a, b) => b.match.score - a.match.score);
}

function onlyTitle({ title, path }: Runbook): CatalogueEntry {
  return { title, procedures: [], headings: [path], commands: [] };
}

function section(title: string, rows: readonly HomeRow[]): readonly HomeRow[] {
  if (rows.length === 0) return [];
  return [{ kind: 'heading', line: line(span(` ${title}`, { dim: true, bold: true })) }, ...rows];
}

/** What it is, and beside it what is said of it, which gives way. */
function row(opening: Opening, title: string, aside: string): HomeRow {
  return {
    kind: 'opening',
    opening,
    height: 1,
    lines: (width, marked) => [beside(line(span(title, { bold: marked })), aside, width, marked)],
  };
}

function beside(title: Line, aside: string, width: number, marked: boolean): Line {
  const left = [span(marked ? ' ▸ ' : '   ', { tone: 'accent', bold: true }), ...title];
  const room = width - widthOf(left) - 3;
  return between(left, room < 6 ? [] : clip(line(span(`${aside} `, { dim: true })), room), width);
}

/** A runbook in two rows: what it is, how bad and how long; then whose, how old, how sound, and when it was run. */
function runbookRow({ runbook, match }: Found): HomeRow {
  return {
    kind: 'opening',
    opening: {
      kind: 'runbook',
      path: runbook.path,
      ...(match?.procedure === undefined ? {} : { procedure: match.procedure }),
    },
    height: 2,
    lines: (width, marked) => {
      const said = [runbook.severity, runbook.estimate].filter((part) => part !== undefined).join(' · ');
      const titled = match?.where === 'title' ? match : undefined;
      const title = lit(titled?.text ?? runbook.title, titled, { bold: marked });
      const aside = said === '' ? 0 : Math.min(26, said.length + 3);
      return [
        beside(clip(title, width - 4 - aside), said, width, marked),
        clip(
          [
            span('     '),
            ...(match && match.where !== 'title' ? foundLine(match) : factsLine(runbook, width - 5)),
          ],
          width,
        ),
      ];
    },
  };
}

/** Where the search was found, what was typed in it lit up. */
function foundLine(match: CatalogueMatch): Line {
  return [span(`${match.where}: `, { dim: true }), ...lit(match.text, match, { dim: true })];
}

function lit(text: string, match: CatalogueMatch | undefined, look: Look): Line {
  if (!match || match.positions.length === 0) return line(span(text, look));
  const positions = new Set(match.positions);
  const parts: Span[] = [];
  for (let at = 0; at < text.length; ) {
    const on = positions.has(at);
    let end = at + 1;
    while (end < text.length && positions.has(end) === on) end++;
    parts.push(span(text.slice(at, end), on ? { tone: 'accent', bold: true } : look));
    at = end;
  }
  return parts;
}

/** In full where there is room, else in short. */
function factsLine(runbook: Runbook, width: number): Line {
  const full = factsOf(runbook, false);
  return line(span(full.length <= width ? full : factsOf(runbook, true), { dim: true }));
}

function factsOf({ owner, age, findings = 0, lastRun, lastOutcome }: Runbook, short: boolean): string {
  return [
    owner === undefined ? undefined : short && owner.length > 12 ? `${owner.slice(0, 11)}…` : owner,
    age === undefined
      ? undefined
      : short && age > 0
        ? `${ageWords(age, true)} old`
        : `updated ${ageWords(age)}`,
    findings > 0 ? `${findings} finding${findings === 1 ? '' : 's'}` : undefined,
    lastRun === undefined
      ? 'never run'
      : `run ${lastRun.slice(0, 10)}${short ? signOf(lastOutcome) : wordOf(lastOutcome)}`,
  ]
    .filter((part) => part !== undefined)
    .join(' · ');
}

function wordOf(outcome: string | undefined): string {
  return outcome === undefined ? '' : `, ${outcome}`;
}

function signOf(outcome: string | undefined): string {
  return outcome === 'passed' ? ' ✓' : outcome === 'failed' ? ' ✗' : wordOf(outcome);
}

/** The rows that fit into a height, so that the marked one can be seen whole. */
export function windowOf(
  rows: readonly HomeRow[],
  marked: Opening | undefined,
  height: number,
  width: number,
): readonly Line[] {
  const heightOf = (row: HomeRow): number => (row.kind === 'heading' ? 1 : row.height);
  const isMarked = (row: HomeRow): boolean => row.kind === 'opening' && row.opening === marked;
  // From the marked one outwards, as long as there is room; only what is seen is drawn.
  let from = Math.max(0, rows.findIndex(isMarked));
  let to = from + 1;
  const first = rows[from];
  let left = height - (first ? heightOf(first) : 0);
  for (let grew = true; grew; ) {
    grew = false;
    const [above, below] = [rows[from - 1], rows[to]];
    if (above && heightOf(above) <= left) {
      from--;
      left -= heightOf(above);
      grew = true;
    }
    if (below && heightOf(below) <= left) {
      to++;
      left -= heightOf(below);
      grew = true;
    }
  }
  return rows
    .slice(from, to)
    .flatMap((row) => (row.kind === 'heading' ? [row.line] : row.lines(width, isMarked(row))))
    .slice(0, Math.max(0, height));
}
