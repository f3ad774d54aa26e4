import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { createFile, makeFolder, replaceFile } from '../journal/disk.ts';
import { diskFault, errorCode } from '../journal/fault.ts';
import { hashLine } from '../journal/line.ts';
import { slug } from '../journal/run-id.ts';
import { type HeadFile, readChain, readHead, writeHead } from './heads.ts';
import { markdownOf } from './markdown.ts';
import type { Entry } from './shape.ts';

/** Where an entry stands now. */
export interface Written {
  /** In the run's folder; always there. */
  readonly markdown: string;
  readonly json: string;
  /** The Markdown file among the incidents, where that could be written. */
  readonly incident?: string;
  /** What kept the entry out of the incidents folder, and what to do; the run's folder has it all the same. */
  readonly problem?: string;
}

/**
 * Writes an entry as `entry.md` and `entry.json` into the run's folder and into `incidents` under a name such as
 * `2026-11-20-0312-restore-to-production.md`. An entry of the same run is replaced, one of another run never, nor
 * one that somebody has edited since it was written. Throws a JournalFault only where the run's own folder cannot
 * be written.
 */
export async function writeEntry(entry: Entry, runFolder: string, incidents?: string): Promise<Written> {
  const text = markdownOf(entry);
  const json = `${JSON.stringify(entry, null, 2)}\n`;
  const own = { markdown: join(runFolder, 'entry.md'), json: join(runFolder, 'entry.json') };
  const before = await readHead(runFolder);
  try {
    await replaceFile(own.markdown, text);
    await replaceFile(own.json, json);
  } catch (error) {
    throw diskFault(error, own.markdown, 'written');
  }
  const outside =
    incidents === undefined ? {} : await publish(entry, text, json, incidents, own.markdown, before);
  const remembered = outside.incident
    ? { file: outside.incident, sha256: hashLine(text) }
    : before?.entry && before.sha256
      ? { file: before.entry, sha256: before.sha256 }
      : undefined;
  try {
    await writeHead(runFolder, entry, remembered, before?.others);
  } catch (error) {
    throw diskFault(error, join(runFolder, 'head.json'), 'written');
  }
  return { ...own, ...outside };
}

/**
 * Writes the entry into one more folder, under the same rules: never over another run's, nor over what somebody has
 * edited there. The run's own folder must have the entry already.
 */
export async function writeEntryBeside(entry: Entry, runFolder: string, folder: string): Promise<Outside> {
  const text = markdownOf(entry);
  const json = `${JSON.stringify(entry, null, 2)}\n`;
  const head = await readHead(runFolder);
  const others = head?.others ?? [];
  const known = others.find((other) => dirname(other.entry) === resolve(folder));
  const before = head && known ? { ...head, entry: known.entry, sha256: known.sha256 } : undefined;
  const written = await publish(entry, text, json, resolve(folder), join(runFolder, 'entry.md'), before);
  if (head && written.incident) {
    const rest = others.filter((other) => other !== known);
    const main = head.entry && head.sha256 ? { file: head.entry, sha256: head.sha256 } : undefined;
    await writeHead(
      runFolder,
      { ...entry, chain: { seq: head.seq, hash: head.hash }, writtenAt: head.writtenAt },
      main,
      [...rest, { entry: written.incident, sha256: hashLine(text) }],
    );
  }
  return written;
}

type Outside = Pick<Written, 'incident' | 'problem'>;

async function publish(
  entry: Entry,
  text: string,
  json: string,
  folder: string,
  own: string,
  before: HeadFile | undefined,
): Promise<Outside> {
  try {
    await makeFolder(folder, 0o777);
    for (let attempt = 1; ; attempt++) {
      const base = join(folder, entryName(entry, attempt));
      const place = await takePlace(entry, base, text, before);
      if (place === 'edited')
        return {
          problem: `${base}.md was edited since it was written and is left as it is. The newer entry is ${own}.`,
        };
      if (place === 'taken') continue;
      await replaceFile(`${base}.json`, json, 0o644);
      return { incident: `${base}.md` };
    }
  } catch (error) {
    const fault = diskFault(error, folder, 'written');
    return { problem: `${fault.message} The entry is kept as ${own}.` };
  }
}

type Place = 'written' | 'taken' | 'edited';

async function takePlace(
  entry: Entry,
  base: string,
  text: string,
  before: HeadFile | undefined,
): Promise<Place> {
  const file = `${base}.md`;
  // The Markdown of another run may be gone; its JSON is not ours to replace all the same.
  const chain = await readChain(`${base}.json`);
  if (chain && chain.run !== entry.run) return 'taken';
  if (await createFile(file, text, 0o644)) return 'written';
  const there = await readFile(file, 'utf8').catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (there === undefined || there === text) return 'written';
  if (!chain && !there.includes(`\nRun \`${entry.run}\`. Journal of `)) return 'taken';
  if (before?.entry === file && before.sha256 !== hashLine(there)) return 'edited';
  await replaceFile(file, text, 0o644);
  return 'written';
}

/**
 * `2026-11-20-0312-restore-to-production`, without ending. The second and third attempt at a name that is taken
 * carry the end of the run's id and a number.
 */
export function entryName(entry: Pick<Entry, 'startedAt' | 'title' | 'run'>, attempt = 1): string {
  const at = new Date(entry.startedAt).toISOString();
  const base = `${at.slice(0, 10)}-${at.slice(11, 16).replace(':', '')}-${slug(entry.title) || 'run'}`;
  if (attempt === 1) return base;
  const tail = slug(entry.run.split('-').at(-1) ?? '') || 'run';
  return attempt === 2 ? `${base}-${tail}` : `${base}-${tail}-${attempt - 1}`;
}
