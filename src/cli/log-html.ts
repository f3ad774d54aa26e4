import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Entry } from '../incident/entry.ts';
import { htmlOf, replayOf } from '../incident/html.ts';
import { errorCode } from '../journal/fault.ts';
import { exit, Refusal } from './exit.ts';

/** A run that is to become a page. */
export interface PageSource {
  readonly folder: string;
  readonly entry: Entry;
  /** The entry as it stands on disk, where that is this entry. */
  readonly markdown: string | undefined;
}

/** The page of one run. */
export async function pageOf({ folder, entry, markdown }: PageSource): Promise<string> {
  return htmlOf({ entry, markdown, replay: await replayOf(folder) });
}

/** Writes the page of a run to a file that is not there yet, for its owner alone. */
export async function writePage(source: PageSource, path: string): Promise<void> {
  await writeFile(path, await pageOf(source), { mode: 0o600, flag: 'wx' }).catch((error: unknown) => {
    const code = errorCode(error);
    if (code === 'EEXIST')
      throw new Refusal(`${path} is there already and was left as it is. Give another name.`, exit.failed);
    throw new Refusal(`${path} could not be written (${code ?? String(error)}).`, exit.failed);
  });
}

/** A page for each of several runs, into a folder that is made where it is not there. Gives the files. */
export async function writePages(
  sources: AsyncIterable<PageSource>,
  folder: string,
): Promise<readonly string[]> {
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    throw new Refusal(`${folder} could not be made (${errorCode(error) ?? String(error)}).`, exit.failed);
  });
  const files: string[] = [];
  for await (const source of sources) {
    const path = join(folder, `${basename(source.folder)}.html`);
    await writePage(source, path);
    files.push(path);
  }
  return files;
}
