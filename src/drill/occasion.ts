import { CronExpressionParser } from 'cron-parser';
import { cronOf, noSchedule } from './schedule.ts';

/**
 * The last moment at or before `now` at which a drill was to be held, and the next one after it, of a schedule as the
 * settings have it. Throws a `RangeError` for one that never comes.
 */
export function occasions(
  schedule: string,
  timezone: string,
  now: Date,
): { readonly previous: Date; readonly next: Date } {
  const cron = cronOf(schedule);
  const at = (currentDate: Date) => CronExpressionParser.parse(cron, { currentDate, tz: timezone });
  try {
    return {
      // The parser gives what lies strictly before; the very moment counts as come.
      previous: at(new Date(now.getTime() + 1))
        .prev()
        .toDate(),
      next: at(now).next().toDate(),
    };
  } catch (error) {
    throw new RangeError(`${noSchedule(schedule)} (${(error as Error).message})`);
  }
}
