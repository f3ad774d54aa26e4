import { appendFile } from 'node:fs/promises';
import type { ReportedBackup, ReportedComparison } from '../run/event.ts';
import type { Comparison } from './compare.ts';

/** Differences beyond this many are counted, not listed: the report is one line of a journal. */
const listed = 50;

/**
 * Tells a run what a command did, where the run asks for it: one JSON line appended to the file that
 * `DRILLBOOK_REPORT` names. A report that can't be written does not undo what was done, so the failure comes back as
 * a sentence.
 */
export async function report(
  fact:
    | { readonly type: 'backup-reported'; readonly backup: ReportedBackup }
    | { readonly type: 'comparison-reported'; readonly comparison: ReportedComparison },
  environment: NodeJS.ProcessEnv = process.env,
): Promise<string | undefined> {
  const file = environment.DRILLBOOK_REPORT;
  if (!file) return undefined;
  try {
    // One write of one line: several commands may append at once.
    await appendFile(file, `${JSON.stringify(fact)}\n`, { mode: 0o600 });
    return undefined;
  } catch (error) {
    return `The run could not be told (${file}): ${(error as Error).message}.`;
  }
}

/** A comparison as a run's journal keeps it. */
export function reportedComparison(comparison: Comparison): ReportedComparison {
  const words = comparison.differences.filter((one) => one.severity === 'failure').map((one) => one.words);
  return {
    left: comparison.left,
    right: comparison.right,
    equal: comparison.equal,
    differences:
      words.length > listed ? [...words.slice(0, listed), `… and ${words.length - listed} more`] : words,
  };
}
