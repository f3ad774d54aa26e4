import stringWidth from 'string-width';
import { spoken } from './format.ts';
import { clean } from './markdown-text.ts';
import { between } from './measured.ts';
import type { Entry, EntryStep } from './shape.ts';

/**
 * The steps of a run as bars on one time axis, `width` columns in all (at least 48): when each began, how long it
 * took, and `!` where it took longer than the runbook expects. Plain text, the same for terminal and Markdown.
 * Steps that were not entered are left out.
 */
export function barsOf(entry: Entry, width = 78): readonly string[] {
  const steps = entry.steps.filter((step) => step.enteredAt !== undefined);
  const end = entry.endedAt ?? entry.writtenAt;
  const whole = between(entry.startedAt, end);
  if (steps.length === 0 || whole === 0) return [];
  const label = Math.min(26, Math.max(...steps.map((step) => stringWidth(clean(step.title)))));
  const axis = Math.max(48, width) - label - 17;
  return steps.map((step) => {
    const from = Math.min(axis - 1, Math.floor((between(entry.startedAt, step.enteredAt!) / whole) * axis));
    const long = Math.min(axis - from, Math.max(1, Math.round(((step.seconds ?? 0) / whole) * axis)));
    const bar = `${' '.repeat(from)}${'█'.repeat(long)}`.padEnd(axis);
    return `${padded(clean(step.title), label)} |${bar}| ${duration(step)}`.trimEnd();
  });
}

function duration(step: EntryStep): string {
  const took = spoken(step.seconds ?? 0);
  return step.overEstimate ? `${took} !` : took;
}

function padded(text: string, columns: number): string {
  let cut = text;
  while (stringWidth(cut) > columns) cut = `${[...cut.replace(/…$/, '')].slice(0, -1).join('')}…`;
  return cut + ' '.repeat(columns - stringWidth(cut));
}
