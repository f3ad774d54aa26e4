import { storedHeads } from '../incident/stored-heads.ts';
import type { KeptHead } from '../incident/verify.ts';
import { readSettings } from './settings.ts';
import { openSharedAt } from './shared-store.ts';

/**
 * How the heads of a run are asked for at every store of the settings: those of sinks and those that runs are shared
 * through. A store that cannot be asked is told to `complain`, once.
 */
export async function headsElsewhere(
  complain: (text: string) => void,
): Promise<{ of(run: string): Promise<readonly KeptHead[]>; close(): void }> {
  const settings = await readSettings(process.env, process.cwd());
  const targets = Object.values(settings.targets);
  const sinks = [...(settings.sinks ?? []), ...targets.flatMap(({ sinks }) => sinks ?? [])];
  const addresses = new Set(
    [
      ...sinks.flatMap((sink) => (sink.kind === 's3' ? [sink.store] : [])),
      settings.shared,
      ...targets.map(({ shared }) => shared),
    ].filter((address) => address !== undefined),
  );
  const told = new Set<string>();
  const say = (error: Error) => {
    if (!told.has(error.message)) complain(`heads could not be asked for: ${error.message}`);
    told.add(error.message);
    return [];
  };
  const opened = await Promise.all(
    [...addresses].map((address) => openSharedAt(address, settings, process.env).then((one) => [one], say)),
  );
  const stores = opened.flat();
  return {
    of: async (run) => (await Promise.all(stores.map((store) => storedHeads(store, run).catch(say)))).flat(),
    close: () => {
      for (const store of stores) store.close();
    },
  };
}
