import type { Range } from './range.ts';
import type { Step } from './step.ts';

/** A place where one of several ways must be taken: sibling sections "Option A / B", "Railway / Docker Compose". */
export interface Choice {
  readonly kind: 'choice';
  readonly id: string;
  readonly title: string;
  readonly range: Range;
  readonly options: readonly Option[];
}

export interface Option {
  readonly id: string;
  readonly title: string;
  readonly range: Range;
  /** Lower-case words by which a target pre-selects this option: `railway`, `docker`, `production`. */
  readonly tags: readonly string[];
  readonly items: readonly Item[];
}

export type Item = Step | Choice;
