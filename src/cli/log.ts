import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { draftEntry, type Found, loadEntry } from '../incident/archive.ts';
import { csvOf } from '../incident/csv.ts';
import type { Entry } from '../incident/entry.ts';
import { type IndexedRun, readLogIndex } from '../incident/log-index.ts';
import { markdownOf } from '../incident/markdown.ts';
import { search } from '../incident/search.ts';
import { statsOf } from '../incident/stats.ts';
import { verifyRun } from '../incident/verify.ts';
import type { RunSummary } from '../journal/glance.ts';
import { holderOfRun } from '../journal/lock.ts';
import { findRun, listRuns, runFolder } from '../journal/runs.ts';
import { modes } from '../run/mode.ts';
import { folders } from '../settings/folders.ts';
import { commandLine, parse } from './arguments.ts';
import { exit, Refusal } from './exit.ts';
import { loadShellGrammar } from './grammars.ts';
import { headsElsewhere } from './kept-heads.ts';
import { addCommitCommand } from './log-commit.ts';
import { addFollowUpCommands } from './log-follow-up.ts';
import { type PageSource, pageOf, writePage, writePages } from './log-html.ts';
import { addOutboxCommand } from './log-outbox.ts';
import { print, printJson, say } from './log-output.ts';
import { addPatchCommand } from './log-patch.ts';
import { hitText, runLine, statsText, verificationText } from './log-text.ts';

interface Filter {
  mode?: string;
  target?: string;
  outcome?: string;
  since?: string;
  until?: string;
}

interface Output {
  json?: boolean;
}

/** `drillbook log …`: reads what runs have left behind, and keeps what follows from it. Returns the exit code. */
export async function log(args: readonly string[]): Promise<number> {
  const state = folders(process.env).state;
  let code: number = exit.done;
  const command = commandLine('log', 'The incident log: what runs have left behind');
  const reading = (name: string, description: string) =>
    command.command(name).description(description).option('--json', 'as JSON');
  const filtered = (name: string, description: string) =>
    reading(name, description)
      .option('--mode <mode>', 'incident, drill, training or preview')
      .option('--target <name>', 'runs on that target')
      .option('--outcome <outcome>', 'passed, failed, abandoned; or running, stopped, handed-over')
      .option('--since <date>', 'begun on that day or later (UTC)')
      .option('--until <date>', 'begun on that day or earlier (UTC)');

  filtered('list', 'list the runs, newest first').action(async (options: Filter & Output) => {
    const runs = await listed(options);
    if (options.json) return printJson({ runs });
    if (runs.length === 0) return say('No runs yet that fit. A run begins with: drillbook run RUNBOOK');
    for (const run of runs) print(runLine(run));
  });

  reading('show <run>', 'show the entry of a run').action(async (given: string, options: Output) => {
    const folder = await folderOf(state, given);
    await loadShellGrammar();
    const entry = entryOrRefusal(given, await loadEntry(folder, new Date()));
    if (options.json) return printJson(entry);
    // What a person has added to the written entry belongs to it.
    print(((await writtenText(folder, entry)) ?? markdownOf(entry)).trimEnd());
  });

  reading('draft <run>', 'make the entry of a run from its journal as it is now').action(
    async (given: string, options: Output) => {
      await loadShellGrammar();
      const entry = entryOrRefusal(given, await draftEntry(await folderOf(state, given), new Date()));
      if (options.json) printJson(entry);
      else print(markdownOf(entry).trimEnd());
    },
  );

  filtered('search <words...>', 'find entries with all of the words').action(
    async (words: string[], options: Filter & Output) => {
      const wanted = words.map((word) => word.toLocaleLowerCase());
      const found = (await indexedOf(options)).flatMap((one) => {
        const hits = one.mayHold(wanted) ? search(one.lines(), words) : undefined;
        const { id, title = id, startedAt = '' } = one.summary;
        return hits ? [{ run: id, title, startedAt, hits }] : [];
      });
      if (options.json) printJson({ entries: found });
      else for (const one of found) print(hitText(one));
      if (found.length === 0) code = exit.failed;
    },
  );

  reading('verify [run]', 'prove the journals: nothing was changed, nothing is missing')
    .option('--local', 'without the heads that stores of the settings keep')
    .action(async (given: string | undefined, options: Output & { local?: boolean }) => {
      const ids =
        given === undefined ? (await listRuns(state)).map((run) => run.id) : [await idOf(state, given)];
      const results = [];
      const elsewhere = options.local ? undefined : await headsElsewhere(say);
      for (const id of ids) {
        const heads = (await elsewhere?.of(id)) ?? [];
        const verified = await verifyRun(runFolder(state, id), heads).catch((error: Error) => ({
          sound: false,
          lines: 0,
          heads: [],
          problems: [error.message],
        }));
        if (!verified.sound) code = exit.failed;
        results.push({ run: id, ...verified });
        if (!options.json) print(verificationText(id, verified));
      }
      elsewhere?.close();
      if (options.json) printJson({ runs: results });
    });

  filtered('stats', 'what the runs add up to').action(async (options: Filter & Output) => {
    const stats = statsOf((await indexedOf(options)).flatMap(({ stats }) => stats ?? []));
    if (options.json) printJson(stats);
    else print(statsText(stats));
  });

  filtered('export', 'all entries, as CSV or JSON; or the page of one for a browser')
    .option('--format <format>', 'csv or json', 'csv')
    .option('--html <run>', 'entry, timeline and replay of a run as one page; "all": a page for each')
    .option('-o, --output <path>', 'file of the page (standard output without it); folder of all pages')
    .action(async (options: Filter & Output & { format: string; html?: string; output?: string }) => {
      if (options.html !== undefined) return exportPages(state, options.html, options);
      if (options.output !== undefined)
        throw new Refusal('-o is for --html; redirect the rest: drillbook log export > FILE');
      const format = options.json ? 'json' : options.format;
      if (format !== 'csv' && format !== 'json')
        throw new Refusal(`${format} is not a format of the export. Give --format csv or --format json.`);
      const entries = await entriesOf(options);
      if (format === 'json') printJson({ entries });
      else process.stdout.write(csvOf(entries));
    });

  addCommitCommand(command, (given) => folderOf(state, given));
  addPatchCommand(command, (given) => folderOf(state, given));
  addFollowUpCommands(command);
  addOutboxCommand(command, (failed) => {
    code = failed;
  });

  if (args.length === 0)
    throw new Refusal(
      'Say what to do: list, show, draft, search, verify, stats, export, patch, commit, follow-up or outbox.',
    );
  await parse(command, args);
  return code;
}

/** The chosen runs, newest first; those without an entry are named on stderr. */
async function indexedOf(filter: Filter): Promise<readonly IndexedRun[]> {
  const runs = await chosen(filter);
  for (const { summary, fault } of runs) if (fault !== undefined) say(`left out ${summary.id}: ${fault}`);
  return runs.filter(({ fault }) => fault === undefined);
}

/** The chosen runs, each with who holds it now. */
async function listed(filter: Filter): Promise<readonly RunSummary[]> {
  const runs = (await chosen(filter)).map(({ summary }) => summary);
  return Promise.all(
    runs.map(async (run) => {
      if (run.status === 'finished') return run;
      const holder = await holderOfRun(run.folder).catch(() => undefined);
      return holder ? { ...run, holder } : run;
    }),
  );
}

async function chosen(filter: Filter): Promise<readonly IndexedRun[]> {
  mustBeMeant(filter);
  const { state, cache } = folders(process.env);
  const runs = await readLogIndex(state, cache, (count) => say(`Reading ${count} entries for the index …`));
  return runs.filter(({ summary: { mode, target, outcome, status, startedAt } }) => {
    const day = startedAt?.slice(0, 10) ?? '';
    return (
      (filter.mode === undefined || filter.mode === mode) &&
      (filter.target === undefined || filter.target === target) &&
      (filter.outcome === undefined || filter.outcome === (outcome ?? status)) &&
      (filter.since === undefined || day >= filter.since) &&
      (filter.until === undefined || (day !== '' && day <= filter.until))
    );
  });
}

const outcomes = ['passed', 'failed', 'abandoned', 'running', 'stopped', 'handed-over', 'unreadable'];

/** A filter that nothing can fit is a mistake, and must not look as if there were nothing. Throws a `Refusal`. */
function mustBeMeant({ since, until, mode, outcome }: Filter): void {
  for (const day of [since, until])
    if (day !== undefined && !isDay(day)) throw new Refusal(`${day} is not a day. Write it as 2026-11-20.`);
  if (since !== undefined && until !== undefined && since > until)
    throw new Refusal(`no day is both after ${since} and before ${until}`);
  if (mode !== undefined && !modes.some((one) => one === mode))
    throw new Refusal(`there is no mode ${mode}: take one of ${modes.join(', ')}`);
  if (outcome !== undefined && !outcomes.includes(outcome))
    throw new Refusal(`there is no outcome ${outcome}: take one of ${outcomes.join(', ')}`);
}

/** A day of the calendar: there is no 30th of February. */
function isDay(text: string): boolean {
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? new Date(`${text}T00:00:00Z`) : undefined;
  return at !== undefined && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}

/** The whole entries of the chosen runs, newest first; those that cannot be read are named on stderr. */
async function entriesOf(filter: Filter): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  for (const { summary } of await indexedOf(filter)) {
    const found = await loadEntry(summary.folder, new Date()).catch(
      (error: Error): Found => ({ kind: 'unreadable', reason: error.message }),
    );
    if (found.kind === 'entry') entries.push(found.entry);
    else say(`left out ${summary.id}: ${found.reason}`);
  }
  return entries;
}

async function exportPages(
  state: string,
  given: string,
  options: Filter & { output?: string },
): Promise<void> {
  await loadShellGrammar();
  if (given !== 'all') {
    const folder = await folderOf(state, given);
    const entry = entryOrRefusal(given, await loadEntry(folder, new Date()));
    const source = { folder, entry, markdown: await writtenText(folder, entry) };
    if (options.output === undefined) process.stdout.write(await pageOf(source));
    else await writePage(source, options.output);
    return;
  }
  if (options.output === undefined)
    throw new Refusal('Say where to: drillbook log export --html all -o FOLDER');
  for (const file of await writePages(pageSources(options), options.output)) print(file);
}

async function* pageSources(filter: Filter): AsyncGenerator<PageSource> {
  for (const { summary } of await indexedOf(filter)) {
    const found = await loadEntry(summary.folder, new Date());
    if (found.kind === 'unreadable') say(`left out ${summary.id}: ${found.reason}`);
    else
      yield {
        folder: summary.folder,
        entry: found.entry,
        markdown: await writtenText(summary.folder, found.entry),
      };
  }
}

async function idOf(state: string, given: string): Promise<string> {
  const found = await findRun(state, given);
  switch (found.kind) {
    case 'found':
      return found.id;
    case 'none':
      throw new Refusal(`There is no run ${given}. 'drillbook log list' shows the runs.`);
    case 'ambiguous':
      throw new Refusal(`${given} may mean several runs: ${found.ids.join(', ')}.`);
  }
}

async function folderOf(state: string, given: string): Promise<string> {
  return runFolder(state, await idOf(state, given));
}

function entryOrRefusal(given: string, found: Found): Entry {
  if (found.kind === 'unreadable')
    throw new Refusal(`The run ${given} has no entry: ${found.reason}.`, exit.failed);
  if (found.damage)
    say(`The journal of ${found.entry.run} is damaged (${found.damage}): this is what stands before it.`);
  return found.entry;
}

/** The Markdown as it was written, where it is that of this entry. */
async function writtenText(folder: string, entry: Entry): Promise<string | undefined> {
  const text = await readFile(join(folder, 'entry.md'), 'utf8').catch(() => undefined);
  return text?.includes(entry.chain.hash) ? text : undefined;
}
