import type { Range } from '../runbook/range.ts';
import type { Document } from './document.ts';
import type { Severity, TextEdit } from './finding.ts';

/** What a rule says of one place; `message` and `instead` fall back to the rule's own words. */
export interface Remark {
  readonly message?: string;
  readonly instead?: string;
  readonly severity?: Severity;
  readonly fix?: readonly TextEdit[];
}

export type Report = (range: Range, remark?: Remark) => undefined;

/**
 * One fault that a runbook can have. Its page (`lint --explain`), its entry in SARIF and its tests are made from what
 * stands here.
 */
export interface Rule {
  readonly id: string;
  readonly severity: Severity;
  /** What is the matter, in one sentence. */
  readonly summary: string;
  /** Why it matters at 03:12. */
  readonly why: string;
  readonly instead: string;
  readonly examples: {
    /** Runbooks, each of which has this fault. */
    readonly bad: readonly string[];
    /** Runbooks that look alike and do not have it. */
    readonly good: readonly string[];
  };
  readonly check: (document: Document, report: Report) => void;
}
