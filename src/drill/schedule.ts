/** The fields of cron as the parser takes them; names of months and days may stand in the last two. */
const field = /^[\d*/,a-z#-]+$/i;

const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;
const ordinals = ['first', 'second', 'third', 'fourth', 'fifth'] as const;

/** Drills begin at four where nobody says when: after the night's backups, before people come. */
const usualHour = 4;

/**
 * The words of a schedule as five fields of cron: "first Monday", "last Friday", "15th", "Mondays" or "every Monday",
 * each with "at 06:30" behind it or not; five fields are taken as they are (`#` as in `1#1`: the first Monday). Throws
 * a `RangeError` that says what is understood.
 */
export function cronOf(words: string): string {
  const text = words.trim().toLowerCase().replaceAll(/\s+/g, ' ');
  const fields = text.split(' ');
  const isCron = fields.length === 5 && /^[\d*]/.test(text) && fields.every((one) => field.test(one));
  const cron = isCron ? words.trim().replaceAll(/\s+/g, ' ') : inWords(text);
  if (cron === undefined) throw new RangeError(noSchedule(words));
  return cron;
}

/** What to write where a schedule is not understood. */
export function noSchedule(words: string): string {
  return `"${words}" is no schedule: write "first Monday", "last Friday", "15th", "Mondays", with "at 06:30" behind it if wanted, or five fields of cron such as "0 4 * * 1#1"`;
}

function inWords(text: string): string | undefined {
  const [, day = '', hour = String(usualHour), minute = '0'] =
    /^(.+?)(?: at (\d{1,2}):(\d{2}))?$/.exec(text) ?? [];
  if (Number(hour) > 23 || Number(minute) > 59) return undefined;
  const when = dayInWords(day.replace(/ of (?:the|every|each) month$/, ''));
  return when && `${Number(minute)} ${Number(hour)} ${when}`;
}

/** The last three fields. */
function dayInWords(day: string): string | undefined {
  const monthDay = /^(?:the )?(\d{1,2})(?:st|nd|rd|th)$/.exec(day);
  if (monthDay) {
    const number = Number(monthDay[1]);
    return number >= 1 && number <= 31 ? `${number} * *` : undefined;
  }
  const weekly = /^(?:every )?([a-z]+?)s?$/.exec(day);
  const every = weekdays.indexOf(weekly?.[1] as (typeof weekdays)[number]);
  if (every >= 0) return `* * ${every}`;
  const [, which = '', name = ''] = /^(?:the )?([a-z0-9]+) ([a-z]+)$/.exec(day) ?? [];
  const weekday = weekdays.indexOf(name as (typeof weekdays)[number]);
  if (weekday < 0) return undefined;
  if (which === 'last') return `* * ${weekday}L`;
  const nth =
    ordinals.indexOf(which as (typeof ordinals)[number]) + 1 ||
    Number(/^([1-5])(?:st|nd|rd|th)$/.exec(which)?.[1]);
  return nth ? `* * ${weekday}#${nth}` : undefined;
}
