import { type Finding, findingsOf } from '../lint/finding.ts';
import type { Range } from '../runbook/range.ts';
import { sanitiseLine } from '../terminal/sanitise.ts';
import { type Line, line, span, wrap } from './line.ts';

/** As many as can be read before a command; the rest is counted. */
const most = 2;

/** What lint has against a place of the runbook, worst first: errors and warnings, with what to write instead. */
export function findingLines(findings: readonly Finding[], range: Range, width: number): readonly Line[] {
  const found = findingsOf(findings, range).filter(({ severity }) => severity !== 'info');
  const rows = found
    .slice(0, most)
    .flatMap(({ severity, message, instead }) =>
      wrap(
        line(
          span(`lint ${severity}: `, { tone: severity === 'error' ? 'danger' : 'caution', bold: true }),
          sanitiseLine(message),
          span(`  ${sanitiseLine(instead)}`, { dim: true }),
        ),
        width,
        2,
      ),
    );
  return found.length > most
    ? [...rows, line(span(`and ${found.length - most} more: drillbook lint`, { dim: true }))]
    : rows;
}
