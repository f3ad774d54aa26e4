import { lint } from '../lint/lint.ts';
import { type CatalogueEntry, catalogueEntry } from '../runbook/catalogue-entry.ts';
import type { Runbook } from '../runbook/runbook.ts';
import { loadGrammars } from './grammars.ts';
import { readRunbook } from './runbook-file.ts';

/** What a reading makes of the bytes of one Markdown file, wherever it lies. */
export interface Document {
  readonly sha256: string;
  readonly catalogue: CatalogueEntry;
  /** How many findings lint has. */
  readonly findings: number;
}

/** How many findings there are in a runbook that was compiled from `source`. */
export type CountFindings = (runbook: Runbook, source: string) => number;

/**
 * Reads and compiles a file and keeps what a list needs of it. Throws a `Refusal` where the file is no runbook text.
 * A document without procedures has no findings: the list does not show it.
 */
export async function readDocument(path: string, count: CountFindings = countFindings): Promise<Document> {
  await loadGrammars();
  const { runbook, sha256, source } = await readRunbook(path);
  const findings = runbook.procedures.length > 0 ? count(runbook, source) : 0;
  return { sha256, catalogue: catalogueEntry(runbook), findings };
}

/** Findings in the text itself: whether its links and tools are there is asked when a runbook is opened. */
function countFindings(runbook: Runbook, source: string): number {
  return lint(runbook, source).length;
}
