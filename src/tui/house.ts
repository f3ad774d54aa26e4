import type { Finding } from '../lint/finding.ts';
import type { Decision, Guarded } from '../run/decision.ts';
import type { Mode } from '../run/mode.ts';
import type { Session } from '../run/session.ts';
import type { RunState } from '../run/state.ts';
import type { Identity, Target } from '../run/target.ts';
import type {
  ProcedureChoice,
  TrainingAnswer,
  TrainingCheck,
  TrainingOutcome,
  TrainingQuestion,
} from '../run/training.ts';
import type { CatalogueEntry } from '../runbook/catalogue-entry.ts';
import type { ValueKind } from '../runbook/placeholder.ts';
import type { Procedure } from '../runbook/procedure.ts';
import type { Range } from '../runbook/range.ts';
import type { Runbook, Symptom } from '../runbook/runbook.ts';

/**
 * Everything outside that the screens need, as `cli` wires it. The screens call these and show what comes back;
 * every method may reject with an Error whose message is a sentence for the operator.
 */
export interface House {
  readonly version: string;
  readonly operator: string;
  /** How the end of a command that took longer than so many seconds calls. */
  readonly notifications: { readonly way: 'desktop' | 'bell' | 'off'; readonly after: number };
  /** The operator's own keys: an action of the keymap and its key or keys. */
  readonly keys?: Readonly<Record<string, string | readonly string[]>>;
  /** How the operator wants to be told things, where the environment does not say. */
  readonly comfort?: { readonly screenReader?: boolean; readonly reducedMotion?: boolean };
  /** What the home screen lists. Parts may come later: it is asked again when `subscribe` says so. */
  home(): HomeContent;
  subscribe(listener: () => void): () => void;
  /** Reads again what was run here, after a run was left: home is right when it resolves. Never rejects. */
  renew(): Promise<void>;
  /** Reads and compiles a runbook. */
  open(path: string): Promise<Runbook>;
  /** The targets of the settings, the sandbox first. */
  targets(): readonly TargetChoice[];
  /** Starts what a target needs (the sandbox its server), asks who it is. Rejects where the mode may not run there at all. */
  prepare(
    target: string,
    progress: (what: string) => void,
    mode?: Mode,
  ): Promise<{ readonly target: Target; readonly identity?: Identity; readonly failure?: string }>;
  /** What the run would ask for, with what the target or the environment already answers. */
  questions(request: RunRequest): Promise<readonly InputQuestion[]>;
  begin(request: RunRequest & { readonly inputs: readonly GivenInput[] }): Promise<Session>;
  resume(run: string): Promise<Resumed>;
  /** What lint says about the runbook that a run was begun with. */
  findings(session: Session): Promise<readonly Finding[]>;
  /** Where the runbook that a run was begun with links to: other runbooks, and places in itself. */
  links(session: Session): Promise<readonly StepLink[]>;
  /** Reads what a link leads to. */
  linked(link: StepLink): Promise<LinkedRunbook>;
  /** What the runbook that a run was begun with says may go wrong, and what helps. */
  symptoms(session: Session): Promise<readonly Symptom[]>;
  /** The few questions at the end of a run, with answers that the journal already suggests. */
  closingQuestions(session: Session): readonly ClosingQuestion[];
  /** Writes the entry; the paths of what was written. */
  writeEntry(session: Session): Promise<WrittenEntry>;
  /** Commits the written entry to the git checkout that it lies in; false where it stands committed already. */
  commitEntry(session: Session): Promise<boolean>;
  /** The text of an entry of the home screen. */
  entry(path: string): Promise<string>;
  /** Fetches the backup of a target's drill and begins it, into a scratch database of its own. Rejects where it cannot. */
  drill(target: string, progress: (what: string) => void): Promise<Session>;
  /** The ways in which the sandbox can be broken for training, and what this operator has made of each so far. */
  scenarios(): Promise<readonly ScenarioChoice[]>;
  /** Breaks the sandbox and begins a training. There is one at a time; it lasts until it is closed. */
  train(scenario: string, progress: (what: string) => void): Promise<Training>;
}

export interface WrittenEntry {
  readonly path: string;
  readonly markdown: string;
  /** What kept it out of a folder that it belongs into. */
  readonly problem?: string;
  /** The git checkout that it was written into: it can be committed there. */
  readonly checkout?: string;
}

export interface HomeContent {
  readonly loading: boolean;
  readonly sandbox: 'ready' | 'starting' | 'stopped' | 'unavailable';
  /** Why the sandbox is not available, and what to install. */
  readonly sandboxMessage?: string;
  readonly unfinished: readonly {
    readonly run: string;
    readonly title: string;
    readonly mode: Mode;
    readonly target: string;
    readonly lastAt: string;
    readonly at: string;
  }[];
  /** Drills that are to be held, the longest overdue first. */
  readonly drills?: readonly {
    readonly target: string;
    readonly overdue: boolean;
    /** Since when, in words. */
    readonly words: string;
  }[];
  readonly runbooks: readonly {
    readonly path: string;
    readonly title: string;
    readonly severity?: string;
    readonly estimate?: string;
    readonly procedures: number;
    readonly owner?: string;
    /** Days since the last update that the document names. */
    readonly age?: number;
    readonly findings?: number;
    /** UTC, ISO 8601. */
    readonly lastRun?: string;
    readonly lastOutcome?: string;
    /** What a search looks through; without it, title and path. */
    readonly catalogue?: CatalogueEntry;
  }[];
  /** The runbook to drill first, where nothing was run yet: known before the list is. */
  readonly starter?: string;
  /** Markdown files that lie here and are in no folder of runbooks. */
  readonly loose?: number;
  readonly entries: readonly {
    readonly path: string;
    readonly title: string;
    readonly at: string;
    readonly outcome: string;
    readonly mode: Mode;
  }[];
  /** What runs have left to be done, the oldest first; with the entry that says so, where there is one. */
  readonly followUps?: readonly {
    readonly id: string;
    readonly text: string;
    readonly at: string;
    readonly entry?: string;
  }[];
  /** What could not be told to others yet, a line each. */
  readonly untold?: readonly string[];
}

/** A link of a runbook to another one, or to a place in itself. */
export interface StepLink {
  readonly text: string;
  /** As it is written. */
  readonly url: string;
  readonly range: Range;
  /** The file; absent where there is none. */
  readonly path?: string;
  /** The heading in it. */
  readonly anchor?: string;
  /** It lies outside the folder of the runbook that links to it. */
  readonly outside: boolean;
  /** What is wrong with it, a sentence. */
  readonly problem?: string;
}

/** A runbook that is shown beside a run. */
export interface LinkedRunbook {
  readonly path: string;
  readonly title: string;
  /** The procedure that the link means. */
  readonly procedure?: string;
  readonly runnable: boolean;
  /** How it is read, a line each, with the lines of the source. */
  readonly outline: readonly string[];
  /** Markdown, from the heading that the link means. */
  readonly text: string;
}

export interface ScenarioChoice {
  readonly id: string;
  readonly title: string;
  readonly level: string;
  /** The best points of this operator; absent where it was never solved. */
  readonly best?: number;
}

/** A training, as its screens know it. */
export interface Training {
  readonly title: string;
  readonly symptoms: readonly string[];
  /** What became of an earlier training that was killed. */
  readonly earlier?: string | undefined;
  /** What is simulated in it beside the providers' commands. */
  readonly simulated?: string | undefined;
  /** What application, database and store show now, a line each. */
  look(): Promise<readonly string[]>;
  questions(): readonly TrainingQuestion[];
  /** What is to be answered before a command may run; nothing for most. */
  questionBefore(state: RunState, guarded: Guarded): TrainingQuestion | undefined;
  answer(question: TrainingQuestion, answer: TrainingAnswer): Promise<void>;
  hints(): readonly string[];
  hint(): Promise<string | undefined>;
  procedures(): { readonly choices: readonly ProcedureChoice[]; readonly marked: number };
  choose(choice: ProcedureChoice): Promise<void>;
  /** A run of it has begun in that folder. */
  begun(folder: string): Promise<void>;
  bringBack(): Promise<void>;
  check(): Promise<readonly TrainingCheck[]>;
  /** Ends it; the debrief as Markdown. */
  finish(outcome: TrainingOutcome): Promise<string>;
  close(): Promise<void>;
}

export interface TargetChoice {
  readonly name: string;
  readonly environment: Target['environment'];
  readonly description: string;
}

export interface RunRequest {
  readonly path: string;
  readonly procedure: string;
  readonly mode: Mode;
  readonly target?: string;
}

export interface InputQuestion {
  readonly name: string;
  /** As it stands in the runbook: `<host>`, `$DATABASE_URL`. */
  readonly text: string;
  readonly value: ValueKind;
  readonly secret: boolean;
  /** The value that would be used; for a secret only whether there is one. */
  readonly suggestion?: {
    readonly value?: string;
    readonly source: 'target' | 'environment' | 'backup' | 'default';
  };
  /** Where an earlier section of the runbook sets it, and how it is written there. */
  readonly earlier?: { readonly line: number; readonly text: string };
  /** What it could be, newest or best first: backups of the store, for example. */
  readonly choices?: readonly { readonly value: string; readonly label: string }[];
  readonly uses: number;
}

export interface GivenInput {
  readonly name: string;
  /** Absent: take the suggestion. */
  readonly value?: string;
  readonly secret: boolean;
}

export interface Resumed {
  readonly session: Session;
  /** What is certain and what is not, in sentences: torn tail, changed runbook, changed server, interrupted command. */
  readonly findings: readonly { readonly certain: boolean; readonly text: string }[];
}

export interface ClosingQuestion {
  readonly id: string;
  readonly text: string;
  readonly suggestion: string;
}

export type { Decision, Procedure };
