import type { Block } from './block.ts';
import type { Estimate } from './estimate.ts';
import type { Meta } from './meta.ts';
import type { Part } from './part.ts';
import type { Procedure } from './procedure.ts';
import type { Range } from './range.ts';

/** One Markdown document, compiled. */
export interface Runbook {
  readonly schema: 1;
  readonly title: string;
  readonly meta: Meta;
  readonly estimate?: Estimate;
  readonly procedures: readonly Procedure[];
  /** Sections to read and search, not to do: retention tables, cost, background. */
  readonly references: readonly Section[];
  readonly symptoms: readonly Symptom[];
  readonly contacts: readonly Contact[];
  readonly links: readonly Link[];
  /** Every code block of the document, in order, with how it was read. */
  readonly blocks: readonly Block[];
  /** What was not understood, for the author to see. */
  readonly doubts: readonly Doubt[];
}

export interface Section {
  readonly title: string;
  readonly path: readonly string[];
  readonly range: Range;
}

/** From a troubleshooting section: what is seen, and what helps. */
export interface Symptom {
  readonly title: string;
  readonly range: Range;
  readonly remedy: readonly Part[];
}

export interface Contact {
  readonly role: string;
  readonly reach: string;
  readonly range: Range;
}

export interface Link {
  readonly text: string;
  readonly url: string;
  readonly range: Range;
}

export interface Doubt {
  readonly what: string;
  readonly range: Range;
}
