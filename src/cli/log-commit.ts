import { dirname } from 'node:path';
import type { Command } from 'commander';
import { loadEntry } from '../incident/archive.ts';
import { readHead } from '../incident/heads.ts';
import type { Entry } from '../incident/shape.ts';
import { checkoutOf, commitEntry } from '../incident/sinks/folder.ts';
import { exit, Refusal } from './exit.ts';
import { print, say } from './log-output.ts';

/** `drillbook log commit RUN`: commits the written entry where it lies in a git checkout. */
export function addCommitCommand(log: Command, folderOf: (given: string) => Promise<string>): void {
  log
    .command('commit <run>')
    .description('commit the entry of a run to the git checkout that it was written into')
    .action(async (given: string) => {
      const folder = await folderOf(given);
      const written = await writtenFiles(folder);
      if (written.length === 0)
        throw new Refusal(`the run ${given} has no entry outside of its own folder`, exit.failed);
      const files = await inCheckouts(written);
      if (files.length === 0)
        throw new Refusal(
          written.length === 1
            ? `${written[0]} is in no git checkout`
            : `none of these is in a git checkout: ${written.join(', ')}`,
          exit.failed,
        );
      const found = await loadEntry(folder, new Date());
      if (found.kind === 'unreadable') throw new Refusal(found.reason, exit.failed);
      const committed = await commitWritten(folder, found.entry);
      for (const file of files)
        if (committed.includes(file)) print(`committed ${file}`);
        else say(`${file} stands committed already`);
    });
}

/** Commits an entry in every checkout that it was written into; the files that were not committed before. */
export async function commitWritten(
  folder: string,
  entry: Pick<Entry, 'run' | 'title' | 'mode'>,
): Promise<readonly string[]> {
  const committed: string[] = [];
  for (const file of await inCheckouts(await writtenFiles(folder)))
    if (await commitEntry(file, entry)) committed.push(file);
  return committed;
}

/** The checkout that the entry of a run was written into; undefined where it lies in none. */
export async function checkoutOfEntry(folder: string): Promise<string | undefined> {
  for (const file of await writtenFiles(folder)) {
    const checkout = await checkoutOf(dirname(file));
    if (checkout !== undefined) return checkout;
  }
  return undefined;
}

/** What to say where a written entry could be committed; undefined where it lies in no checkout. */
export async function commitOffer(folder: string, run: string): Promise<string | undefined> {
  return (await checkoutOfEntry(folder)) && `to commit it: drillbook log commit ${run}`;
}

/** The Markdown files of the entry outside of the run's folder: that of the incidents, then those of folder sinks. */
async function writtenFiles(folder: string): Promise<readonly string[]> {
  const head = await readHead(folder);
  const files = [head?.entry, ...(head?.others ?? []).map(({ entry }) => entry)];
  return [...new Set(files.filter((file) => file !== undefined))];
}

async function inCheckouts(files: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(
    files.map(async (file) => ((await checkoutOf(dirname(file))) === undefined ? [] : [file])),
  );
  return found.flat();
}
