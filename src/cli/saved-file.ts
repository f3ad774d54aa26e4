import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Action } from '../run/decision.ts';
import type { RunEvent } from '../run/event.ts';

/**
 * Writes a file of a runbook; the fact that it was. An existing file is never overwritten: rejects with EEXIST, unless it
 * holds the same already.
 */
export async function saveFile({
  part,
  path,
  content,
}: Extract<Action, { kind: 'save-file' }>): Promise<RunEvent> {
  const file = resolve(path);
  await writeFile(file, content, { flag: 'wx' }).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST' || (await readFile(file, 'utf8')) !== content) throw error;
  });
  const sha256 = createHash('sha256').update(content).digest('hex');
  return { type: 'file-saved', part, path: file, bytes: Buffer.byteLength(content), sha256 };
}
