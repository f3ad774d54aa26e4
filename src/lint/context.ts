import type { Severity } from './finding.ts';

/** What lint may know of the world around a runbook. All of it is optional: without it, rules that need it are silent. */
export interface LintContext {
  /** Whether a file that a link names is there; `path` is as the link has it. Undefined where nobody knows. */
  readonly exists?: (path: string) => boolean | undefined;
  /** Text of another Markdown file that a link names, for its anchors. */
  readonly fileText?: (path: string) => string | undefined;
  /** Whether a command can be started on this machine. */
  readonly hasTool?: (name: string) => boolean | undefined;
  /** The day on which lint runs, `YYYY-MM-DD`. */
  readonly today?: string;
  readonly settings?: LintSettings;
}

/** What the project has decided about rules. */
export interface LintSettings {
  readonly rules?: Readonly<Record<string, 'off' | Severity>>;
  /** Days after which "last updated" counts as stale. */
  readonly staleAfterDays?: number;
}
