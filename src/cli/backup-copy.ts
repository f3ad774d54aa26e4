import type { Command } from 'commander';
import { type Backup, findBackup, readCatalog } from '../backup/catalog.ts';
import { type Copied, copyable, copyBackup, type Recoding } from '../backup/copy.ts';
import { identityOption, recipientsOf, storeOf, storeOption, subcommand } from './backup-options.ts';
import { bytesText, print, printJson, say } from './backup-output.ts';
import { carryOut } from './backup-task.ts';
import { exit, Refusal } from './exit.ts';

/** Adds `copy` to the backup command. */
export function addCopy(command: Command, settle: (code: number) => void): void {
  identityOption(
    storeOption(
      subcommand(
        command,
        'copy [backup]',
        'copy a backup to another store, and read it back (default: latest)',
      ),
    ),
  )
    .requiredOption('--to <store>', 'where to: env:NAME, a folder, s3://… or cloudinary://…')
    .option('--all', 'every backup with a manifest that is not there yet')
    .option(
      '--recipient <recipient...>',
      'encrypt the copy to these and no others: age1…, file:PATH or env:NAME; into the same store it gets the next free name',
    )
    .option('--decrypt', 'keep the copy in the clear')
    .option('--target <name>', 'whose, with "latest" or --all')
    .option('--json', 'what was copied, as JSON')
    .action(async (name: string | undefined, options) => {
      if (options.all && name !== undefined) throw new Refusal('Give either a backup or --all.', exit.usage);
      if (options.decrypt && options.recipient)
        throw new Refusal('Give either --recipient or --decrypt.', exit.usage);
      settle(
        await carryOut(async (signal, progress) => {
          const from = await storeOf(options.store, options.identity);
          const to = await storeOf(options.to, undefined, '--to');
          const recoding: Recoding = options.decrypt
            ? { kind: 'decrypt' }
            : options.recipient
              ? { kind: 'encrypt', recipients: await recipientsOf(options.recipient) }
              : { kind: 'as it is' };
          const catalog = await readCatalog(from);
          const chosen: readonly Backup[] = options.all
            ? copyable(catalog.backups, options.target)
            : [findBackup(catalog, name ?? 'latest', options.target)];
          const copies: Copied[] = [];
          for (const [index, backup] of chosen.entries()) {
            const place = chosen.length > 1 ? ` (${index + 1} of ${chosen.length})` : '';
            const copied = await copyBackup({
              from,
              to,
              backup,
              recoding,
              signal,
              onProgress: (now) =>
                progress(
                  `${now.phase} ${backup.name}${place} · ${bytesText(now.bytes)} of ${bytesText(backup.bytes)}`,
                ),
            });
            copies.push(copied);
            if (options.json) continue;
            if (copied.existing) say(`${backup.name} is there already: ${copied.location}.`);
            else
              print(
                [
                  copied.name,
                  `  ${copied.location}`,
                  `  ${bytesText(copied.bytes)}, read back, SHA-256 ${copied.sha256}`,
                ].join('\n'),
              );
          }
          if (options.json) printJson({ from: from.location, to: to.location, copies });
          else if (chosen.length === 0) say(`There is nothing to copy in ${from.location}.`);
          return exit.done;
        }),
      );
    });
}
