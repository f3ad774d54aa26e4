import { mkdirSync, statSync } from 'node:fs';
import module from 'node:module';
import { join } from 'node:path';
import { folders } from '../settings/folders.ts';

/**
 * Keeps what V8 makes of the bundle's text for the next start, in the cache folder: half of the time to the first frame
 * is spent on that. Synchronous, because what is loaded next is what it is for. Where the folder cannot be made, or
 * belongs to somebody else (code from there would be run), everything works as well, only later. Node 22.8 and newer.
 */
export function keepCompiledCode(environment: NodeJS.ProcessEnv): void {
  const folder = join(folders(environment).cache, 'code');
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { uid, mode } = statSync(folder);
    if (uid !== process.getuid?.() || (mode & 0o022) !== 0) return;
    module.enableCompileCache?.(folder);
  } catch {
    // A disk that cannot be written to is told by those who must write.
  }
}
