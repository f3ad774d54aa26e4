import type { Severity } from '../finding.ts';
import type { FileReport } from './report.ts';

const commands: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'notice' };

/** Workflow commands of GitHub Actions, which show findings on the lines of a pull request. */
export function asGithub(reports: readonly FileReport[]): string {
  return reports
    .flatMap(({ path, findings }) =>
      findings.map(({ rule, severity, range, message, instead }) => {
        const columns =
          range.line === range.endLine
            ? `,col=${range.column},endColumn=${Math.max(range.column, range.endColumn)}`
            : '';
        const place = `file=${property(path)},line=${range.line},endLine=${range.endLine}${columns}`;
        return `::${commands[severity]} ${place},title=${property(rule)}::${data(`${message}\n${instead}`)}\n`;
      }),
    )
    .join('');
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
