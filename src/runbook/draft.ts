import type { RootContent } from 'mdast';
import type { Estimate } from './estimate.ts';
import { endOf, startOf } from './section.ts';
import type { Material } from './workshop.ts';

/** A step or choice before its parts are made. */
export type Draft = DraftStep | DraftChoice;

export interface DraftStep {
  readonly kind: 'step';
  readonly title: string;
  readonly number?: string;
  readonly estimate?: Estimate;
  start: number;
  end: number;
  readonly materials: Material[];
}

export interface DraftChoice {
  readonly kind: 'choice';
  readonly title: string;
  readonly start: number;
  end: number;
  readonly options: readonly {
    readonly title: string;
    readonly start: number;
    end: number;
    readonly items: readonly Draft[];
  }[];
}

/** The steps of a section's own content, and the words before the first of them. */
export interface Drafted {
  readonly items: readonly Draft[];
  readonly lead: readonly RootContent[];
}

/** Items for an option: where nothing is to be done by command, its words still make a step. */
export function withLead(drafted: Drafted, title: string, start: number): readonly Draft[] {
  const [first] = drafted.items;
  if (drafted.lead.length === 0) return drafted.items;
  const end = endOf(drafted.lead[drafted.lead.length - 1]!);
  if (first?.kind === 'step') {
    first.materials.unshift(...drafted.lead);
    first.start = Math.min(first.start, startOf(drafted.lead[0]!));
    return drafted.items;
  }
  return [{ kind: 'step', title, start, end, materials: [...drafted.lead] }, ...drafted.items];
}
