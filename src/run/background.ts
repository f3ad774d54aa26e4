import type { BackgroundState, RunState } from './state.ts';

/** What runs in the background and nobody has decided about yet, the oldest first. */
export function unsettled(state: RunState): readonly BackgroundState[] {
  return state.background.filter((process) => process.settled === undefined);
}
