import { readFileSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

/** In bytes: what a disk gives within the time that a key may wait. */
const small = 256 * 1024;

/**
 * The bytes of a file, a small one read at once: for thousands of files the ways to the thread pool and back take five
 * times as long as the reading. Who reads many lets the event loop have its turn in between. Errors of the system pass.
 */
export async function readSmallFile(file: string): Promise<Buffer> {
  const found = statSync(file);
  // A pipe would hold everything up for ever.
  return found.isFile() && found.size <= small ? readFileSync(file) : readFile(file);
}
