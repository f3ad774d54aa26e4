import type { Guarded, Refused } from '../run/decision.ts';
import type { Intent } from '../run/intent.ts';
import type { Symptom } from '../runbook/runbook.ts';
import type { StepLink } from './house.ts';

/** What stands in front of the run. */
export type Overlay =
  | {
      readonly kind: 'guard';
      readonly intent: Extract<Intent, { type: 'run' | 'open-shell' }>;
      readonly guarded: Guarded;
      readonly complaint?: string;
    }
  | { readonly kind: 'refused'; readonly intent: Intent; readonly refused: Refused }
  | { readonly kind: 'ask'; readonly ask: Question }
  | { readonly kind: 'output'; readonly command: string; readonly attempt: number }
  | { readonly kind: 'back' }
  /** A choice that was made, to be made again. */
  | { readonly kind: 'choose-again'; readonly choice: string }
  /** `onward` is what the operator was about to do, and can do still. */
  | { readonly kind: 'background'; readonly onward?: Intent }
  | { readonly kind: 'guesses' }
  | { readonly kind: 'links'; readonly links: readonly StepLink[] }
  | { readonly kind: 'linked'; readonly link: StepLink }
  | { readonly kind: 'timeline' }
  | { readonly kind: 'palette' }
  | { readonly kind: 'steps' }
  | { readonly kind: 'step'; readonly step: string }
  | { readonly kind: 'findings' }
  /** The hints of the training that the run belongs to. */
  | { readonly kind: 'hints' }
  | { readonly kind: 'remedies' }
  | { readonly kind: 'remedy'; readonly symptom: Symptom }
  | { readonly kind: 'values' }
  | { readonly kind: 'help' }
  | { readonly kind: 'stop' }
  | { readonly kind: 'quit' };

/** A text that is asked for, and the intent that it makes. */
export interface Question {
  readonly id: string;
  readonly title: string;
  readonly initial?: string;
  readonly secret?: boolean;
  readonly multiline?: boolean;
  /** An empty answer is none. */
  readonly required?: boolean;
  readonly complaint?: string;
  readonly intent: (text: string) => Intent;
}
