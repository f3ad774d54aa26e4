import type { Command } from 'commander';
import { addFollowUp, closeFollowUp, type FollowUp } from '../incident/follow-ups.ts';
import { findRun } from '../journal/runs.ts';
import { exit, Refusal } from './exit.ts';
import { print, printJson, say } from './log-output.ts';
import { allFollowUps } from './open-actions.ts';
import { readSettings } from './settings.ts';

/** `drillbook log follow-up list|close|add`. */
export function addFollowUpCommands(log: Command): void {
  const command = log
    .command('follow-up')
    .description('what runs have left to be done')
    .helpCommand(false)
    .configureOutput({ writeErr: () => {} })
    .exitOverride();

  command
    .command('list', { isDefault: true })
    .description('the open ones, the oldest first')
    .option('--all', 'those that are closed too')
    .option('--json', 'as JSON')
    .action(async ({ all, json }: { all?: boolean; json?: boolean }) => {
      const { folders } = await readSettings(process.env, process.cwd());
      const found = (await allFollowUps(folders)).filter(({ closed }) => all || !closed);
      if (json) return printJson({ followUps: found });
      if (found.length === 0) say('Nothing is open.');
      for (const one of found) print(followUpLine(one));
    });

  command
    .command('close <id>')
    .description('it is done, or will not be')
    .option('--note <text>', 'how, or why not')
    .action(async (given: string, { note }: { note?: string }) => {
      const { folders, operator } = await readSettings(process.env, process.cwd());
      const open = (await allFollowUps(folders)).filter(({ closed }) => !closed);
      const matches = open.filter(({ id }) => id.startsWith(given.toLowerCase()));
      const [one] = matches;
      if (!one || matches.length > 1)
        throw new Refusal(
          `${given} names ${one ? 'several follow-ups' : 'no open follow-up'}. 'drillbook log follow-up list' shows them.`,
          exit.usage,
        );
      await closeFollowUp(folders.state, { id: one.id, by: operator, note, now: new Date() });
      print(`closed ${one.id}  ${one.text}`);
    });

  command
    .command('add <text...>')
    .description('one more')
    .option('--run <run>', 'the run that it comes from')
    .action(async (words: string[], { run: given }: { run?: string }) => {
      const { folders, operator } = await readSettings(process.env, process.cwd());
      const found = given === undefined ? undefined : await findRun(folders.state, given);
      if (found && found.kind !== 'found') throw new Refusal(`there is no one run ${given}`);
      const text = words.join(' ').trim();
      if (text === '') throw new Refusal('say what is to be done');
      const run = found?.kind === 'found' ? found.id : undefined;
      const id = await addFollowUp(folders.state, { words: text, run, by: operator, now: new Date() });
      print(`added ${id}  ${text}`);
    });
}

function followUpLine({ id, text, run, at, closed }: FollowUp): string {
  const end = closed
    ? `  closed ${closed.at.slice(0, 10)} by ${closed.by}${closed.note ? `: ${closed.note}` : ''}`
    : '';
  return `${id}  ${at.slice(0, 10)}  ${text}${run ? `  (${run})` : ''}${end}`;
}
