/** A question with its answers; which one is marked first is never the right one. */
export interface TrainingQuestion {
  readonly id: string;
  readonly text: string;
  readonly answers: readonly TrainingAnswer[];
  /** Index of the answer that a list marks first. */
  readonly marked: number;
  /** The command that is about to run, where it is asked before one. */
  readonly command?: string;
}

export interface TrainingAnswer {
  readonly id: string;
  readonly text: string;
  readonly right: boolean;
  /** What would come of acting on it; of the right one, why it is right. */
  readonly consequence: string;
}

/** A procedure of a runbook that a trainee may take. */
export interface ProcedureChoice {
  readonly path: string;
  /** Name of the runbook's file. */
  readonly runbook: string;
  readonly procedure: string;
  readonly title: string;
}

/** How a procedure fits a scenario. */
export type Fit = 'best' | 'right' | 'wrong';

/** One thing that must hold at the end, and whether it does. */
export interface TrainingCheck {
  readonly text: string;
  readonly holds: boolean;
}

/**
 * One fact of a training. They stand in the training's own journal; what is done on the sandbox stands in the journals
 * of its runs, which the facts name.
 */
export type TrainingFact =
  | {
      readonly kind: 'started';
      readonly training: string;
      readonly scenario: string;
      readonly title: string;
      readonly version: string;
    }
  | { readonly kind: 'looked' }
  | {
      readonly kind: 'answered';
      readonly question: string;
      readonly text: string;
      readonly answer: string;
      readonly right: boolean;
      readonly consequence: string;
      /** It was asked before this command of a run. */
      readonly command?: string;
    }
  | { readonly kind: 'hint-taken'; readonly level: number; readonly text: string }
  | {
      readonly kind: 'procedure-chosen';
      readonly runbook: string;
      readonly procedure: string;
      readonly title: string;
      readonly fit: Fit;
    }
  | { readonly kind: 'run-begun'; readonly run: string }
  | { readonly kind: 'brought-back' }
  | { readonly kind: 'checked'; readonly checks: readonly TrainingCheck[] }
  | { readonly kind: 'finished'; readonly outcome: TrainingOutcome };

export type TrainingOutcome = 'solved' | 'given-up' | 'left';
