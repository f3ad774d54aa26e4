import type { Live, LiveProgress, LiveTypical } from '../run/session.ts';
import type { Estimate } from '../runbook/estimate.ts';
import { brief, expectation, size } from './duration.ts';
import { between, clip, type Line, line, padded, type Span, span, widthOf } from './line.ts';

export interface Watched {
  readonly live: Live;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly spinner: readonly string[];
  readonly columns: number;
  /** The author's, for the whole step; seconds. */
  readonly estimate?: Estimate | undefined;
}

/** The most rows that a running command's status takes. */
export const mostStatusRows = 2;
/** Below that a command that takes longer than before is nothing to worry about. Milliseconds. */
const leastLate = 2000;

/** What a running command is at: a bar where it says how far it is, and below it what is known of every command. */
export function statusRows(watched: Watched): readonly Line[] {
  const { live, columns } = watched;
  const progress = live.progress;
  return [...(progress ? [progressRow(progress, columns)] : []), factsRow(watched)];
}

/** ` [██████░░░░░░] 42%  12 MB of 30 MB · 3.1 MB/s · about 6s left · table members`, as much as fits. */
export function progressRow(progress: LiveProgress, columns: number): Line {
  const { done, total, unit, rate, eta, words } = progress;
  const share = total !== undefined && total > 0 ? Math.max(0, Math.min(1, done / total)) : undefined;
  const bar: readonly Span[] =
    share === undefined ? [] : barOf(share, columns >= 100 ? 24 : columns >= 80 ? 16 : 12);
  const facts = [
    amount(progress),
    ...(rate === undefined ? [] : [`${unit === 'bytes' ? size(rate) : rounded(rate)}/s`]),
    // A finer figure would be a promise that nobody can keep.
    ...(eta === undefined || (total !== undefined && done >= total) ? [] : [`about ${coarse(eta)} left`]),
    ...(words === '' ? [] : [words]),
  ].filter((fact) => fact !== '');
  return clip([span(' '), ...bar, span(facts.join(' · '))], columns);
}

function barOf(share: number, width: number): readonly Span[] {
  const filled = Math.floor(share * width);
  return [
    span('█'.repeat(filled), { tone: 'accent' }),
    span('░'.repeat(width - filled), { dim: true }),
    span(` ${String(Math.floor(share * 100)).padStart(2)}%  `, { bold: true }),
  ];
}

function amount({ done, total, unit }: LiveProgress): string {
  switch (unit) {
    case 'bytes':
      return total === undefined ? size(done) : `${size(done)} of ${size(total)}`;
    case 'items':
      return total === undefined ? `${done} done` : `${done} of ${total}`;
    case 'percent':
      return '';
  }
}

function rounded(rate: number): string {
  return rate >= 10 ? String(Math.round(rate)) : rate.toFixed(1);
}

/** Seconds to about a tenth of themselves: `6s`, `40s`, `3m`, `1h10m`. */
function coarse(seconds: number): string {
  const step = seconds < 20 ? 1 : seconds < 60 ? 5 : seconds < 600 ? 10 : seconds < 3600 ? 60 : 600;
  return brief(Math.max(1, Math.round(seconds / step) * step) * 1000);
}

/** The line that every running command has. What matters least goes first where room is short. */
function factsRow({ live, now, spinner, columns, estimate }: Watched): Line {
  const elapsed = Math.max(0, now - live.startedAt);
  const glyph = span(` ${spinner[Math.floor(now / 100) % spinner.length]!} `, { tone: 'accent' });
  const late = isLate(elapsed, live.typical, estimate);
  const caution = { tone: 'caution', bold: true } as const;
  // In the order in which they are shown; a higher rank stays longer.
  const facts: readonly { readonly rank: number; readonly part: Span }[] = [
    ...(live.stopping ? stopWords(live.stopping).map((part) => ({ rank: 9, part })) : []),
    { rank: 8, part: span(`running ${brief(elapsed)}`) },
    ...(live.silent || live.silentFor > quiet
      ? [{ rank: 7, part: span(silence(live), live.silent ? caution : {}) }]
      : []),
    ...timeoutFact(live.timeoutMs, elapsed),
    ...(live.pid === undefined ? [] : [{ rank: 3, part: span(`pid ${live.pid}`) }]),
    { rank: 4, part: span(`${live.lines} line${live.lines === 1 ? '' : 's'}`) },
  ];
  // Who stops a command wants to know one thing only.
  const right = live.stopping ? '' : usual(live.typical, estimate, late);
  const aside = line(span(right === '' ? '' : `${right} `, late ? caution : { dim: true }));
  for (let least = 0; least <= 9; least++) {
    const kept = joined(facts.filter(({ rank }) => rank >= least).map(({ part }) => part));
    const left = [glyph, ...kept];
    // What is usual goes before the last facts do.
    const beside = least <= 6 || late ? aside : [];
    if (widthOf(left) + widthOf(beside) + 1 <= columns || least === 9)
      return widthOf(beside) === 0 ? clip(left, columns) : between(left, beside, columns);
  }
  return padded([glyph], columns);
}

/** A pause that is worth a word, long before it is worth a warning. Milliseconds. */
const quiet = 20_000;

/** Since when nothing comes; where nothing ever came, the elapsed time says it already. */
function silence({ bytes, silentFor, silent, typical }: Live): string {
  const now = bytes === 0 ? 'no output yet' : `no output for ${brief(silentFor)}`;
  // Without it nobody knows whether that is a bad sign.
  return silent && typical?.silent !== undefined ? `${now} (before: ${brief(typical.silent)})` : now;
}

function timeoutFact(
  timeoutMs: number | undefined,
  elapsed: number,
): readonly { readonly rank: number; readonly part: Span }[] {
  if (timeoutMs === undefined) return [];
  const left = timeoutMs - elapsed;
  if (left > timeoutMs / 5) return [{ rank: 5, part: span(`timeout ${brief(timeoutMs)}`) }];
  return [{ rank: 7, part: span(`timeout in ${brief(Math.max(0, left))}`, { tone: 'caution', bold: true }) }];
}

/** The signal that was sent, and what the next key would send. */
export function stopWords(signal: NonNullable<Live['stopping']>): Line {
  const next = {
    SIGINT: 'Ctrl+C again: SIGTERM',
    SIGTERM: 'Ctrl+C again: SIGKILL',
    SIGKILL: 'waiting for its end',
  }[signal];
  return [span(`${signal} sent`, { tone: 'caution', bold: true }), span(`; ${next}`, { tone: 'caution' })];
}

function isLate(elapsed: number, typical: LiveTypical | undefined, estimate: Estimate | undefined): boolean {
  const most = typical?.longest ?? (estimate ? estimate.max * 1000 : undefined);
  return most !== undefined && elapsed > most * 1.5 && elapsed > most + leastLate;
}

/** What the command took before, on this machine; else what its author expects. */
function usual(typical: LiveTypical | undefined, estimate: Estimate | undefined, late: boolean): string {
  const author = estimate ? `estimated ${expectation(estimate)}` : '';
  if (!typical) return late ? `longer than ${author}` : author;
  const { count, shortest, longest } = typical;
  const before =
    count === 1
      ? `last time ${brief(longest)}`
      : `typical ${expectation({ min: shortest / 1000, max: longest / 1000 })}`;
  if (late) return `longer than ${before}`;
  return author === '' ? before : `${before}, ${author}`;
}

function joined(parts: readonly Span[]): Line {
  const row: Span[] = [];
  for (const part of parts) {
    // The stop words bring their own semicolon.
    if (row.length > 0 && !part.text.startsWith(';')) row.push(span(' · '));
    row.push(part);
  }
  return row;
}
