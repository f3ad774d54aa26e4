import { isAbsolute, relative } from 'node:path';
import type { Command } from 'commander';
import { Redaction } from '../execution/redaction.ts';
import { patchOf } from '../incident/patch.ts';
import { readJournal } from '../journal/read.ts';
import { diffOfLines } from '../lint/diff.ts';
import { sanitise } from '../terminal/sanitise.ts';
import { exit, Refusal } from './exit.ts';
import { agrees, replace } from './lint-mend.ts';
import { printJson, say } from './log-output.ts';
import { begunWith, currentHash, readRunbook } from './runbook-file.ts';
import { isTerminal } from './terminal.ts';

const maskedDiff =
  'Secrets that stand in the runbook are masked in the diff: write it with --apply, other programs cannot.';

/** Without the text that the run began with, its places are not known: what was found is told, for a person to write. */
const noSource = (path: string) =>
  `${path} is not what the run began with, and the run's own copy is missing, changed, or has its secrets masked: nothing can be proposed as a diff.`;

/** `git apply` and `patch -p1` take names below the folder that they are called in, with one word before them. */
function inFolder(diff: string, path: string): string {
  const name = relative(process.cwd(), path);
  if (name.startsWith('..') || isAbsolute(name)) return diff;
  const [, , ...rest] = diff.split('\n');
  return [`--- a/${name}`, `+++ b/${name}`, ...rest].join('\n');
}

interface PatchOptions {
  apply?: boolean;
  yes?: boolean;
  json?: boolean;
}

/** `drillbook log patch RUN`: what a run would change in its runbook, as a diff. `folderOf` finds the run. */
export function addPatchCommand(log: Command, folderOf: (given: string) => Promise<string>): void {
  log
    .command('patch <run>')
    .description('what the run would change in its runbook, as a diff; nothing is applied unasked')
    .option('--apply', 'ask whether to write it')
    .option('--yes', 'with --apply: write it without asking')
    .option('--json', 'as JSON')
    .action(async (given: string, options: PatchOptions) => {
      const folder = await folderOf(given);
      const { events } = await readJournal(folder);
      const [started] = events;
      if (started?.type !== 'run-started')
        throw new Refusal(`the run ${given} has no beginning`, exit.failed);
      const { path } = started.runbook;
      const source = (await begunWith(folder, started.runbook))?.toString('utf8');
      const { text, changes, remarks: found } = patchOf(events, source ?? '');
      const exact =
        source === undefined || text === source ? '' : inFolder(diffOfLines(path, source, text), path);
      const diff = new Redaction().text(exact);
      const remarks =
        source === undefined
          ? [...changes, ...found, noSource(path)]
          : [...found, ...(diff === exact ? [] : [maskedDiff])];
      if (options.json) printJson({ path, changes, remarks, diff });
      else {
        process.stdout.write(sanitise(diff));
        for (const remark of remarks) say(remark);
        if (diff === '' && found.length + changes.length === 0)
          say('The run has nothing to say about its runbook.');
      }
      if (diff === '' || !options.apply) return;
      if ((await currentHash(path)) !== started.runbook.sha256)
        throw new Refusal(
          `${path} is not what the run began with any more: nothing was written. The diff can be applied by hand (patch, git apply).`,
          exit.failed,
        );
      if (!options.yes && !isTerminal())
        throw new Refusal('nobody can be asked here: nothing was written. Give --yes.', exit.needsPerson);
      if (!options.yes && !(await agrees(1))) return say('Nothing was written.');
      await replace(await readRunbook(path), text);
      say(`${path} is written: ${changes.length} ${changes.length === 1 ? 'change' : 'changes'}.`);
    });
}
