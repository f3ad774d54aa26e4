import { resolveReference } from '../settings/reference.ts';
import type { SinkSettings } from '../settings/sink-settings.ts';
import type { Settings } from './settings.ts';

/**
 * The secrets by which a run's places are reached, as far as they are known here: a command that prints its
 * environment must not put them into the record. What cannot be resolved is left out; sending says so.
 */
export async function sinkSecrets(
  settings: Settings,
  target: string | undefined,
  environment: NodeJS.ProcessEnv,
): Promise<readonly string[]> {
  const own = target === undefined ? [] : (settings.targets[target]?.sinks ?? []);
  const references = [...own, ...(settings.sinks ?? [])].flatMap(referencesOf);
  const resolved = await Promise.all(references.map((reference) => resolveReference(reference, environment)));
  return resolved.flatMap((one) => ('value' in one ? [one.value] : []));
}

function referencesOf(sink: SinkSettings): readonly string[] {
  const all = (): readonly (string | undefined)[] => {
    switch (sink.kind) {
      case 'slack':
      case 'discord':
        return [sink.url];
      case 'webhook':
        return [sink.url, sink.authorization];
      case 'smtp':
        return [sink.server, sink.password];
      case 'sendgrid':
        return [sink.key];
      case 's3':
      case 'folder':
        return [];
    }
  };
  // What stands in the settings in clear is no secret.
  return all().filter((one) => one !== undefined && /^(env|file):/.test(one)) as readonly string[];
}
