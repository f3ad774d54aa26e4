import { clean } from './markdown-text.ts';
import type { Entry } from './shape.ts';

const columns: readonly (readonly [string, (entry: Entry) => string | number | undefined])[] = [
  ['run', (entry) => entry.run],
  ['started', (entry) => entry.startedAt],
  ['ended', (entry) => entry.endedAt],
  ['title', (entry) => entry.title],
  ['mode', (entry) => entry.mode],
  ['severity', (entry) => entry.severity],
  ['target', (entry) => entry.target?.name],
  ['environment', (entry) => entry.target?.environment],
  ['status', (entry) => entry.status],
  ['outcome', (entry) => entry.outcome],
  ['reason', (entry) => entry.reason],
  ['operators', (entry) => entry.operators.join(' ')],
  ['duration_seconds', (entry) => entry.measured.duration],
  ['downtime_seconds', (entry) => entry.measured.downtime?.seconds],
  ['rto_seconds', (entry) => entry.measured.rto?.seconds],
  ['rpo_seconds', (entry) => entry.measured.rpo?.seconds],
  ['deviations', (entry) => entry.deviations.length],
];

/** Entries as CSV (RFC 4180), one line each, with a line of names above. */
export function csvOf(entries: readonly Entry[]): string {
  const rows = entries.map((entry) => columns.map(([, value]) => field(value(entry))));
  return [columns.map(([name]) => name), ...rows].map((row) => `${row.join(',')}\r\n`).join('');
}

function field(value: string | number | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const plain = clean(value);
  // A spreadsheet would run a text that begins like a formula.
  const text = /^\s*[=+\-@]/.test(plain) ? `'${plain}` : plain;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
