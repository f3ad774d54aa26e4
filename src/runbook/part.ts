import type { Guess } from './guess.ts';
import type { Hints } from './hints.ts';
import type { Range } from './range.ts';

/**
 * What a step is made of, in document order. Ids are unique within the runbook and stay the same for the
 * same text. `prose` and `sample` are shown; the others want something done.
 */
export type Part =
  | Prose
  | Sample
  | Command
  | ManualAction
  | ChecklistItem
  | Criterion
  | ConfigurationFile
  | PartChoice;

export interface Prose {
  readonly kind: 'prose';
  readonly markdown: string;
  readonly range: Range;
}

/** Output that the author shows as an example of what a command prints. */
export interface Sample {
  readonly kind: 'sample';
  readonly text: string;
  readonly range: Range;
  readonly block: string;
}

/** One top-level shell statement, or one SQL batch, of a block. */
export interface Command {
  readonly kind: 'command';
  readonly id: string;
  /** `shell` is given to bash as it stands; `sql` is a batch for the target's database. */
  readonly language: 'shell' | 'sql';
  /** What would run: prompts stripped, placeholders still in it. */
  readonly text: string;
  /** The comment above it, without its `#`. */
  readonly caption?: string;
  readonly range: Range;
  /** The block that it stands in; none for a command that is only inline code or bare list text. */
  readonly block?: string;
  /** True for a command that stands only in prose: offered, never run unasked. */
  readonly offered?: boolean;
  readonly hints: Hints;
  readonly guess?: Guess;
}

/** Something that a person does elsewhere: done, skipped, or done with a note. */
export interface ManualAction {
  readonly kind: 'manual';
  readonly id: string;
  readonly text: string;
  readonly range: Range;
}

/** A task-list item: ticked, refused, or not applicable. */
export interface ChecklistItem {
  readonly kind: 'check';
  readonly id: string;
  readonly text: string;
  readonly range: Range;
}

/** What must hold afterwards: measured where that is possible, asked where it is not. */
export interface Criterion {
  readonly kind: 'criterion';
  readonly id: string;
  readonly text: string;
  readonly range: Range;
  readonly measure?: Measure;
}

export type Measure =
  | { readonly of: 'file-size'; readonly atLeastBytes: number }
  | { readonly of: 'duration'; readonly atMostSeconds: number }
  | { readonly of: 'record-counts'; readonly tolerance: number };

/** A block that belongs into a file of the given name. */
export interface ConfigurationFile {
  readonly kind: 'file';
  readonly id: string;
  readonly name: string;
  readonly language: string;
  readonly content: string;
  readonly range: Range;
  readonly block: string;
}

/** Alternatives inside one step (`# Or …`, `# Method 2`). */
export interface PartChoice {
  readonly kind: 'choice';
  readonly id: string;
  readonly title: string;
  readonly range: Range;
  readonly options: readonly PartOption[];
}

export interface PartOption {
  readonly id: string;
  readonly title: string;
  readonly range: Range;
  readonly parts: readonly Part[];
}
