import type { Estimate } from './estimate.ts';

/** What a runbook says of itself, in front matter or in lines such as `**Severity**: P1`. */
export interface Meta {
  readonly severity?: string;
  readonly estimate?: Estimate;
  readonly owner?: string;
  /** As written; `lint` judges whether it is a date and how old. */
  readonly lastUpdated?: string;
  readonly version?: string;
  readonly slo?: string;
  /** Every key–value pair found, as written, including those above. */
  readonly fields: Readonly<Record<string, string>>;
}
