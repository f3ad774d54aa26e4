import { readdir, readFile, stat } from 'node:fs/promises';
import { delimiter, dirname, join, resolve } from 'node:path';
import type { LintContext } from '../lint/context.ts';
import type { RunbookFile } from './runbook-file.ts';

/** Larger files are not searched for headings; bytes. */
const longest = 4 * 1024 * 1024;

/**
 * What lint may ask about the files around a runbook: read ahead, because the rules ask without waiting. A link that
 * starts with a slash is taken from the root of the repository; where there is none, nobody knows.
 */
export async function filesAround(file: RunbookFile): Promise<Pick<LintContext, 'exists' | 'fileText'>> {
  const folder = dirname(resolve(file.path));
  const root = await repositoryOf(folder);
  const known = new Map<string, { readonly there: boolean; readonly text?: string }>();
  for (const { url } of file.runbook.links) {
    if (/^(?:[a-z][a-z0-9+.-]*:|\/\/|#)/i.test(url)) continue;
    const path = decoded(url.split('#')[0]!.split('?')[0]!);
    if (path === '' || known.has(path) || path.includes('\0')) continue;
    if (path.startsWith('/') && root === undefined) continue;
    const place = path.startsWith('/') ? join(root!, path) : resolve(folder, path);
    const found = await stat(place).catch(() => undefined);
    const readable = found?.isFile() && found.size <= longest && /\.(?:md|markdown)$/i.test(path);
    const text = readable ? await readFile(place, 'utf8').catch(() => undefined) : undefined;
    known.set(path, { there: found !== undefined, ...(text !== undefined && { text }) });
  }
  return {
    exists: (path) => known.get(path)?.there,
    fileText: (path) => known.get(path)?.text,
  };
}

/** The checkout that a folder is in: the nearest one above it with a `.git`. */
export async function repositoryOf(folder: string): Promise<string | undefined> {
  for (let at = folder; ; at = dirname(at)) {
    if (await stat(join(at, '.git')).catch(() => undefined)) return at;
    if (at === dirname(at)) return undefined;
  }
}

/** The commands that can be started on this machine, by PATH. */
export async function toolsOf(path: string): Promise<(name: string) => boolean> {
  const names = new Set<string>();
  for (const folder of new Set(path.split(delimiter).filter(Boolean)))
    for (const name of await readdir(folder).catch(() => [])) names.add(name);
  return (name) => names.has(name) || names.has(`${name}.exe`);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
