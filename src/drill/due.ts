import type { DrillSettings } from '../settings/drill-settings.ts';
import { occasions } from './occasion.ts';

/** Whether a drill is to be held now. Times are UTC, ISO 8601. */
export type Due =
  /** Nobody said when. */
  | { readonly kind: 'unscheduled' }
  | { readonly kind: 'held'; readonly next: string }
  | { readonly kind: 'due' | 'overdue'; readonly since: string; readonly next: string };

/**
 * A drill is due from its moment on until one was held, whatever it showed; overdue where it stays so for longer than
 * the settings allow. `last` is when the last one was begun. Pure.
 */
export function dueOf(
  settings: Pick<DrillSettings, 'schedule' | 'timezone' | 'overdue_after'> | undefined,
  last: Date | undefined,
  now: Date,
): Due {
  if (settings?.schedule === undefined) return { kind: 'unscheduled' };
  const { schedule, timezone } = settings;
  const { previous, next } = occasions(schedule, timezone, now);
  if (last !== undefined && last >= previous) return { kind: 'held', next: next.toISOString() };
  // Two that were left out are overdue since the first of them.
  const since = last === undefined ? previous : occasions(schedule, timezone, last).next;
  const late = now.getTime() - since.getTime() > settings.overdue_after * 1000;
  return { kind: late ? 'overdue' : 'due', since: since.toISOString(), next: next.toISOString() };
}
