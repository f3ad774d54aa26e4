import { dirname } from 'node:path';
import type { Command } from 'commander';
import { loadEntry } from '../incident/archive.ts';
import { readHead } from '../incident/heads.ts';
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
      const file = (await readHead(folder))?.entry;
      if (file === undefined)
        throw new Refusal(`the run ${given} has no entry outside of its own folder`, exit.failed);
      if (!(await checkoutOf(dirname(file)))) throw new Refusal(`${file} is in no git checkout`, exit.failed);
      const found = await loadEntry(folder, new Date());
      if (found.kind === 'unreadable') throw new Refusal(found.reason, exit.failed);
      if (await commitEntry(file, found.entry)) print(`committed ${file}`);
      else say(`${file} stands committed already`);
    });
}

/** What to say where a written entry could be committed; undefined where it lies in no checkout. */
export async function commitOffer(file: string | undefined, run: string): Promise<string | undefined> {
  if (file === undefined || !(await checkoutOf(dirname(file)))) return undefined;
  return `to commit it: drillbook log commit ${run}`;
}
