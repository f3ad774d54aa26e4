import type { Command } from 'commander';
import { findBackup, readCatalog, targetsOf } from '../backup/catalog.ts';
import { pinBackup, unpinBackup } from '../backup/pin.ts';
import { planPrune, prune } from '../backup/prune.ts';
import { storeOf, storeOption, subcommand } from './backup-options.ts';
import { bytesText, print, printJson, say, tableText } from './backup-output.ts';
import { targetOfStore } from './backup-target.ts';
import { carryOut, confirm } from './backup-task.ts';
import { time } from './backup-words.ts';
import { exit, Refusal } from './exit.ts';
import { policyOf, policyOptions } from './retention-options.ts';

/** Adds `prune` and `pin` to the backup command. */
export function addPrune(command: Command, settle: (code: number) => void): void {
  policyOptions(
    storeOption(
      subcommand(command, 'prune', 'remove old backups by a retention policy; shows the plan first'),
    ),
  )
    .option('--target <name>', 'whose backups (default: the only one of the store)')
    .option('--plan', 'show what would go, and do nothing')
    .option('--confirm <phrase>', '"PRUNE <target>", where nobody is there to type it')
    .option('--json', 'the plan and what was removed, as JSON')
    .action(async (options) => {
      const store = await storeOf(options.store);
      const policy = policyOf(options);
      settle(
        await carryOut(async () => {
          const catalog = await readCatalog(store);
          const target = options.target ?? targetOfStore(catalog);
          const now = new Date();
          const plan = planPrune(catalog, target, policy, now);
          const going = plan.judged.filter((one) => !one.keep);
          if (!options.json)
            print(
              tableText(
                [
                  ['backup', 'taken (UTC)', 'size', '', 'why'],
                  ...plan.judged.map(({ backup, keep, reasons }) => [
                    backup.name,
                    time(backup.takenAt),
                    bytesText(backup.bytes),
                    keep ? 'keep' : 'REMOVE',
                    reasons.join(', '),
                  ]),
                ],
                [2],
              ),
            );
          say(
            `${going.length} of ${plan.judged.length} backups of ${target} go, ${bytesText(going.reduce((sum, one) => sum + one.backup.bytes, 0))}.`,
          );
          const others = targetsOf(catalog);
          if (plan.judged.length === 0 && others.length > 0)
            say(`The store has none of ${target}: it has backups of ${others.join(', ')}.`);
          if (!options.plan && going.length > 0) await confirm(`PRUNE ${target}`, options.confirm);
          const removed = options.plan ? [] : await prune(store, plan, now);
          if (options.json) printJson({ ...plan, removed });
          for (const one of removed) say(`Removed ${one.name}.`);
          return exit.done;
        }),
      );
    });

  storeOption(subcommand(command, 'pin <backup>', 'keep a backup from prune'))
    .option('--reason <words>', 'why; shown in every plan')
    .option('--until <date>', 'the pin ends then, e.g. 2026-12-31')
    .option('--remove', 'take the pin away')
    .option('--target <name>', 'whose, with "latest"')
    .action(async (name: string, options) => {
      const store = await storeOf(options.store);
      if (!options.remove && !options.reason?.trim())
        throw new Refusal('A pin wants a reason: --reason "incident 42".', exit.usage);
      const until = options.until === undefined ? undefined : new Date(options.until);
      if (until !== undefined && Number.isNaN(until.getTime()))
        throw new Refusal(`--until is a date like 2026-12-31, not ${options.until}.`, exit.usage);
      settle(
        await carryOut(async () => {
          const backup = findBackup(await readCatalog(store), name, options.target);
          if (options.remove) await unpinBackup(store, backup.name);
          else await pinBackup(store, backup.name, options.reason, until);
          print(`${backup.name} is ${options.remove ? 'no longer pinned' : `pinned: ${options.reason}`}.`);
          return exit.done;
        }),
      );
    });
}
