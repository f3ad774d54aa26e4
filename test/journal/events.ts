import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

export * from './event-samples.ts';

/** A folder of its own for a test, removed at its end. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'drillbook-journal-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
