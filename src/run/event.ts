import type { EffectClass } from '../effects/effect.ts';
import type { Block } from '../runbook/block.ts';
import type { Part } from '../runbook/part.ts';
import type { Procedure } from '../runbook/procedure.ts';
import type { Mode } from './mode.ts';
import type { Identity, Target } from './target.ts';
import type { TrainingFact } from './training.ts';

/** What the journal adds to each fact. */
export interface Stamp {
  /** From 1, without gaps. */
  readonly seq: number;
  /** UTC, ISO 8601 with milliseconds. */
  readonly time: string;
  readonly operator: string;
  /** SHA-256 (hex) of the line before, without its newline; 64 zeros for the first. */
  readonly prev: string;
}

/** One fact of a run. */
export type RunEvent =
  | RunStarted
  | {
      readonly type: 'run-resumed';
      readonly host: string;
      readonly version: string;
      readonly tornBytes: number;
      /** Variables that commands of before had set, and whose values were secret and are gone. */
      readonly withheld?: readonly string[];
    }
  | {
      readonly type: 'runbook-checked';
      readonly same: boolean;
      readonly hash?: string;
      readonly accepted?: string;
    }
  | { readonly type: 'identity-read'; readonly identity: Identity }
  | { readonly type: 'identity-failed'; readonly reason: string }
  /** The operator says that the changed server is the right one (a failover), and why. */
  | { readonly type: 'identity-accepted'; readonly identity: Identity; readonly reason: string }
  | {
      readonly type: 'option-chosen';
      readonly choice: string;
      readonly option: string;
      /** The one that was taken before; what was done on its way stays recorded. */
      readonly instead?: string;
    }
  | {
      readonly type: 'input-given';
      readonly name: string;
      /** Absent for a secret. */
      readonly value?: string;
      readonly secret: boolean;
      readonly source: InputSource;
      /** Where a connection URL points, without its credentials. */
      readonly points?: Points;
    }
  | { readonly type: 'step-entered'; readonly step: string }
  /** A block whose reading was a guess is read the other way from here on. */
  | {
      readonly type: 'block-reread';
      readonly block: string;
      readonly role: Block['role'];
      readonly was: Block['role'];
      /** Where it begins in the runbook. */
      readonly line: number;
      /** Why it had been read as it was. */
      readonly reason: string;
    }
  /** What helps against something that goes wrong became a part of a step, in front of what was open there. */
  | {
      readonly type: 'remedy-taken';
      /** What was seen, as the runbook calls it, and where it stands there. */
      readonly title: string;
      readonly line: number;
      readonly step: string;
      /** The id of the part that it stands in front of; at the end of the step where there is none. */
      readonly before?: string;
      readonly parts: readonly Part[];
    }
  | GuardEvent
  | CommandEvent
  | BackgroundEvent
  | {
      readonly type: 'manual-done';
      readonly part: string;
      readonly note?: string;
      readonly unattended?: boolean;
    }
  | {
      readonly type: 'check-answered';
      readonly part: string;
      readonly answer: CheckAnswer;
      readonly note?: string;
      readonly unattended?: boolean;
    }
  | {
      readonly type: 'criterion-judged';
      readonly part: string;
      readonly verdict: 'met' | 'missed' | 'not-judged';
      readonly by: 'measured' | 'asked';
      readonly measured?: string;
    }
  | { readonly type: 'part-skipped'; readonly part: string; readonly reason: string }
  | { readonly type: 'step-skipped'; readonly step: string; readonly reason: string }
  | {
      readonly type: 'file-saved';
      readonly part: string;
      readonly path: string;
      readonly bytes: number;
      readonly sha256: string;
    }
  | { readonly type: 'note-added'; readonly text: string; readonly step?: string }
  | { readonly type: 'backup-reported'; readonly backup: ReportedBackup }
  | { readonly type: 'comparison-reported'; readonly comparison: ReportedComparison }
  | { readonly type: 'shell-opened' }
  | { readonly type: 'shell-closed'; readonly durationMs: number }
  | { readonly type: 'question-answered'; readonly question: string; readonly answer: string }
  | { readonly type: 'run-stopped'; readonly reason: string }
  | { readonly type: 'handed-over'; readonly to: string; readonly note?: string }
  /** A machine is gone and never handed its run over: on a person's word somebody goes on with what others saw of it. */
  | {
      readonly type: 'run-taken-over';
      /** Whose run it was, and on which machine. */
      readonly from: string;
      readonly lost: string;
      /** Where it goes on. */
      readonly host: string;
      readonly reason: string;
      /** What the target's server knew of the connection of the machine that is gone. */
      readonly connection: 'gone' | 'ended' | 'not-seen';
    }
  | { readonly type: 'run-finished'; readonly outcome: Outcome; readonly reason?: string }
  /** A fact of a training, in the training's own journal. */
  | { readonly type: 'training'; readonly fact: TrainingFact };

export interface RunStarted {
  readonly type: 'run-started';
  readonly schema: 1;
  readonly run: string;
  readonly mode: Mode;
  readonly target?: Target;
  readonly runbook: {
    readonly path: string;
    readonly title: string;
    readonly sha256: string;
    /** SHA-256 of the copy beside the journal, where secrets that stand in the runbook are masked in it. */
    readonly maskedCopy?: string;
    readonly severity?: string;
    readonly contacts: readonly { readonly role: string; readonly reach: string }[];
  };
  /** The whole compiled procedure, so that the journal alone tells the run. */
  readonly procedure: Procedure;
  readonly host: string;
  readonly version: string;
}

/** A server and a database, as a connection URL names them. */
export interface Points {
  readonly address: string;
  readonly database: string;
}

export type InputSource = 'target' | 'environment' | 'flag' | 'operator' | 'backup' | 'default';
export type CheckAnswer = 'ticked' | 'refused' | 'not-applicable';
export type Outcome = 'passed' | 'failed' | 'abandoned';

/** Paths that a command names, as its shell would find them: true for those that were there. */
export type SeenPaths = Readonly<Record<string, boolean>>;

/** What stands between an effect and its execution. */
export type GuardEvent =
  | {
      readonly type: 'guard-confirmed';
      readonly command: string;
      readonly effect: EffectClass;
      readonly by: 'enter' | 'phrase' | 'flag';
      readonly phrase?: string;
      /** What was pointed out before: connections that go elsewhere. */
      readonly cautions?: readonly string[];
      /** What was known of its paths when it was decided. */
      readonly paths?: SeenPaths;
    }
  | {
      readonly type: 'guard-refused';
      readonly command: string;
      readonly effect: EffectClass;
      readonly reason: string;
      readonly paths?: SeenPaths;
    }
  | {
      readonly type: 'guard-overridden';
      readonly command: string;
      readonly effect: EffectClass;
      readonly refusal: string;
      readonly reason: string;
    };

export type CommandEvent =
  | {
      readonly type: 'command-started';
      readonly command: string;
      /** From 1; each try of the same command has its own. */
      readonly attempt: number;
      /** As given to the shell, secrets masked. */
      readonly text: string;
      readonly effect: EffectClass;
      readonly interactive: boolean;
      /** Name of the output file below `output/`. */
      readonly output: string;
      /** What was known of its paths when it was started. */
      readonly paths?: SeenPaths;
    }
  | {
      readonly type: 'command-spawned';
      readonly command: string;
      readonly attempt: number;
      readonly pid: number /** Kernel start time of the process, to tell it from a later one with the same pid. */;
      readonly birth?: string;
    }
  | CommandFinished
  | {
      readonly type: 'command-interrupted';
      readonly command: string;
      readonly attempt: number;
      readonly alive: boolean;
      readonly pid?: number;
      /** What it left running, where it was found without its shell. */
      readonly background?: readonly BackgroundProcess[];
    }
  | {
      readonly type: 'command-settled';
      readonly command: string;
      readonly attempt: number;
      readonly as: 'succeeded' | 'failed';
      readonly note: string;
    }
  | { readonly type: 'command-edited'; readonly command: string; readonly text: string }
  | { readonly type: 'command-done-by-hand'; readonly command: string; readonly note: string }
  | { readonly type: 'stop-requested'; readonly command: string; readonly signal: string };

export interface CommandFinished {
  readonly type: 'command-finished';
  readonly command: string;
  readonly attempt: number;
  readonly exit: Exit;
  readonly durationMs: number;
  readonly verdict: Verdict;
  /** Why the verdict is what it is, where the exit code alone does not say it. */
  readonly reason?: string;
  readonly output: OutputRecord;
  /** The longest time in which it printed nothing, milliseconds, where that was worth a word. */
  readonly silentMs?: number;
  /** Names of shell variables that the command set or changed, and its new folder. */
  readonly changed: readonly string[];
  /** What it changed in its shell, a few words each, never a value: `sets NAME`, `cd /x`, `alias ll`, `set -o pipefail`. */
  readonly stateChanges?: readonly string[];
  readonly pipeStatus?: readonly number[];
  /** It seems to have wanted to prompt, and there was no terminal: running it with one may be all it needs. */
  readonly needsTerminal?: true;
  /** What it left running. */
  readonly background?: readonly BackgroundProcess[];
}

/** A process that goes on after the command that started it has ended. */
export interface BackgroundProcess {
  readonly pid: number;
  /** Kernel start time, to tell it from a later process with the same number. */
  readonly birth?: string;
  /** Its command line, masked. */
  readonly command: string;
}

export type BackgroundEvent =
  | { readonly type: 'background-signalled'; readonly pid: number; readonly signal: 'SIGTERM' | 'SIGKILL' }
  | {
      readonly type: 'background-settled';
      readonly pid: number;
      /** `ended`: by itself; `stopped`: on the operator's word; `left`: it may go on, knowingly. */
      readonly as: 'ended' | 'stopped' | 'left';
      readonly note?: string;
    };

export type Exit =
  | { readonly kind: 'code'; readonly code: number }
  | { readonly kind: 'signal'; readonly signal: string }
  | { readonly kind: 'not-started'; readonly error: string };

/** `hidden-failure`: the pipeline ended well while an earlier part of it failed. */
export type Verdict = 'succeeded' | 'failed' | 'hidden-failure' | 'stopped' | 'timed-out';

export interface OutputRecord {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
  /** How many of the bytes came from standard error; which, stands beside the file. Absent where the two were one. */
  readonly stderrBytes?: number;
  /** The end of it, redacted and sanitised, at most 4,000 characters. */
  readonly tail: string;
}

/** A backup that a command of this run made, verified or restored, as it reported it. */
export interface ReportedBackup {
  readonly action: 'created' | 'verified' | 'restored';
  readonly name: string;
  readonly kind?: string;
  readonly location: string;
  readonly bytes?: number;
  readonly sha256?: string;
  readonly durationMs?: number;
  readonly verified?: boolean;
  /** When the data in it were taken: the snapshot, UTC ISO 8601. */
  readonly takenAt?: string;
  readonly database?: string;
  /** Nobody reported it: it was seen in the text of a standard command that succeeded. */
  readonly seen?: true;
}

export interface ReportedComparison {
  readonly left: string;
  readonly right: string;
  readonly equal: boolean;
  readonly differences: readonly string[];
}

/** A fact with its place in the journal. */
export type Recorded<E extends RunEvent = RunEvent> = E & Stamp;
