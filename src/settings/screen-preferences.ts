import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The name of the preferences' file, without its ending. */
export const preferencesName = 'preferences';

/** What the preferences say about screens: the little that must be known before the first of them is drawn. */
export interface ScreenPreferences {
  /** The operator's own keys for the screens: an action and its key or keys. Whether they fit, the screens know. */
  readonly keys: Readonly<Record<string, string | readonly string[]>>;
  /** How the screens are to be for this person. */
  readonly comfort: { readonly screenReader?: boolean; readonly reducedMotion?: boolean };
}

/**
 * Reads it from the preferences in `folder`, without what checks all the rest of them: that takes longer than drawing.
 * A file that is not there or cannot be read says nothing here; whoever opens the preferences tells what is wrong with it.
 */
export async function readScreenPreferences(folder: string): Promise<ScreenPreferences> {
  try {
    return screenPreferences(JSON.parse(await readFile(join(folder, `${preferencesName}.json`), 'utf8')));
  } catch {
    return screenPreferences(undefined);
  }
}

/** The same of preferences as they are stored. A hand may have written anything: what has another form is not said. */
export function screenPreferences(stored: unknown): ScreenPreferences {
  const { keys, screenReader, reducedMotion } = isRecord(stored) ? stored : {};
  return {
    keys: isRecord(keys) && Object.values(keys).every(isKeys) ? (keys as ScreenPreferences['keys']) : {},
    comfort: {
      ...(typeof screenReader === 'boolean' ? { screenReader } : {}),
      ...(typeof reducedMotion === 'boolean' ? { reducedMotion } : {}),
    },
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isKeys(value: unknown): boolean {
  return typeof value === 'string' || (Array.isArray(value) && value.every((key) => typeof key === 'string'));
}
