import type { Block } from '../runbook/block.ts';
import type { Symptom } from '../runbook/runbook.ts';
import type { CheckAnswer, InputSource, Outcome, Points } from './event.ts';

/** What an operator (a key) or a script (a flag) wants of a run. Front ends send these and nothing else. */
export type Intent =
  | { readonly type: 'choose'; readonly choice: string; readonly option: string }
  | {
      readonly type: 'give';
      readonly name: string;
      readonly value: string;
      readonly secret: boolean;
      readonly source: InputSource;
      readonly points?: Points;
    }
  | {
      readonly type: 'run';
      readonly command: string;
      /** Answers a guard that was asked before; a plain `run` first is how a front end learns what is asked. */
      readonly confirmation?: Confirmation;
      /** Wants the whole terminal, whatever the command looks like. */
      readonly interactive?: boolean;
    }
  | { readonly type: 'edit'; readonly command: string; readonly text: string }
  /** Reads a guessed block the other way. */
  | { readonly type: 'reread'; readonly block: string; readonly role: Block['role'] }
  /** Does what the runbook says helps, in the step that the run is in. */
  | { readonly type: 'take-remedy'; readonly symptom: Symptom }
  | { readonly type: 'by-hand'; readonly command: string; readonly note: string }
  | { readonly type: 'skip-part'; readonly part: string; readonly reason: string }
  | { readonly type: 'skip-step'; readonly reason: string }
  | { readonly type: 'manual'; readonly part: string; readonly note?: string; readonly unattended?: boolean }
  | {
      readonly type: 'check';
      readonly part: string;
      readonly answer: CheckAnswer;
      readonly note?: string;
      readonly unattended?: boolean;
    }
  | {
      readonly type: 'judge';
      readonly part: string;
      readonly verdict: 'met' | 'missed' | 'not-judged';
      readonly measured?: string;
    }
  | { readonly type: 'save-file'; readonly part: string; readonly path: string }
  | { readonly type: 'settle'; readonly as: 'succeeded' | 'failed'; readonly note: string }
  | { readonly type: 'accept-runbook'; readonly reason: string }
  /** Goes on with a server whose identity is no longer that of the run's start. */
  | { readonly type: 'accept-identity'; readonly reason: string }
  | { readonly type: 'next' }
  | { readonly type: 'back'; readonly step: string }
  | { readonly type: 'note'; readonly text: string }
  /** Stops the running command: the first sends SIGINT to its group, the next SIGTERM, the one after SIGKILL. */
  | { readonly type: 'interrupt' }
  /**
   * What becomes of a process in the background: `stop` sends SIGTERM and, asked again, SIGKILL; `leave` lets it go on
   * after the run. Waiting for it needs no intent: its end is a fact that comes by itself.
   */
  | { readonly type: 'stop-background'; readonly pid: number }
  | { readonly type: 'leave-background'; readonly pid: number; readonly note?: string }
  | { readonly type: 'open-shell'; readonly confirmation?: Confirmation }
  | { readonly type: 'answer'; readonly question: string; readonly answer: string }
  | { readonly type: 'stop'; readonly reason: string }
  | { readonly type: 'hand-over'; readonly to: string; readonly note?: string }
  | { readonly type: 'finish'; readonly outcome: Outcome; readonly reason?: string };

export type Confirmation =
  | { readonly by: 'enter' | 'flag' }
  | { readonly by: 'phrase' | 'flag'; readonly phrase: string }
  | { readonly by: 'override'; readonly reason: string; readonly phrase?: string };
