import type { EffectClass } from '../effects/effect.ts';
import type { Block } from '../runbook/block.ts';
import type {
  BackgroundProcess,
  CheckAnswer,
  CommandFinished,
  InputSource,
  Outcome,
  Points,
  Recorded,
  ReportedBackup,
  ReportedComparison,
  RunEvent,
  RunStarted,
  SeenPaths,
} from './event.ts';
import type { Identity } from './target.ts';

/** What the events of a run add up to. Only `fold` makes one. */
export interface RunState {
  /** As it began; its procedure with the blocks in it that were read the other way since. */
  readonly started: Recorded<RunStarted>;
  readonly status: 'running' | 'stopped' | 'handed-over' | 'finished';
  readonly outcome?: Outcome;
  readonly finishedAt?: string;
  /** Seq and time of the newest event. */
  readonly seq: number;
  readonly time: string;
  /** As asked first; every later answer must equal it. */
  readonly identity?: Identity;
  /** The newest answer or failure. It is fresh only while no event has come after it: `seq` is the state's. */
  readonly lastIdentity?: { readonly seq: number; readonly identity?: Identity; readonly failure?: string };
  /** The runbook is no longer what the run started with, and nobody has accepted that yet. */
  readonly runbookChanged: boolean;
  readonly options: Readonly<Record<string, string>>;
  readonly inputs: Readonly<Record<string, InputState>>;
  /** The step that the operator is in. */
  readonly step?: string;
  readonly steps: Readonly<Record<string, StepState>>;
  readonly parts: Readonly<Record<string, PartState>>;
  /** How blocks are read that were read the other way in this run, by their ids. */
  readonly rereads: Readonly<Record<string, Block['role']>>;
  readonly running?: Attempt & { readonly command: string };
  /** A command whose end nobody saw. */
  readonly interrupted?: Attempt & { readonly command: string; readonly alive: boolean };
  /** What commands of this run left running in the background, the oldest first; those that are settled too. */
  readonly background: readonly BackgroundState[];
  readonly notes: readonly {
    readonly time: string;
    readonly operator: string;
    readonly text: string;
    readonly step?: string;
  }[];
  readonly backups: readonly (ReportedBackup & { readonly time: string; readonly step?: string })[];
  readonly comparisons: readonly (ReportedComparison & { readonly time: string; readonly step?: string })[];
  readonly overrides: readonly { readonly time: string; readonly command: string; readonly reason: string }[];
  readonly answers: Readonly<Record<string, string>>;
  readonly resumes: number;
  /**
   * By command, whether the paths that it names were there when somebody looked last. No event makes it: the edge lays
   * it in, and the decision that it led to is journaled with it.
   */
  readonly paths?: Readonly<Record<string, SeenPaths>>;
  /** By command, the texts of the files that it runs, as they were then. They may hold anything: they are not journaled. */
  readonly texts?: Readonly<Record<string, SeenTexts>>;
  /** When maintenance mode went on and off, by the phases of the steps that were done. */
  readonly maintenance: { readonly onAt?: string; readonly offAt?: string };
}

/** Files by their paths, with their text; null where it could not be read. */
export type SeenTexts = Readonly<Record<string, string | null>>;

export interface BackgroundState extends BackgroundProcess {
  /** The command that started it, and when that command ended, UTC ISO 8601. */
  readonly by: string;
  readonly since: string;
  /** The last signal that it was sent on the operator's word. */
  readonly signalled?: 'SIGTERM' | 'SIGKILL';
  /** Absent while it runs and nobody has said that it may. */
  readonly settled?: 'ended' | 'stopped' | 'left';
}

export interface InputState {
  readonly value?: string;
  readonly secret: boolean;
  readonly source: InputSource;
  /** A secret of before a resume: it was given, and must be given again. */
  readonly lost?: boolean;
  /** Nobody gave it before: a command had set it, and its value, which is secret, was gone at a resume. */
  readonly withheld?: boolean;
  readonly points?: Points;
}

export interface StepState {
  readonly enteredAt?: string;
  readonly leftAt?: string;
  readonly skipped?: string;
}

export type PartStatus =
  | 'open'
  | 'running'
  | 'succeeded'
  | 'failed'
  | 'interrupted'
  | 'skipped'
  | 'by-hand'
  | 'ticked'
  | 'refused'
  | 'not-applicable'
  | 'met'
  | 'missed'
  | 'not-judged';

export interface PartState {
  readonly status: PartStatus;
  /** When it came to that status. */
  readonly at?: string;
  readonly attempts: readonly Attempt[];
  /** The operator's version of the command. */
  readonly edited?: string;
  /** Reason of a skip, note of a thing done by hand, measured value of a criterion. */
  readonly note?: string;
  readonly unattended?: boolean;
  readonly answer?: CheckAnswer;
}

export interface Attempt {
  readonly attempt: number;
  readonly text: string;
  readonly effect: EffectClass;
  readonly interactive: boolean;
  readonly output: string;
  readonly startedAt: string;
  readonly pid?: number;
  readonly birth?: string;
  readonly finished?: Recorded<CommandFinished>;
  readonly settled?: { readonly as: 'succeeded' | 'failed'; readonly note: string };
}

export type RecordedEvent = Recorded<RunEvent>;
