import type { Rule } from '../rule.ts';

interface Entry {
  readonly start: number;
  readonly end: number;
  readonly fields: readonly ReadonlySet<number>[];
  readonly anyDay: boolean;
  readonly command: string;
  readonly text: string;
}

export const scheduleCollision: Rule = {
  id: 'schedule-collision',
  severity: 'warning',
  summary: 'two jobs of the same kind start in the same minute',
  why: 'Two dumps at once load the server twice, write to the same names, and each may prune what the other has just made.',
  instead:
    'Move one of them, or let one exclude the day of the other: 0 2 * * 1-6 and 0 2 * * 0. A timer needs one OnCalendar line.',
  examples: {
    bad: [
      '# Schedule\n\n```cron\n0 2 * * * backup daily\n0 2 * * 0 backup weekly\n```\n',
      '# Schedule\n\n```ini\n[Timer]\nOnCalendar=daily\nOnCalendar=02:00\n```\n',
    ],
    good: [
      '# Schedule\n\n```cron\n0 2 * * 1-6 backup daily\n0 2 * * 0 backup weekly\n```\n',
      '# Schedule\n\n```cron\n0 2 * * * backup\n0 2 * * * logrotate\n```\n',
      '# Schedule\n\n```ini\n[Timer]\nOnCalendar=02:00\n```\n',
    ],
  },
  check(document, report) {
    const { source } = document;
    for (const { range } of document.runbook.blocks) {
      const entries: Entry[] = [];
      let calendar: string | undefined;
      for (let line = range.line; line <= range.endLine; line++) {
        const span = source.line(line);
        const text = source.text.slice(span.start, Math.min(span.end, span.start + 2000));
        const timer = /^\s*OnCalendar\s*=\s*(\S.*?)\s*$/.exec(text)?.[1];
        if (/^\s*\[/.test(text)) calendar = undefined;
        if (timer !== undefined) {
          if (calendar !== undefined)
            report(source.range(span.start, span.end), {
              message: `this timer fires at "${calendar}" and again at "${timer}"`,
              instead: 'One OnCalendar line: each of them fires.',
            });
          calendar = timer;
        }
        const entry = cronEntry(text, span.start);
        if (!entry) continue;
        const other = entries.find((each) => collide(each, entry));
        if (other)
          report(source.range(entry.start, entry.end), {
            message: `this starts in the same minute as line ${source.lineAt(other.start)}`,
          });
        entries.push(entry);
      }
    }
  },
};

const bounds = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 7],
] as const;

/** One line of a crontab, after crontab(5). */
function cronEntry(text: string, start: number): Entry | undefined {
  const found =
    /^\s*((?:[\d*/,-]+[ \t]+){4}(?:[\d*/,-]+|(?:sun|mon|tue|wed|thu|fri|sat)[\w,-]*))[ \t]+(\S.*)$/i.exec(
      text,
    );
  if (!found) return undefined;
  const parts = found[1]!.trim().split(/\s+/);
  const fields = parts.map((part, index) => valuesOf(part, bounds[index]![0], bounds[index]![1]));
  if (fields.some((field) => field === undefined)) return undefined;
  return {
    start,
    end: start + text.length,
    fields: fields as ReadonlySet<number>[],
    anyDay: parts[2] === '*' || parts[4] === '*',
    command: found[2]!,
    text,
  };
}

const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

function valuesOf(part: string, low: number, high: number): ReadonlySet<number> | undefined {
  const values = new Set<number>();
  for (const piece of part.toLowerCase().split(',')) {
    const named = piece.replace(/[a-z]{3}/g, (name) => String(days.indexOf(name)));
    const found = /^(?:\*|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/.exec(named);
    if (!found) return undefined;
    const from = found[1] === undefined ? low : Number(found[1]);
    const to =
      found[1] === undefined ? high : found[2] !== undefined ? Number(found[2]) : found[3] ? high : from;
    const step = Number(found[3] ?? 1);
    if (step < 1 || from < low || to > high) return undefined;
    for (let value = from; value <= to; value += step) values.add(high === 7 ? value % 7 : value);
  }
  return values;
}

/** Rare jobs only: what runs every few minutes meets everything. And only where both do alike. */
function collide(a: Entry, b: Entry): boolean {
  if (!a.anyDay || !b.anyDay || a.fields[0]!.size > 6 || b.fields[0]!.size > 6) return false;
  if (!a.fields.every((field, index) => [...field].some((value) => b.fields[index]!.has(value))))
    return false;
  const heavy = (entry: Entry) =>
    /backup|dump|restore|vacuum|basebackup|snapshot/i.exec(entry.command)?.[0].toLowerCase();
  const kind = heavy(a);
  return kind !== undefined && kind === heavy(b);
}
