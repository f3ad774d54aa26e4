import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** A file or folder that a library has not read, and why, as the end of a sentence. */
export interface Skipped {
  readonly path: string;
  readonly why: string;
}

/** Folders of other people's documents. Those that begin with a dot are left out as well. */
const strangers = new Set([
  'node_modules',
  'bower_components',
  'vendor',
  'third_party',
  'venv',
  '__pycache__',
]);

/** A library looks at so many files and folders: a home folder given by mistake has more. */
const most = 20_000;

/**
 * The Markdown files in a folder and below, folder by folder in the order of their names; a place that is itself a
 * file is that file. Follows links, but enters a folder and gives a file only once, whatever links lead to it:
 * `seen` holds their real paths and may be shared by several places. Leaves out folders of packages (below the place:
 * Drillbook itself is installed in one) and hidden ones. A place that is not there has no files; what is there
 * and cannot be read is told to `onSkip`.
 */
export async function* markdownFiles(
  place: string,
  seen: Set<string>,
  onSkip: (skipped: Skipped) => void,
): AsyncGenerator<string> {
  const waiting = [place];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const kind = await kindOf(path);
    if (kind === 'broken') {
      if (path !== place) onSkip({ path, why: 'it is a link that leads nowhere' });
      continue;
    }
    if (kind === 'other' || (kind === 'file' && !isMarkdown(path))) continue;
    try {
      const real = await realpath(path);
      if (seen.has(real)) continue;
      if (seen.size >= most) {
        onSkip({ path, why: `a list looks at ${most} files and folders: name a smaller folder` });
        return;
      }
      seen.add(real);
      if (kind === 'file') yield path;
      else waiting.push(...(await namesIn(path)).map((name) => join(path, name)).reverse());
    } catch (error) {
      onSkip({ path, why: whyNot(error) });
    }
  }
}

/** The names in a folder that may be of interest, in an order that is the same everywhere. */
async function namesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => {
      if (entry.isFile()) return isMarkdown(entry.name);
      if (!entry.isDirectory() && !entry.isSymbolicLink()) return false;
      return !entry.name.startsWith('.') && !strangers.has(entry.name);
    })
    .map((entry) => entry.name)
    .sort((a, b) => (a < b ? -1 : 1));
}

async function kindOf(path: string): Promise<'file' | 'folder' | 'other' | 'broken'> {
  const found = await stat(path).catch(() => undefined);
  if (!found) return 'broken';
  return found.isFile() ? 'file' : found.isDirectory() ? 'folder' : 'other';
}

function isMarkdown(path: string): boolean {
  return /\.(md|markdown)$/i.test(path) && !basename(path).startsWith('.');
}

/** Why the system refused, in words. */
export function whyNot(error: unknown): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EACCES':
    case 'EPERM':
      return 'this user may not read it';
    case 'ENOENT':
      return 'it is gone';
    case 'ELOOP':
      return 'its links lead in a circle';
    default:
      return error instanceof Error ? error.message : String(error);
  }
}
