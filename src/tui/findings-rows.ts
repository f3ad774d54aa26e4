import { type Finding, severities } from '../lint/finding.ts';
import { blank, type Line, line, span, wrap } from './line.ts';

/** Everything that lint says about a runbook, worst first: what stands there, why it matters, what to write instead. */
export function findingsRows(findings: readonly Finding[], width: number): readonly Line[] {
  if (findings.length === 0) return [line('lint has nothing to say about this runbook.')];
  return [...findings]
    .sort(
      (a, b) =>
        severities.indexOf(a.severity) - severities.indexOf(b.severity) || a.range.start - b.range.start,
    )
    .flatMap(({ severity, range, message, why, instead, rule }) => [
      ...wrap(
        line(
          span(`${severity}, line ${range.line}: `, {
            bold: true,
            ...(severity === 'error'
              ? { tone: 'danger' }
              : severity === 'warning'
                ? { tone: 'caution' }
                : {}),
          }),
          message,
        ),
        width,
        2,
      ),
      ...wrap(line(`  ${why}`), width, 2),
      ...wrap(line(span(`  Instead: ${instead} (${rule})`, { dim: true })), width, 2),
      blank,
    ]);
}
