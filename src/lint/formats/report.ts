import type { Finding } from '../finding.ts';

/** What lint found in one file. */
export interface FileReport {
  /** As it is to be printed: relative to where lint was started, where that is shorter. */
  readonly path: string;
  readonly findings: readonly Finding[];
}

/** How many findings of each severity. */
export function countsOf(reports: readonly FileReport[]): {
  readonly error: number;
  readonly warning: number;
  readonly info: number;
} {
  const counts = { error: 0, warning: 0, info: 0 };
  for (const { findings } of reports) for (const { severity } of findings) counts[severity] += 1;
  return counts;
}
