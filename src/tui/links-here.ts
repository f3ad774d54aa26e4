import { planned } from '../run/plan.ts';
import type { RunState } from '../run/state.ts';
import type { StepLink } from './house.ts';

/** The links that stand in the step that the run is in; before the first step, those of the whole procedure. */
export function linksHere(state: RunState, links: readonly StepLink[]): readonly StepLink[] {
  const { procedure } = state.started;
  const step = planned(procedure.items, state.options).find(({ id }) => id === state.step);
  const { start, end } = (step ?? procedure).range;
  const seen = new Set<string>();
  return links.filter(({ url, range }) => {
    if (range.start < start || range.end > end || seen.has(url)) return false;
    seen.add(url);
    return true;
  });
}
