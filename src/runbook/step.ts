import type { Estimate } from './estimate.ts';
import type { Part } from './part.ts';
import type { Phase } from './phase.ts';
import type { Range } from './range.ts';

/** One thing to do. */
export interface Step {
  readonly kind: 'step';
  /** Unique within the runbook even where titles are equal. */
  readonly id: string;
  /** As the author numbered it ("2", "3.1"), if at all. */
  readonly number?: string;
  readonly title: string;
  readonly range: Range;
  readonly phase?: Phase;
  /** Why that phase was read, for the author to see. */
  readonly phaseReason?: string;
  readonly estimate?: Estimate;
  readonly parts: readonly Part[];
}
