import type { Range } from '../runbook/range.ts';

/** From the worst to the mildest. Only `error` makes the command fail. */
export const severities = ['error', 'warning', 'info'] as const;

export type Severity = (typeof severities)[number];

/** One replacement in the runbook's source; offsets are UTF-16 code units, half open. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** What lint has to say about some lines of a runbook. */
export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  readonly range: Range;
  /** What stands there, in one sentence. Never holds a secret. */
  readonly message: string;
  /** Why it matters to the one who follows the runbook in the night. */
  readonly why: string;
  /** What to write instead. */
  readonly instead: string;
  /** The mend, where it is certain. */
  readonly fix?: readonly TextEdit[];
}

/**
 * The findings on some lines of the document: those whose lines meet the lines of `range`. For a step, a part or a
 * command before it runs; worst first, then in document order.
 */
export function findingsOf(findings: readonly Finding[], range: Range): readonly Finding[] {
  return findings
    .filter((finding) => finding.range.line <= range.endLine && finding.range.endLine >= range.line)
    .sort(
      (a, b) =>
        severities.indexOf(a.severity) - severities.indexOf(b.severity) || a.range.start - b.range.start,
    );
}
