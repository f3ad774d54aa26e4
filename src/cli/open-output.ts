import { OutputIndex } from '../execution/output-index.ts';
import type { OutputReader } from '../run/output-reader.ts';

/** A recorded output to be looked at; undefined where nothing was recorded. */
export async function openOutput(file: string): Promise<OutputReader | undefined> {
  try {
    return await OutputIndex.open(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
