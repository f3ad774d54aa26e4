import { stat } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { listRuns } from '../journal/runs.ts';
import { searchCatalogue } from '../runbook/fuzzy.ts';
import { sanitiseLine } from '../terminal/sanitise.ts';
import { commandLine, parse } from './arguments.ts';
import { exit, Refusal } from './exit.ts';
import { type LibraryEntry, readLibrary, shippedRunbooks } from './library.ts';
import type { Skipped } from './library-walk.ts';
import { type Listed, listText } from './list-text.ts';
import { looseHint } from './loose-runbooks.ts';
import { readSettings } from './settings.ts';

/** `drillbook list [FOLDER…]`: the runbooks of some folders, or of the project and those that ship. Returns the exit code. */
export async function list(args: readonly string[]): Promise<number> {
  let code: number = exit.done;
  const command = commandLine(
    'list',
    'The runbooks of some folders; without any, those of the project and of Drillbook',
  )
    .argument('[folders...]', 'folders or files; a git checkout is a folder')
    .option('--search <text>', 'those with all of the words in titles, headings or commands, best first')
    .option('--json', 'as JSON')
    .action(async (given: string[], { search, json }: { search?: string; json?: boolean }) => {
      const settings = await readSettings(process.env, process.cwd());
      for (const place of given)
        if (!(await stat(place).catch(() => undefined))) throw new Refusal(`there is no folder ${place}`);
      const places =
        given.length > 0 ? given.map((place) => resolve(place)) : [...settings.runbooks, shippedRunbooks()];
      const entries: LibraryEntry[] = [];
      const skipped: Skipped[] = [];
      await readLibrary(places, (entry) => entries.push(entry), {
        cache: settings.folders.cache,
        runs: listRuns(settings.folders.state),
        onSkip: (one) => skipped.push(one),
      });
      const listed = search?.trim() ? found(entries, search) : byTitle(entries);
      if (json) process.stdout.write(`${JSON.stringify(asJson(listed, skipped), null, 2)}\n`);
      else {
        process.stdout.write(listText(listed, shownPath));
        for (const { path, why } of skipped)
          process.stderr.write(`left out ${sanitiseLine(shownPath(path))}: ${sanitiseLine(why)}\n`);
        if (listed.length === 0) process.stderr.write(nothing(search, places));
        const hint = given.length === 0 ? await looseHint(process.cwd(), settings.runbooks) : undefined;
        if (hint) process.stderr.write(`${hint}\n`);
      }
      if (listed.length === 0 && search?.trim()) code = exit.failed;
    });
  await parse(command, args);
  return code;
}

function byTitle(entries: readonly LibraryEntry[]): readonly Listed[] {
  return entries
    .map((entry) => ({ entry }))
    .sort((a, b) => compare(a.entry.title, b.entry.title) || compare(a.entry.path, b.entry.path));
}

function found(entries: readonly LibraryEntry[], search: string): readonly Listed[] {
  return entries
    .flatMap((entry) => {
      const match = searchCatalogue(search, entry.catalogue);
      return match ? [{ entry, match }] : [];
    })
    .sort((a, b) => b.match.score - a.match.score || compare(a.entry.path, b.entry.path));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function asJson(listed: readonly Listed[], skipped: readonly Skipped[]) {
  return {
    schema: 1,
    runbooks: listed.map(({ entry: { catalogue, procedures: _, estimate: __, ...entry }, match }) => ({
      ...entry,
      // In seconds, as everywhere in JSON.
      ...(catalogue.estimate && { estimate: catalogue.estimate }),
      procedures: catalogue.procedures,
      ...(match && { match }),
    })),
    skipped,
  };
}

/** Relative where that is shorter to read: below the working directory. */
function shownPath(path: string): string {
  const from = relative(process.cwd(), path);
  return from === '' || from.startsWith('..') ? path : from;
}

function nothing(search: string | undefined, places: readonly string[]): string {
  return search?.trim()
    ? `No runbook has ${sanitiseLine(search)}. Without --search, all are listed.\n`
    : `No runbooks in ${places.map(sanitiseLine).join(', ')}. A runbook is a Markdown file (.md) with steps or commands.\n`;
}
