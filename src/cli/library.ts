import { readdir } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Runbook } from '../runbook/runbook.ts';
import { readRunbook } from './runbook-file.ts';

export interface LibraryEntry {
  readonly path: string;
  readonly title: string;
  readonly severity?: string;
  /** Minutes, as text. */
  readonly estimate?: string;
  readonly procedures: number;
}

/** Where the runbooks that ship with Drillbook are: beside the bundle, or in the checkout. */
export function shippedRunbooks(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  // From dist/, dist/chunks/ or src/cli/.
  const up = here.endsWith('dist') ? '..' : join('..', '..');
  return join(here, up, 'runbooks');
}

/**
 * The Markdown files of some folders, compiled one after the other; `onEntry` gets each as it is read, so that a list
 * can fill while the rest is read. Folders that are not there have no runbooks; a file that cannot be read is left out.
 */
export async function readLibrary(
  places: readonly string[],
  onEntry: (entry: LibraryEntry) => void,
): Promise<void> {
  const seen = new Set<string>();
  for (const place of places) {
    for (const path of await markdownFiles(place)) {
      if (seen.has(path)) continue;
      seen.add(path);
      const file = await readRunbook(path).catch(() => undefined);
      if (file && file.runbook.procedures.length > 0) onEntry(entryOf(path, file.runbook));
      // Keys and repaints go before the next document.
      await new Promise(setImmediate);
    }
  }
}

async function markdownFiles(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return names
    .filter(
      (name) =>
        name.isFile() &&
        /\.(md|markdown)$/i.test(name.name) &&
        // Those of other packages; an installed Drillbook is below a node_modules itself.
        !relative(folder, name.parentPath).includes('node_modules'),
    )
    .map((name) => join(name.parentPath, name.name))
    .sort();
}

function entryOf(path: string, runbook: Runbook): LibraryEntry {
  const estimate = runbook.estimate ?? runbook.meta.estimate;
  return {
    path,
    title: runbook.title || path,
    procedures: runbook.procedures.length,
    ...(runbook.meta.severity ? { severity: runbook.meta.severity } : {}),
    ...(estimate ? { estimate: minutes(estimate.min, estimate.max) } : {}),
  };
}

function minutes(min: number, max: number): string {
  const low = Math.round(min / 60);
  const high = Math.round(max / 60);
  return low === high ? `${high} min` : `${low}–${high} min`;
}
