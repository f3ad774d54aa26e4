import { lazy } from 'react';
import type { Run as RunScreen } from './run.tsx';

interface Loaded {
  readonly default: typeof RunScreen;
}

let loaded: Loaded | undefined;

/**
 * Loads the screen of a run. It knows what commands do, and brings the parsers for that along: home is drawn without
 * them.
 */
export async function loadRun(): Promise<Loaded> {
  loaded ??= { default: (await import('./run.tsx')).Run };
  return loaded;
}

/** The screen of a run. Once it is loaded it is there at once, without a frame in between. */
export const Run = lazy(() => (loaded ? atOnce(loaded) : loadRun()));

/** React asks a thenable and looks whether it has answered; a promise would answer a frame too late. */
function atOnce(value: Loaded): Promise<Loaded> {
  // biome-ignore lint/suspicious/noThenProperty: a thenable that answers within the call is what is wanted.
  return { then: (give: (value: Loaded) => void) => give(value) } as unknown as Promise<Loaded>;
}
