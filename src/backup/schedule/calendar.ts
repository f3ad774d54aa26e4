const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;

/**
 * A cron expression of five fields as systemd's `OnCalendar` has it (systemd.time(7)); a sentence where systemd has no
 * way to say the same.
 */
export function calendarOf(cron: string): { readonly calendar: string } | { readonly problem: string } {
  const fields = cron.trim().split(/\s+/);
  if (fields.length !== 5) return { problem: `${cron} has not the five fields of a cron expression` };
  const [minute, hour, day, month, weekday] = fields as [string, string, string, string, string];
  // cron runs where either of the two fits, systemd where both do.
  if (day !== '*' && weekday !== '*')
    return {
      problem: `${cron} names days of the month and of the week, which cron joins by "or"; systemd can't say that`,
    };
  const week = weekday === '*' ? '' : `${weekdays(weekday)} `;
  return {
    calendar: `${week}*-${part(month, 1)}-${part(day, 1)} ${part(hour, 0)}:${part(minute, 0)}:00`,
  };
}

function part(field: string, first: number): string {
  return field
    .split(',')
    .map((one) => {
      const [range = '', step] = one.split('/');
      const from = range === '*' ? (step === undefined ? '*' : String(first)) : range.replace('-', '..');
      return (
        from.replace(/\d+/g, (digits) => digits.padStart(2, '0')) + (step === undefined ? '' : `/${step}`)
      );
    })
    .join(',');
}

function weekdays(field: string): string {
  const number = (text: string) =>
    /^\d$/.test(text) ? Number(text) % 7 : days.findIndex((one) => one.toLowerCase() === text.toLowerCase());
  const numbers = field.split(',').flatMap((one) => {
    const [range = '', step = '1'] = one.split('/');
    const [from = '', to] = range === '*' ? ['0', '6'] : range.split('-');
    // "1-7" ends on a Sunday, which is 0.
    const last = to === undefined ? number(from) : to === '7' ? 7 : number(to);
    const found: number[] = [];
    for (let at = number(from); at <= last; at += Number(step)) found.push(at % 7);
    return found;
  });
  return [...new Set(numbers)].map((one) => days[one]!).join(',');
}
