import { countsOf, type FileReport } from './report.ts';

/**
 * `file:line:column: severity rule: message`, below it what to write instead. Why a rule matters is said once, where it
 * speaks first.
 */
export function asText(reports: readonly FileReport[]): string {
  const said = new Set<string>();
  const out: string[] = [];
  for (const { path, findings } of reports)
    for (const { rule, severity, range, message, why, instead } of findings) {
      out.push(`${path}:${range.line}:${range.column}: ${severity} ${rule}: ${message}`);
      if (!said.has(rule)) out.push(`    why: ${why}`);
      out.push(`    instead: ${instead}`);
      said.add(rule);
    }
  return out.map((line) => `${line}\n`).join('');
}

/** "2 errors, 1 warning, 3 notes in 4 files". */
export function summaryOf(reports: readonly FileReport[]): string {
  const { error, warning, info } = countsOf(reports);
  const of = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`;
  return `${of(error, 'error')}, ${of(warning, 'warning')}, ${of(info, 'note')} in ${of(reports.length, 'file')}`;
}
