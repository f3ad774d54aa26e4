import { mkdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { createJournal, type Journal } from '../../journal/journal.ts';
import { newRunId } from '../../journal/run-id.ts';
import type { Guarded } from '../../run/decision.ts';
import type { RecordedEvent, RunState } from '../../run/state.ts';
import type {
  ProcedureChoice,
  TrainingAnswer,
  TrainingCheck,
  TrainingFact,
  TrainingOutcome,
  TrainingQuestion,
} from '../../run/training.ts';
import { forgetArchiving } from '../../sandbox/sample/seed.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { forgetProviders } from '../../sandbox/simulated/world.ts';
import { bringBack, takeSnapshot } from '../../sandbox/snapshot.ts';
import { markTraining } from '../../sandbox/training-mark.ts';
import { type Bench, benchOf } from './bench.ts';
import { questionBefore } from './command-question.ts';
import { debriefOf } from './debrief.ts';
import { eventsOfRuns, trainingsFolder } from './results.ts';
import { fitOf, type Memo, type Scenario } from './scenario.ts';
import { scoreOf } from './score.ts';

export interface TrainingRequest {
  readonly scenario: Scenario;
  readonly sandbox: Sandbox;
  /** The folder of Drillbook's state; the training's journal goes below it. */
  readonly state: string;
  readonly operator: string;
  readonly version: string;
  /** Every procedure that a trainee may take, in the order in which they are offered. */
  readonly procedures: readonly ProcedureChoice[];
  readonly onProgress: (text: string) => void;
  /** What became of an earlier training that was killed. */
  readonly earlier?: string | undefined;
}

/** A training: the broken sandbox, what is asked and answered, and the journal of it. */
export class Training {
  readonly title: string;
  readonly #request: TrainingRequest;
  readonly #bench: Bench;
  readonly #memo: Memo;
  readonly #journal: Journal;
  readonly #events: RecordedEvent[];
  #closed = false;

  private constructor(
    request: TrainingRequest,
    bench: Bench,
    memo: Memo,
    journal: Journal,
    first: RecordedEvent,
  ) {
    this.title = request.scenario.title;
    this.#request = request;
    this.#bench = bench;
    this.#memo = memo;
    this.#journal = journal;
    this.#events = [first];
  }

  /**
   * Makes the sandbox anew, breaks it, keeps a snapshot of it as it is broken, and begins the journal. Rejects with what
   * the sandbox or the disk says.
   */
  static async begin(request: TrainingRequest): Promise<Training> {
    const { scenario, sandbox, state, operator, version, onProgress } = request;
    await sandbox.reset();
    const bench = await benchOf(sandbox);
    await mkdir(bench.folder, { recursive: true });
    await markTraining(bench.place.home, scenario.id);
    onProgress('Breaking the sandbox');
    const memo = await scenario.break(bench);
    onProgress('Keeping a snapshot of it');
    await takeSnapshot(bench.place);
    await bench.ready();
    await scenario.hold?.(bench, memo);
    const training = newRunId(`training ${scenario.id}`, new Date());
    const journal = await createJournal(join(trainingsFolder(state), training), operator);
    const first = await journal.append({
      type: 'training',
      fact: { kind: 'started', training, scenario: scenario.id, title: scenario.title, version },
    });
    return new Training(request, bench, memo, journal, first);
  }

  /** What is said, a paragraph each. */
  get symptoms(): readonly string[] {
    return this.#request.scenario.symptoms(this.#bench, this.#memo);
  }

  /** What became of an earlier training that was killed. */
  get earlier(): string | undefined {
    return this.#request.earlier;
  }

  /** What is simulated in this scenario, beside the providers' commands. */
  get simulated(): string | undefined {
    return this.#request.scenario.simulated;
  }

  /** Variables that the environment of its runs has otherwise than the sandbox says. */
  get environment(): Readonly<Record<string, string>> {
    return this.#request.scenario.environment?.(this.#bench) ?? {};
  }

  /** What application, database and store show now. */
  async look(): Promise<readonly string[]> {
    const shown = await this.#request.scenario.shows(this.#bench, this.#memo);
    await this.#note({ kind: 'looked' });
    return shown;
  }

  /** The questions of the situation that have no right answer yet. */
  questions(): readonly TrainingQuestion[] {
    const answered = new Set(
      this.#facts().flatMap((fact) => (fact.kind === 'answered' && fact.right ? [fact.question] : [])),
    );
    return this.#request.scenario.questions
      .filter(({ id }) => !answered.has(id))
      .map(({ id, text, answers }) => ({
        id,
        text,
        marked: 0,
        answers: answers.map((answer, index) => ({
          id: String(index),
          text: answer.text,
          right: answer.right === true,
          consequence: answer.consequence,
        })),
      }));
  }

  /** What is to be answered before a command that destroys may run; nothing for others. */
  questionBefore(state: RunState, guarded: Guarded): TrainingQuestion | undefined {
    return questionBefore(state, guarded);
  }

  async answer(question: TrainingQuestion, answer: TrainingAnswer): Promise<void> {
    await this.#note({
      kind: 'answered',
      question: question.id,
      text: question.text,
      answer: answer.text,
      right: answer.right,
      consequence: answer.consequence,
      ...(question.command === undefined ? {} : { command: question.command }),
    });
  }

  /** The hints that were taken so far. */
  hints(): readonly string[] {
    return this.#facts().flatMap((fact) => (fact.kind === 'hint-taken' ? [fact.text] : []));
  }

  /** The next hint, which counts; undefined where all were taken. */
  async hint(): Promise<string | undefined> {
    const level = this.hints().length + 1;
    const text = this.#request.scenario.hints[level - 1];
    if (text !== undefined) await this.#note({ kind: 'hint-taken', level, text });
    return text;
  }

  /** Every procedure, and the one that a list marks first: never one that leads to the end. */
  procedures(): { readonly choices: readonly ProcedureChoice[]; readonly marked: number } {
    const { procedures, scenario } = this.#request;
    return { choices: procedures, marked: procedures.findIndex((one) => fitOf(scenario, one) === 'wrong') };
  }

  async choose(choice: ProcedureChoice): Promise<void> {
    const { runbook, procedure, title } = choice;
    const fit = fitOf(this.#request.scenario, choice);
    await this.#note({ kind: 'procedure-chosen', runbook, procedure, title, fit });
  }

  /** A run of this training has begun, in that folder. */
  async begun(folder: string): Promise<void> {
    await this.#note({ kind: 'run-begun', run: basename(folder) });
  }

  /** Brings the sandbox back to how it was broken. */
  async bringBack(): Promise<void> {
    const { place, letGo, tell, ready } = this.#bench;
    await letGo();
    await forgetArchiving(place);
    await bringBack(place);
    await forgetProviders(place.home);
    await tell('/simulated/stopped', 'off');
    await tell('/maintenance', 'off');
    await ready();
    await this.#request.scenario.hold?.(this.#bench, this.#memo);
    await this.#note({ kind: 'brought-back' });
  }

  /** Looks whether the sandbox is as it must be. */
  async check(): Promise<readonly TrainingCheck[]> {
    const checks = await this.#request.scenario.check(this.#bench, this.#memo);
    await this.#note({ kind: 'checked', checks });
    return checks;
  }

  /** Ends it; the debrief as Markdown. */
  async finish(outcome: TrainingOutcome): Promise<string> {
    const { scenario, state } = this.#request;
    if (!this.#facts().some((fact) => fact.kind === 'finished'))
      await this.#note({ kind: 'finished', outcome });
    const runs = await eventsOfRuns(state, this.#events);
    const score = scoreOf(
      this.#events,
      runs,
      scenario.questions.map(({ id }) => id),
    );
    return debriefOf(score, scenario);
  }

  /** Lets go of everything. What was not finished counts as left. The sandbox is made anew before its next use. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    try {
      await this.finish('left');
      await this.#bench.letGo();
      await forgetArchiving(this.#bench.place);
      await rm(this.#bench.folder, { recursive: true, force: true });
    } finally {
      await this.#journal.close();
    }
  }

  #facts(): readonly TrainingFact[] {
    return this.#events.flatMap((event) => (event.type === 'training' ? [event.fact] : []));
  }

  async #note(fact: TrainingFact): Promise<void> {
    this.#events.push(await this.#journal.append({ type: 'training', fact }));
  }
}
