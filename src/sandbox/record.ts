import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';

/** A small JSON file that another process may read at any moment. Undefined where it is absent or not JSON. */
export async function readRecord<T>(path: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as T;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

/** Writes beside and renames, so that a reader sees the old or the new content and never half of one. Mode 0600. */
export async function writeRecord(path: string, value: unknown): Promise<void> {
  const beside = `${path}.${process.pid}.${randomBytes(3).toString('hex')}`;
  await writeFile(beside, `${JSON.stringify(value, null, 2)}\n`, {
    mode: 0o600,
  });
  await rename(beside, path);
}
