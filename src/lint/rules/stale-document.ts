import type { Rule } from '../rule.ts';

const dayMs = 86_400_000;

export const staleDocument: Rule = {
  id: 'stale-document',
  severity: 'warning',
  summary: 'nobody has touched this runbook for a long time',
  why: 'Hosts, buckets and versions have changed since. The first wrong line costs trust in all the others.',
  instead: 'Go through it in a drill, mend what is wrong, and write the day of that drill as "Last updated".',
  examples: { bad: [], good: ['# Example\n\n**Last Updated**: 2026-11-01\n'] },
  check(document, report) {
    const { lastUpdated } = document.runbook.meta;
    const { today, settings } = document.context;
    if (!today || !lastUpdated) return;
    const then = dayOf(lastUpdated);
    const now = Date.parse(`${today}T00:00:00Z`);
    if (Number.isNaN(now)) return;
    const at = Math.max(0, document.source.text.indexOf(lastUpdated));
    const range = document.source.range(at, at + lastUpdated.length);
    if (then === undefined) {
      if (/\d{4}/.test(lastUpdated)) return;
      return void report(range, {
        severity: 'info',
        message: `"${lastUpdated}" does not say on which day it was updated`,
        instead: 'Write the day as YYYY-MM-DD.',
      });
    }
    const days = Math.floor((now - then) / dayMs);
    const most = settings?.staleAfterDays ?? 365;
    if (days > most) report(range, { message: `last updated ${days} days ago` });
  },
};

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** Milliseconds of a day given as `2026-02-03`, `February 3, 2026` or `3 Feb 2026`; undefined for other forms. */
function dayOf(text: string): number | undefined {
  const iso = /\b(\d{4})-(\d{1,2})(?:-(\d{1,2}))?/.exec(text);
  if (iso) return valid(Number(iso[1]), Number(iso[2]), Number(iso[3] ?? 28));
  const named = /\b([A-Za-z]{3})[a-z]*\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})/.exec(text);
  if (named) return valid(Number(named[3]), months.indexOf(named[1]!.toLowerCase()) + 1, Number(named[2]));
  const dayFirst = /\b(\d{1,2})(?:st|nd|rd|th)?\s+([A-Za-z]{3})[a-z]*\.?,?\s+(\d{4})/.exec(text);
  if (dayFirst)
    return valid(Number(dayFirst[3]), months.indexOf(dayFirst[2]!.toLowerCase()) + 1, Number(dayFirst[1]));
  const month = /\b([A-Za-z]{3})[a-z]*\.?\s+(\d{4})/.exec(text);
  if (month) return valid(Number(month[2]), months.indexOf(month[1]!.toLowerCase()) + 1, 28);
  return undefined;
}

function valid(year: number, month: number, day: number): number | undefined {
  return month >= 1 && month <= 12 && day >= 1 && day <= 31 ? Date.UTC(year, month - 1, day) : undefined;
}
