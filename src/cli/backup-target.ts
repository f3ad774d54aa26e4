import type { Command } from 'commander';
import { type Catalog, targetsOf } from '../backup/catalog.ts';
import { resolveReference } from '../settings/reference.ts';
import { storeVariables } from '../settings/store-settings.ts';
import { readyTarget } from '../settings/targets.ts';
import { exit, Refusal } from './exit.ts';
import { readSettings } from './settings.ts';

/**
 * Lets `--target` of a configured target stand for its database, its store and its keys where neither a flag nor the
 * environment says another: what is set already always wins.
 */
export function targetFills(command: Command): Command {
  return command.hook('preAction', async (_, action) => {
    const { target } = action.opts<{ target?: string }>();
    if (target !== undefined) await fill(target, process.env);
  });
}

async function fill(name: string, environment: NodeJS.ProcessEnv): Promise<void> {
  if (environment.DATABASE_URL && environment.BACKUP_DIR) return;
  const { targets, folder } = await readSettings(environment, process.cwd());
  const found = targets[name];
  if (found === undefined) return;
  // Keys go with their store: those of one target never meet the store of another.
  if (!environment.BACKUP_DIR)
    for (const [variable, value] of Object.entries(storeVariables(found, folder)))
      environment[variable] ||= value;
  if (environment.DATABASE_URL) return;
  const url =
    found.engine === 'sqlite'
      ? await readyTarget(name, found, folder, environment)
      : await resolveReference(found.url, environment);
  // What is missing is said by the command that wants a database.
  if (!('problem' in url)) environment.DATABASE_URL = 'url' in url ? url.url : url.value;
}

/**
 * Refuses to take the newest of several databases' backups for one of any of them: nothing that may take the place of a
 * live one.
 */
export function refuseSeveral(catalog: Catalog): void {
  const targets = targetsOf(catalog);
  if (targets.length > 1)
    throw new Refusal(
      `The store has backups of ${targets.join(', ')}. Say whose: --target NAME, or name the backup.`,
      exit.usage,
    );
}

/** The one target of a store; throws a `Refusal` where it has more, or none. */
export function targetOfStore(catalog: Catalog): string {
  refuseSeveral(catalog);
  const [target] = targetsOf(catalog);
  if (target !== undefined) return target;
  throw new Refusal(
    'The store has no backup that says whose it is. Say whose are wanted: --target NAME.',
    exit.failed,
  );
}
