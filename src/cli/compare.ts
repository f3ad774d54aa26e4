import { findBackup, readCatalog } from '../backup/catalog.ts';
import { type Comparison, compare as compareSides, type Side } from '../backup/compare.ts';
import { report, reportedComparison } from '../backup/report.ts';
import { commandLine, parse } from './arguments.ts';
import { count, storeOf, storeOption, urlOf, urlOption } from './backup-options.ts';
import { print, printJson, say, tableText, told } from './backup-output.ts';
import { targetFills } from './backup-target.ts';
import { carryOut } from './backup-task.ts';
import { exit, Refusal } from './exit.ts';

/** `drillbook compare`: a database against another one or against a backup's manifest. Exit code 1 on difference. */
export async function compare(args: readonly string[]): Promise<number> {
  let code: number = exit.done;
  const command = targetFills(
    storeOption(urlOption(commandLine('compare', 'compare a database with another one, or with a backup'))),
  )
    .option('--with <url>', 'the other database, which is the reference: env:NAME, file:PATH or a URL')
    .option('--backup <name>', 'a backup of the store is the reference; "latest" where nothing is given')
    .option('--target <name>', 'whose, with "latest"')
    .option('--tolerance <percent>', 'row counts may differ by so much, e.g. 5%; for data that move')
    .option('--ignore-grants', 'owners and grants do not count')
    .option('--indexes', 'read every index through by amcheck, where the database has the extension')
    .option('--connections <n>', 'connections to each database', '2')
    .option('--json', 'the comparison, as JSON')
    .action(async (options) => {
      if (options.with !== undefined && options.backup !== undefined)
        throw new Refusal('Give either --with or --backup, not both.', exit.usage);
      const url = await urlOf(options.url);
      const tolerance = share(options.tolerance);
      const connections = count('--connections', options.connections);
      const other = options.with === undefined ? undefined : await urlOf(options.with, '--with');
      const store = other === undefined ? await storeOf(options.store) : undefined;
      code = await carryOut(async (signal, progress) => {
        const left =
          other !== undefined
            ? { url: other }
            : await manifestOf(store!, options.backup ?? 'latest', options.target);
        const comparison = await compareSides({
          left,
          right: { url },
          ...(tolerance === undefined ? {} : { tolerance }),
          ignoreGrants: options.ignoreGrants,
          indexes: options.indexes,
          connections,
          signal,
          onTable: (side, table, done, of) => progress(`${side}: ${table} (${done} of ${of})`),
        });
        await told(report({ type: 'comparison-reported', comparison: reportedComparison(comparison) }));
        if (options.json) printJson(comparison);
        else show(comparison);
        return comparison.equal ? exit.done : exit.failed;
      });
    });
  await parse(command, args);
  return code;
}

async function manifestOf(
  store: Awaited<ReturnType<typeof storeOf>>,
  name: string,
  target?: string,
): Promise<Side> {
  const backup = findBackup(await readCatalog(store), name, target);
  if (backup.manifest === undefined)
    throw new Refusal(
      backup.damage ??
        `${backup.name} has no manifest to compare with. Restore it beside and compare the two databases (--with).`,
      exit.failed,
    );
  return { manifest: backup.manifest };
}

function show(comparison: Comparison): void {
  const number = (value: number | undefined) => (value === undefined ? 'missing' : String(value));
  if (comparison.tables.length > 0)
    print(
      tableText(
        [
          ['table', 'reference', 'database', '', 'newest'],
          ...comparison.tables.map((one) => [
            one.table,
            number(one.left?.rows),
            number(one.right?.rows),
            one.same ? 'same' : 'DIFFERS',
            newest(one.left?.newest?.value, one.right?.newest?.value),
          ]),
        ],
        [1, 2],
      ),
    );
  for (const one of comparison.differences)
    print(`${one.severity === 'note' ? 'note' : 'DIFFERENT'}  ${one.words}`);
  say(`${comparison.right} ${comparison.equal ? 'equals' : 'is NOT as'} ${comparison.left}.`);
}

function newest(left: string | null | undefined, right: string | null | undefined): string {
  if (left === right) return right ?? '';
  return `${left ?? 'none'} / ${right ?? 'none'}`;
}

function share(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const match = /^(\d+(?:\.\d+)?)\s*%?$/.exec(text.trim());
  const percent = Number(match?.[1]);
  if (match === null || percent > 100)
    throw new Refusal(`--tolerance is a percentage from 0 to 100, like 5%, not ${text}.`, exit.usage);
  return percent / 100;
}
