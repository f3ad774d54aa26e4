import { commandTree } from './command-tree.ts';
import { exit } from './exit.ts';

/** `drillbook __commands`: the command line as JSON, for the bundle: completion then need not load the commands. */
export async function commandsAsset(): Promise<number> {
  process.stdout.write(JSON.stringify(await commandTree()));
  return exit.done;
}
