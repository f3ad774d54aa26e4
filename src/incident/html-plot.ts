import { spoken, utc } from './format.ts';
import { escaped } from './html-text.ts';
import { between } from './measured.ts';
import type { Entry, EntryStep } from './shape.ts';

const width = 900;
const label = 250;
const row = 26;
const top = 28;

/**
 * The steps of a run on one time axis, as inline SVG; empty where none was entered. What failed or took longer than the
 * runbook expects is said in words beside its bar, not by colour alone.
 */
export function plotOf(entry: Entry): string {
  const steps = entry.steps.filter(({ enteredAt }) => enteredAt !== undefined);
  const whole = between(entry.startedAt, entry.endedAt ?? entry.writtenAt);
  if (steps.length === 0 || whole <= 0) return '';
  const axis = width - label - 130;
  const x = (seconds: number) => Number((label + (Math.min(seconds, whole) / whole) * axis).toFixed(1));
  const height = top + steps.length * row + 8;
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((share) => {
    const at = x(share * whole);
    return `<line class="tick" x1="${at}" x2="${at}" y1="${top - 6}" y2="${height - 4}"/><text class="mark" x="${at}" y="14" text-anchor="middle">${escaped(spoken(share * whole))}</text>`;
  });
  const bars = steps.map((step, index) => {
    const from = between(entry.startedAt, step.enteredAt!);
    const [left, right] = [x(from), x(from + (step.seconds ?? 0))];
    const y = top + index * row;
    const words = [spoken(step.seconds ?? 0), ...saying(step)].join(', ');
    return `<g><title>${escaped(`${step.title}: ${words}, from ${utc(step.enteredAt!)}`)}</title>
<text x="0" y="${y + 15}">${escaped(cut(step.number ? `${step.number} ${step.title}` : step.title))}</text>
<rect class="bar ${step.status}" x="${left}" y="${y + 4}" width="${Math.max(2, Number((right - left).toFixed(1)))}" height="14" rx="2"/>
<text class="mark" x="${Math.min(right + 6, width - 130)}" y="${y + 15}">${escaped(words)}</text></g>`;
  });
  return `<svg role="img" aria-label="Steps on a time axis" viewBox="0 0 ${width} ${height}">${ticks.join('')}${bars.join('\n')}</svg>`;
}

function saying(step: EntryStep): readonly string[] {
  return [
    ...(step.status === 'failed' ? ['failed'] : step.status === 'skipped' ? ['skipped'] : []),
    ...(step.overEstimate ? ['longer than expected'] : []),
  ];
}

function cut(text: string): string {
  const signs = [...text];
  return signs.length > 36 ? `${signs.slice(0, 35).join('')}…` : text;
}
