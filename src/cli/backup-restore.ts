import type { Command } from 'commander';
import { type Backup, findBackup, readCatalog } from '../backup/catalog.ts';
import { totalRows } from '../backup/contents.ts';
import { databaseOf } from '../backup/engines/of-url.ts';
import { parseLogin } from '../backup/engines/postgres/login.ts';
import { isSqlite } from '../backup/engines/sqlite/file.ts';
import { readIdentity } from '../backup/identity.ts';
import { report, reportedComparison } from '../backup/report.ts';
import { type RestorePlace, restoreBackup } from '../backup/restore.ts';
import { continueRestore, readWayBack, type UndoResult, undoRestore } from '../backup/undo.ts';
import {
  count,
  identityOption,
  storeOf,
  storeOption,
  subcommand,
  urlOf,
  urlOption,
} from './backup-options.ts';
import { durationText, print, printJson, say, told } from './backup-output.ts';
import { refuseSeveral } from './backup-target.ts';
import { carryOut, confirm } from './backup-task.ts';
import { reported, state } from './backup-words.ts';
import { exit, Refusal } from './exit.ts';

/** Adds `restore` and `undo` to the backup command. */
export function addRestore(command: Command, settle: (code: number) => void): void {
  identityOption(
    storeOption(
      urlOption(
        subcommand(
          command,
          'restore [backup]',
          'restore a backup beside the live database, compare, then swap (default: latest)',
        ),
      ),
    ),
  )
    .option('--target <name>', 'whose, with "latest"')
    .option('--into <database>', 'into a new database of that name; the live one is not touched')
    .option('--table <name...>', 'only the rows of these tables (schema.table), with --into')
    .option('--in-place', 'over the live database, in one transaction, without a way back')
    .option('--continue', 'go on with an interrupted restore')
    .option('--plan', 'say what would be done, and do nothing')
    .option('--confirm <phrase>', '"RESTORE <database>", where nobody is there to type it')
    .option('--jobs <n>', 'parallel jobs')
    .option('--accept-differences', 'swap although what was restored is not what the manifest says')
    .option('--without-manifest', 'a dump that somebody else made: nothing can be compared')
    .option('--without-owners', 'leave owners and grants out: for a server without the roles')
    .option('--json', 'the result, as JSON')
    .action(async (name: string | undefined, options) => {
      const url = await urlOf(options.url);
      const database = named(url);
      if (options.continue) {
        await confirmOn(
          url,
          database,
          options.confirm,
          `What an interrupted restore of ${database} left is swapped in, where it is whole.`,
        );
        settle(await carryOut(async () => finish(await continueRestore(url), options.json)));
        return;
      }
      if (options.into !== undefined && options.inPlace)
        throw new Refusal('Give either --into or --in-place, not both.', exit.usage);
      const place: RestorePlace =
        options.into !== undefined
          ? { kind: 'into', database: options.into }
          : options.inPlace
            ? { kind: 'in-place' }
            : { kind: 'swap' };
      const store = await storeOf(options.store, options.identity);
      const jobs = count('--jobs', options.jobs);
      settle(
        await carryOut(async (signal, progress) => {
          const catalog = await readCatalog(store);
          if ((name ?? 'latest') === 'latest' && options.target === undefined) refuseSeveral(catalog);
          const backup = findBackup(catalog, name ?? 'latest', options.target);
          for (const line of plan(backup, place, database)) say(line);
          const single = oneJob(backup, place, store.path !== undefined);
          if ((jobs ?? 1) > 1 && single !== undefined)
            say(`It is loaded by one job, not ${jobs}: ${single}. The comparison uses ${jobs} connections.`);
          if (options.plan) return exit.done;
          if (place.kind !== 'into') await confirmOn(url, database, options.confirm);
          const result = await restoreBackup({
            url,
            store,
            backup,
            place,
            jobs,
            tables: options.table,
            acceptDifferences: options.acceptDifferences,
            withoutManifest: options.withoutManifest,
            withoutOwners: options.withoutOwners,
            signal,
            onProgress: (now) => progress(now.words),
          });
          if (result.comparison !== undefined)
            await told(
              report({ type: 'comparison-reported', comparison: reportedComparison(result.comparison) }),
            );
          await told(
            report({
              type: 'backup-reported',
              backup: {
                action: 'restored',
                ...reported(backup),
                durationMs: result.durationMs,
                database: result.database,
              },
            }),
          );
          for (const one of result.warnings ?? []) say(`Warning: ${one}`);
          for (const one of result.comparison?.differences ?? [])
            say(`${one.severity === 'note' ? 'Note' : 'Difference'}: ${one.words}`);
          if (options.json) printJson(result);
          else {
            const compared = result.comparison;
            print(
              [
                `${result.database} now holds ${backup.name} (${durationText(result.durationMs)}).`,
                ...(compared === undefined
                  ? ['  Not compared: there is no manifest.']
                  : [
                      `  ${compared.tables.length} tables compared with the manifest: ${compared.equal ? 'equal' : 'NOT equal, accepted'}.`,
                    ]),
                ...(result.old === undefined
                  ? []
                  : [
                      `  Not reachable for ${durationText(result.downtimeMs)}; ${result.sessionsEnded} sessions ended.`,
                      `  The old database stays as ${result.old}${isSqlite(url) ? '' : ', fenced'}: 'drillbook backup undo' brings it back.`,
                    ]),
              ].join('\n'),
            );
          }
          return exit.done;
        }),
      );
    });

  urlOption(
    subcommand(
      command,
      'undo',
      'bring back what was live before a restore, or clean up after an interrupted one',
    ),
  )
    .option('--look', 'say what could be undone, and do nothing')
    .option('--confirm <phrase>', '"RESTORE <database>", where nobody is there to type it')
    .option('--json', 'the result, as JSON')
    .action(async (options) => {
      const url = await urlOf(options.url);
      settle(
        await carryOut(async () => {
          const way = await readWayBack(url);
          const database = named(url);
          const words =
            way.kind === 'nothing'
              ? `No restore of ${database} left anything to undo.`
              : way.kind === 'swap-back'
                ? `${way.old} comes back in the place of ${database}; it was replaced by ${way.backup} at ${way.at}.`
                : `A restore of ${database} from ${way.backup} was interrupted${way.fenced ? ' and left it fenced' : ''}; it is taken back${way.kind === 'ready' ? " ('backup restore --continue' would finish it)" : ''}.`;
          if (options.look) {
            if (options.json) printJson(way);
            else print(words);
            return exit.done;
          }
          if (way.kind !== 'nothing') await confirmOn(url, database, options.confirm, words);
          return finish(await undoRestore(url), options.json);
        }),
      );
    });
}

/** What the phrase calls the database; throws where the URL names none. */
function named(url: string): string {
  return databaseOf(url) ?? parseLogin(url).database;
}

/** Shows which server it is, then asks for the phrase. */
async function confirmOn(
  url: string,
  database: string,
  given: string | undefined,
  words?: string,
): Promise<void> {
  const identity = await readIdentity(url);
  if ('failure' in identity) throw new Refusal(identity.failure, exit.failed);
  if (isSqlite(url)) say(`SQLite file ${identity.address}${identity.exists ? '' : ', which is not there'}.`);
  else
    say(
      `Server ${identity.address}, system ${identity.system ?? 'not readable'}, PostgreSQL ${identity.version}${identity.replica ? ', a REPLICA' : ''}; database ${database}${identity.exists ? '' : ', which is not there'}.`,
    );
  if (words !== undefined) say(words);
  await confirm(`RESTORE ${database}`, given);
}

function plan(backup: Backup, place: RestorePlace, database: string): string[] {
  const { manifest } = backup;
  const what =
    manifest === undefined
      ? 'unknown contents'
      : `${manifest.contents.tables.length} tables, ${totalRows(manifest.contents)} rows`;
  const how: Record<RestorePlace['kind'], string> = {
    swap: `It is loaded into a new database, compared, analysed, and swapped with ${database}, which stays as the way back.`,
    into: `It is loaded into the new database ${place.kind === 'into' ? place.database : ''}; ${database} is not touched.`,
    'in-place': `It is loaded over ${database}, in one transaction. There is no way back but another backup.`,
  };
  const from = manifest?.server.database;
  return [
    `Backup ${backup.name} (${state(backup)}): data as of ${backup.takenAt.toISOString()}, ${what}.`,
    ...(backup.damage === undefined ? [] : [`CAUTION: ${backup.damage}`]),
    ...(from !== undefined && from !== database && place.kind !== 'into'
      ? [`CAUTION: this is a backup of the database ${from}, and it would take the place of ${database}.`]
      : []),
    how[place.kind],
  ];
}

/** Why a backup can't be loaded by several jobs; undefined where it can. */
function oneJob(backup: Backup, place: RestorePlace, inFolder: boolean): string | undefined {
  if (place.kind === 'in-place') return 'a restore in place is one transaction';
  switch (backup.format) {
    case 'directory':
      return undefined;
    case 'custom':
      if (backup.encrypted) return 'it is encrypted, and comes as a stream';
      return inFolder
        ? undefined
        : 'it comes from its store as a stream; copy it into a folder first for more';
    default:
      return `the format ${backup.format} is read from its beginning to its end`;
  }
}

function finish(result: UndoResult, json: boolean | undefined): number {
  if (json) printJson(result);
  else print(result.words);
  return exit.done;
}
