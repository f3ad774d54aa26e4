import { randomInt } from 'node:crypto';
import type { Command } from 'commander';
import { type Backup, findBackup, randomBackup, readCatalog, targetOf } from '../backup/catalog.ts';
import { type Selection, totalRows } from '../backup/contents.ts';
import { createBackup } from '../backup/create.ts';
import { databaseOf, engineOf } from '../backup/engines/of-url.ts';
import type { BackupFormat } from '../backup/format.ts';
import { type BackupKind, backupKinds } from '../backup/kind.ts';
import { report } from '../backup/report.ts';
import { type Level, levels } from '../backup/verification.ts';
import { verifyBackup } from '../backup/verify.ts';
import { commandLine, parse } from './arguments.ts';
import { attempted } from './backup-attempt.ts';
import { addCopy } from './backup-copy.ts';
import { addHealth } from './backup-health.ts';
import {
  count,
  identityOption,
  oneOf,
  recipientOption,
  recipientsOf,
  storeOf,
  storeOption,
  subcommand,
  urlOf,
  urlOption,
} from './backup-options.ts';
import { bytesText, durationText, print, printJson, say, tableText, told } from './backup-output.ts';
import { addPrune } from './backup-prune.ts';
import { addRestore } from './backup-restore.ts';
import { addStore } from './backup-store.ts';
import { targetFills } from './backup-target.ts';
import { carryOut } from './backup-task.ts';
import { description, reported, state, summary, time } from './backup-words.ts';
import { exit, Refusal } from './exit.ts';

/** `drillbook backup create|list|show|verify|restore|undo|prune|pin|copy|store|health`. Returns the exit code. */
export async function backup(args: readonly string[]): Promise<number> {
  let code: number = exit.done;
  const command = targetFills(
    commandLine('backup', 'create, verify, restore, copy and prune backups; their health').usage(
      '<command> [options]',
    ),
  );
  const settle = (next: number) => {
    code = next;
  };
  addCreate(command, settle);
  addList(command, settle);
  addShow(command, settle);
  addVerify(command, settle);
  addRestore(command, settle);
  addPrune(command, settle);
  addHealth(command, settle);
  addCopy(command, settle);
  addStore(command, settle);
  if (args.length === 0) {
    say(command.helpInformation());
    return exit.usage;
  }
  await parse(command, args);
  return code;
}

type Settle = (code: number) => void;

function addCreate(command: Command, settle: Settle): void {
  recipientOption(
    storeOption(urlOption(subcommand(command, 'create', 'dump a database into the store, with a manifest'))),
  )
    .option('--target <name>', "what the backup's name begins with (default: the database)")
    .option('--kind <kind>', `why: ${backupKinds.join(', ')}`, 'on-demand')
    .option(
      '--format <format>',
      'custom (the default), directory, plain, plain-gzip or plain-zstd; an SQLite file is kept whole',
    )
    .option('--jobs <n>', 'parallel jobs, for the directory format')
    .option('--schema <name...>', 'only these schemas: a partial backup')
    .option('--table <name...>', 'only these tables (schema.table): a partial backup')
    .option('--globals', 'keep the roles and tablespaces of the server too, without passwords')
    .option('--json', 'the manifest, as JSON')
    .action(async (options) => {
      const url = await urlOf(options.url);
      const store = await storeOf(options.store);
      const recipients = await recipientsOf(options.recipient);
      const kind = oneOf<BackupKind>('--kind', options.kind, backupKinds);
      const engine = engineOf(url);
      const format = oneOf<BackupFormat>('--format', options.format ?? engine.format, engine.formats);
      const selection: Selection = { schemas: options.schema ?? [], tables: options.table ?? [] };
      const target = options.target ?? databaseOf(url) ?? 'database';
      const jobs = count('--jobs', options.jobs);
      settle(
        await carryOut(async (signal, progress) => {
          const made = await attempted(target, store, signal, () =>
            createBackup({
              url,
              target,
              kind,
              store,
              format,
              jobs,
              selection,
              globals: options.globals,
              recipients,
              signal,
              onProgress: (now) =>
                progress(`${now.phase} ${now.table ?? ''} · ${bytesText(now.bytes)} stored`),
            }),
          );
          const location = store.locate(made.file);
          await told(
            report({
              type: 'backup-reported',
              backup: {
                action: 'created',
                name: made.name,
                kind: made.kind,
                location,
                bytes: made.bytes,
                sha256: made.sha256,
                durationMs: made.durations.total,
                takenAt: made.takenAt,
                database: made.server.database,
              },
            }),
          );
          for (const warning of made.warnings) say(`Warning: ${warning}`);
          if (options.json) printJson({ location, ...made });
          else {
            const { contents } = made;
            print(
              [
                made.name,
                `  ${location}`,
                `  ${bytesText(made.bytes)} in ${durationText(made.durations.total)} · ${contents.tables.length} tables, ${totalRows(contents)} rows · data as of ${made.takenAt}`,
                `  SHA-256 ${made.sha256}`,
              ].join('\n'),
            );
          }
          return exit.done;
        }),
      );
    });
}

function addList(command: Command, settle: Settle): void {
  storeOption(subcommand(command, 'list', 'the backups of the store, the newest last'))
    .option('--target <name>', 'only those of one target')
    .option('--json', 'as JSON')
    .action(async (options) => {
      const store = await storeOf(options.store);
      settle(
        await carryOut(async () => {
          const catalog = await readCatalog(store);
          const backups = catalog.backups.filter(
            (one) => options.target === undefined || targetOf(one) === options.target,
          );
          if (options.json)
            printJson({
              store: store.location,
              backups: backups.map(summary),
              unfinished: catalog.unfinished,
            });
          else {
            if (backups.length > 0)
              print(
                tableText(
                  [
                    ['backup', 'taken (UTC)', 'size', 'state'],
                    ...backups.map((one) => [one.name, time(one.takenAt), bytesText(one.bytes), state(one)]),
                  ],
                  [2],
                ),
              );
            for (const one of catalog.unfinished)
              say(
                `Unfinished, not a backup: ${one.name}${one.host === undefined ? '' : ` (process ${one.pid} on ${one.host}, since ${one.startedAt?.toISOString()})`}.`,
              );
            say(`${backups.length} backups in ${store.location}.`);
          }
          return exit.done;
        }),
      );
    });
}

function addShow(command: Command, settle: Settle): void {
  storeOption(subcommand(command, 'show <backup>', 'what a backup holds, by its manifest'))
    .option('--target <name>', 'whose, with "latest"')
    .option('--globals', 'the roles and tablespaces that were kept with it, as SQL for psql')
    .option('--json', 'backup, manifest and verifications, as JSON')
    .action(async (name, options) => {
      const store = await storeOf(options.store);
      settle(
        await carryOut(async () => {
          const one = findBackup(await readCatalog(store), name, options.target);
          if (options.globals) process.stdout.write(globalsOf(one));
          else if (options.json) printJson(one);
          else print(description(one));
          return exit.done;
        }),
      );
    });
}

function globalsOf(one: Backup): string {
  const globals = one.manifest?.globals;
  if (globals === undefined)
    throw new Refusal(
      `${one.name} has no roles with it: it was made without --globals. pg_dumpall --globals-only --no-role-passwords gives those of a server that still runs.`,
      exit.failed,
    );
  return globals;
}

function addVerify(command: Command, settle: Settle): void {
  identityOption(
    storeOption(
      subcommand(
        command,
        'verify [backup]',
        'read a backup through and hold it against its manifest (default: latest; "random" picks one)',
      ),
    ),
  )
    .option(
      '--level <level>',
      'bytes, archive (read to its end) or restore (into a scratch database, then compare)',
      'archive',
    )
    .option('--target <name>', 'whose, with "latest"')
    .option(
      '--url <url>',
      'for the level restore: any database of the server that takes the scratch database',
      'env:DATABASE_URL',
    )
    .option('--jobs <n>', 'parallel jobs of the restore')
    .option('--json', 'the result, as JSON')
    .action(async (name, options) => {
      const store = await storeOf(options.store, options.identity);
      const level = oneOf<Level>('--level', options.level, levels);
      const scratchUrl = level === 'restore' ? await urlOf(options.url) : undefined;
      const jobs = count('--jobs', options.jobs);
      settle(
        await carryOut(async (signal, progress) => {
          const catalog = await readCatalog(store);
          const one =
            name === 'random'
              ? randomBackup(catalog, options.target, randomInt)
              : findBackup(catalog, name ?? 'latest', options.target);
          const result = await verifyBackup({
            store,
            backup: one,
            level,
            scratchUrl,
            jobs,
            signal,
            onProgress: (now) => progress(`${now.words} ${bytesText(now.bytes)} of ${bytesText(now.of)}`),
            onUnkept: (words) => say(`The result could not be kept beside the backup. ${words}`),
          });
          await told(
            report({
              type: 'backup-reported',
              backup: {
                action: 'verified',
                ...reported(one),
                durationMs: result.durationMs,
                verified: result.passed,
              },
            }),
          );
          if (options.json) printJson(result);
          else {
            const marks = { passed: 'ok', failed: 'FAILED', unknown: '?' };
            print(
              [
                `${one.name}: ${result.passed ? 'verified' : 'NOT VERIFIED'} (${level}, ${durationText(result.durationMs)})`,
                ...result.checks.map(
                  (check) => `  ${marks[check.verdict].padEnd(6)} ${check.check}: ${check.words}`,
                ),
              ].join('\n'),
            );
          }
          return result.passed ? exit.done : exit.failed;
        }),
      );
    });
}
