import type { EffectClass } from '../effects/effect.ts';
import type { Head } from '../journal/line.ts';
import type { Exit, Outcome, ReportedBackup, ReportedComparison, Verdict } from '../run/event.ts';
import type { Mode } from '../run/mode.ts';
import type { PartStatus, RunState } from '../run/state.ts';
import type { Identity, Target } from '../run/target.ts';
import type { Estimate } from '../runbook/estimate.ts';
import type { Phase } from '../runbook/phase.ts';

/**
 * What a run leaves behind, as `entry.json` has it. Times are UTC in ISO 8601 with milliseconds, durations are
 * seconds. `schema` grows only when a field changes its meaning or goes; new fields may appear at any time.
 */
export interface Entry {
  readonly schema: 1;
  /** The run's id. */
  readonly run: string;
  /** The procedure's title. */
  readonly title: string;
  readonly mode: Mode;
  readonly severity?: string;
  readonly runbook: { readonly path: string; readonly title: string; readonly sha256: string };
  readonly target?: Target;
  /** Who the server said it was when the run began. */
  readonly identity?: Identity;
  /** Everybody who wrote into the journal, in order of appearance. */
  readonly operators: readonly string[];
  /** The machines that it was run from. */
  readonly hosts: readonly string[];
  readonly version: string;
  readonly status: RunState['status'];
  readonly outcome?: Outcome;
  /** Why it ended as it did, or was stopped. */
  readonly reason?: string;
  readonly handedOverTo?: string;
  readonly startedAt: string;
  /** When it was finished, stopped or handed over. */
  readonly endedAt?: string;
  /** When this entry was made. */
  readonly writtenAt: string;
  readonly measured: Measured;
  readonly options: readonly { readonly choice: string; readonly option: string }[];
  readonly inputs: readonly EntryInput[];
  readonly steps: readonly EntryStep[];
  readonly deviations: readonly Deviation[];
  readonly timeline: readonly Moment[];
  /** The backup log: one line for each backup that the run made. */
  readonly backups: readonly BackupLine[];
  /** Backups that the run restored or verified. */
  readonly used: readonly (ReportedBackup & { readonly time: string })[];
  readonly comparisons: readonly (ReportedComparison & { readonly time: string })[];
  readonly notes: readonly {
    readonly time: string;
    readonly operator: string;
    readonly text: string;
    readonly step?: string;
  }[];
  readonly questions: readonly Question[];
  readonly contacts: readonly { readonly role: string; readonly reach: string }[];
  /** Number and hash of the journal's last line when this entry was made: proves later that nothing was cut off. */
  readonly chain: Head;
}

export interface Measured {
  /** From the start to the end, or to now. */
  readonly duration: number;
  /** When it was noticed, as the operator said; absent where that was not asked or is no time. */
  readonly detectedAt?: string;
  /** When the last step of verification was done. */
  readonly verifiedAt?: string;
  /** Maintenance mode from on to off; without `to` it is on still. */
  readonly downtime?: { readonly from: string; readonly to?: string; readonly seconds: number };
  /** From the incident (when it was noticed, else the start of the run) to verified service. */
  readonly rto?: Objective & { readonly from: string; readonly to: string };
  /** From the data's time of the restored backup to the incident: what is lost. */
  readonly rpo?: Objective & { readonly takenAt: string; readonly backup: string };
}

export interface Objective {
  readonly seconds: number;
  readonly objective?: number;
  readonly met?: boolean;
}

export interface EntryInput {
  readonly name: string;
  /** Absent for a secret. */
  readonly value?: string;
  readonly secret: boolean;
  readonly source: string;
}

export interface EntryStep {
  readonly id: string;
  readonly number?: string;
  readonly title: string;
  readonly phase?: Phase;
  readonly status: 'done' | 'failed' | 'open' | 'skipped' | 'not-reached';
  /** The reason. */
  readonly skipped?: string;
  readonly enteredAt?: string;
  /** Time spent in it, without the time in which the run was stopped. */
  readonly seconds?: number;
  readonly estimate?: Estimate;
  /** It took longer than the runbook expects. */
  readonly overEstimate?: boolean;
  readonly parts: readonly EntryPart[];
}

export type EntryPart =
  | EntryCommand
  | {
      readonly kind: 'manual' | 'check' | 'criterion' | 'file';
      readonly id: string;
      readonly text: string;
      readonly status: PartStatus;
      readonly note?: string;
      /** Nobody was there to do it. */
      readonly unattended?: boolean;
    };

export interface EntryCommand {
  readonly kind: 'command';
  readonly id: string;
  readonly caption?: string;
  /** As the runbook has it. */
  readonly text: string;
  /** As the operator changed it. */
  readonly edited?: string;
  readonly status: PartStatus;
  /** Reason of a skip, or note of what was done by hand. */
  readonly note?: string;
  readonly attempts: readonly EntryAttempt[];
}

export interface EntryAttempt {
  readonly attempt: number;
  /** What was given to the shell, secrets masked. */
  readonly text: string;
  readonly effect: EffectClass;
  readonly interactive: boolean;
  readonly startedAt: string;
  readonly seconds?: number;
  readonly exit?: Exit;
  readonly verdict?: Verdict;
  readonly reason?: string;
  /** The end of the output, and where the whole of it is in the run's folder. */
  readonly tail?: string;
  readonly output?: { readonly file: string; readonly bytes: number; readonly sha256: string };
  /** Its end was not seen. */
  readonly interrupted?: boolean;
  /** What the operator found out about it afterwards. */
  readonly settled?: { readonly as: 'succeeded' | 'failed'; readonly note: string };
  /** What was confirmed, or overridden with which reason, before it ran. */
  readonly confirmed: readonly { readonly by: string; readonly phrase?: string; readonly reason?: string }[];
  /** Signals that the operator sent. */
  readonly stopped: readonly string[];
}

/** Something that was not done as the runbook says. */
export interface Deviation {
  readonly kind: DeviationKind;
  readonly time: string;
  readonly operator: string;
  /** The step's title. */
  readonly step?: string;
  readonly what: string;
  readonly reason?: string;
}

export type DeviationKind =
  | 'edited'
  | 'reread'
  | 'skipped'
  | 'overridden'
  | 'by-hand'
  | 'refused'
  | 'interrupted'
  | 'resumed'
  | 'taken-over'
  | 'runbook-changed'
  | 'server-changed'
  | 'shell'
  | 'unattended';

export interface Moment {
  readonly seq: number;
  readonly time: string;
  readonly operator: string;
  readonly text: string;
}

export interface BackupLine {
  readonly date: string;
  readonly name: string;
  readonly type?: string;
  readonly bytes?: number;
  /** Seconds. */
  readonly duration?: number;
  readonly location: string;
  readonly verified: boolean;
  readonly database?: string;
  readonly takenAt?: string;
  readonly notes: string;
}

export interface Question {
  readonly id: string;
  readonly text: string;
  /** What the journal and the notes say to it already. */
  readonly suggestion?: string;
  readonly answer?: string;
}
