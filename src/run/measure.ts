import type { Criterion } from '../runbook/part.ts';
import { planned, plannedParts } from './plan.ts';
import type { RunState } from './state.ts';

export interface Measured {
  readonly verdict: 'met' | 'missed';
  /** With its unit, for the screen and the entry. */
  readonly measured: string;
}

/** What a run itself can measure of a criterion; undefined where a person or a file must be asked. */
export function measure(state: RunState, criterion: Criterion): Measured | undefined {
  switch (criterion.measure?.of) {
    case 'duration': {
      const seconds = restoreSeconds(state);
      if (seconds === undefined) return undefined;
      return {
        verdict: seconds <= criterion.measure.atMostSeconds ? 'met' : 'missed',
        measured: `${seconds.toFixed(1)} s`,
      };
    }
    case 'record-counts': {
      const comparison = state.comparisons.at(-1);
      if (!comparison) return undefined;
      return {
        verdict: comparison.equal ? 'met' : 'missed',
        measured: comparison.equal ? 'equal' : comparison.differences.slice(0, 3).join('; '),
      };
    }
    case 'file-size':
    case undefined:
      return undefined;
  }
}

/** Seconds that the commands of the restore steps have taken, last attempts only; undefined where none has ended. */
export function restoreSeconds(state: RunState): number | undefined {
  const finished = planned(state.started.procedure.items, state.options)
    .flatMap((item) => (item.kind === 'step' && item.phase === 'restore' ? [item] : []))
    .flatMap((step) => plannedParts(step.parts, state.options))
    .flatMap((part) => (part.kind === 'command' ? [state.parts[part.id]?.attempts.at(-1)?.finished] : []))
    .filter((end) => end !== undefined);
  if (finished.length === 0) return undefined;
  return finished.reduce((sum, end) => sum + end.durationMs, 0) / 1000;
}
