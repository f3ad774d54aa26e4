import type { Command } from 'commander';
import type { StoreFinding } from '../backup/object-store.ts';
import { storeOf, storeOption, subcommand } from './backup-options.ts';
import { bytesText, print, printJson } from './backup-output.ts';
import { carryOut } from './backup-task.ts';
import { exit } from './exit.ts';

/** Adds `store` to the backup command: is the store there, and is it set up so that backups stay? */
export function addStore(command: Command, settle: (code: number) => void): void {
  storeOption(
    subcommand(command, 'store', 'look at the store itself: is it there, what works against its backups'),
  )
    .option('--json', 'as JSON')
    .action(async (options) => {
      settle(
        await carryOut(async () => {
          const store = await storeOf(options.store);
          const files = await store.list();
          const bytes = files.reduce((sum, one) => sum + one.bytes, 0);
          const space = await store.space?.();
          const findings: readonly StoreFinding[] = (await store.review?.()) ?? [];
          if (options.json) printJson({ store: store.location, files: files.length, bytes, space, findings });
          else
            print(
              [
                store.location,
                `  ${files.length} files, ${bytesText(bytes)}${space === undefined ? '' : `; ${bytesText(space.free)} of ${bytesText(space.total)} free`}`,
                ...findings.map((one) => `  ${one.severity.padEnd(7)} ${one.rule}: ${one.words}`),
              ].join('\n'),
            );
          return findings.some((one) => one.severity === 'error') ? exit.failed : exit.done;
        }),
      );
    });
}
