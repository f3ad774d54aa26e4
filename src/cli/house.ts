import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readIdentity } from '../backup/identity.ts';
import { appendBackupLog } from '../incident/backup-log.ts';
import { type Entry, entryOf } from '../incident/entry.ts';
import { markdownOf } from '../incident/markdown.ts';
import { writeEntry } from '../incident/write.ts';
import type { Finding } from '../lint/finding.ts';
import type { Mode } from '../run/mode.ts';
import type { Session } from '../run/session.ts';
import type { Runbook, Symptom } from '../runbook/runbook.ts';
import type {
  ClosingQuestion,
  GivenInput,
  HomeContent,
  House,
  InputQuestion,
  LinkedRunbook,
  Resumed,
  RunRequest,
  StepLink,
  TargetChoice,
  WrittenEntry,
} from '../tui/house.ts';
import { beginRun } from './begin.ts';
import { findingsFor } from './corrected.ts';
import { Courier } from './courier.ts';
import { loadGrammars } from './grammars.ts';
import { HomeReading } from './home-reading.ts';
import {
  type Asked,
  askedOf,
  backupsOf,
  earlierSuggestion,
  isSecret,
  knownOffTheWay,
  type Suggestion,
  suggestionFor,
  wantsBackup,
} from './inputs.ts';
import { linksOf, openLinked } from './linked-runbook.ts';
import { checkoutOfEntry, commitWritten } from './log-commit.ts';
import { type Held, holdForNewRun, refuseTarget, sandboxName } from './ready.ts';
import { resumeRun } from './resume-run.ts';
import { findProcedure, type RunbookFile, readRunbook, runbookCopy } from './runbook-file.ts';
import type { Settings } from './settings.ts';
import { Trainee } from './trainee.ts';
import { version } from './version.ts';

/** Milliseconds that telling others may keep somebody who leaves. */
const tellingMs = 5000;

/**
 * The outside world of the screens, wired. Long for one class: each method is a question of the screens, and what they
 * hold together (targets, sessions, what home shows) is let go of in one place.
 */
export class WiredHouse implements House {
  readonly version = version;
  readonly operator: string;
  readonly #settings: Settings;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #files = new Map<string, Promise<RunbookFile>>();
  readonly #held = new Map<string, Promise<Held>>();
  readonly #sessions = new Set<Session>();
  readonly #courier: Courier;
  readonly #trainee: Trainee;
  readonly #home: HomeReading;

  constructor(settings: Settings, environment: NodeJS.ProcessEnv) {
    this.operator = settings.operator;
    this.#settings = settings;
    this.#environment = environment;
    this.#trainee = new Trainee(settings, environment);
    this.#home = new HomeReading(settings, environment);
    // What cannot be told stands in the outbox; what cannot even be put there must not break the screen.
    this.#courier = new Courier(settings, environment, () => {});
  }

  get notifications(): House['notifications'] {
    return this.#settings.preferences.notifications;
  }

  home(): HomeContent {
    return this.#home.content;
  }

  subscribe(listener: () => void): () => void {
    return this.#home.subscribe(listener);
  }

  /** Begins what goes on behind any screen: what is still to be told, what runs there are, the sandbox. Never rejects. */
  async refresh(): Promise<void> {
    this.#courier.begin();
    await this.#home.begin();
  }

  list(): Promise<void> {
    return this.#home.list();
  }

  renew(): Promise<void> {
    return this.#home.renew();
  }

  /** Stops what still runs, gives back locks and targets. */
  async close(): Promise<void> {
    this.#home.leave();
    for (const session of this.#sessions) await session.close();
    await this.#courier.close(tellingMs);
    await this.#trainee.close().catch(() => undefined);
    await this.#home.close();
    for (const held of this.#held.values()) await (await held.catch(() => undefined))?.release();
    this.#held.clear();
  }

  async open(path: string): Promise<Runbook> {
    return (await this.#file(path)).runbook;
  }

  targets(): readonly TargetChoice[] {
    const own = Object.entries(this.#settings.targets).map(([name, { environment, url, engine }]) => ({
      name,
      environment,
      description: `${engine === 'sqlite' ? 'SQLite' : 'PostgreSQL'} at ${url}`,
    }));
    return [
      {
        name: sandboxName,
        environment: 'sandbox',
        description: 'private PostgreSQL with sample data; nothing can be lost',
      },
      ...own,
    ];
  }

  async prepare(target: string, progress: (what: string) => void, mode?: Mode): ReturnType<House['prepare']> {
    refuseTarget(mode, target, this.#settings);
    const { ready } = await this.#hold(target, progress);
    if (ready.target.engine !== 'postgres') return { target: ready.target };
    const identity = await readIdentity(ready.url);
    return 'failure' in identity
      ? { target: ready.target, failure: identity.failure }
      : { target: ready.target, identity };
  }

  async questions(request: RunRequest): Promise<readonly InputQuestion[]> {
    const held = request.target ? await this.#hold(request.target, () => {}) : undefined;
    const procedure = findProcedure(await this.#file(request.path), request.procedure);
    return Promise.all(askedOf(procedure, held?.ready).map((asked) => this.#question(asked, held)));
  }

  async begin(request: RunRequest & { readonly inputs: readonly GivenInput[] }): Promise<Session> {
    refuseTarget(request.mode, request.target, this.#settings);
    await loadGrammars();
    const file = await this.#file(request.path);
    const procedure = findProcedure(file, request.procedure);
    const held = request.target ? await this.#hold(request.target, () => {}) : undefined;
    const inputs = await Promise.all(
      askedOf(procedure, held?.ready).map((asked) =>
        this.#input(
          asked,
          request.inputs.find((input) => input.name === asked.name),
          held,
        ),
      ),
    );
    const off = await knownOffTheWay(procedure, held?.ready);
    // From here the run lets go of the target, when it closes or when it cannot begin.
    if (request.target) this.#held.delete(request.target);
    const session = await beginRun(
      {
        file,
        procedure,
        mode: request.mode,
        held,
        inputs: [...off, ...inputs.filter((input) => input !== undefined)],
      },
      this.#settings,
      this.#environment,
    );
    this.#sessions.add(session);
    this.#courier.follow(session, session.mask);
    return session;
  }

  async resume(run: string): Promise<Resumed> {
    await loadGrammars();
    const resumed = await resumeRun(run, this.#settings, this.#environment, () => {});
    this.#sessions.add(resumed.session);
    this.#courier.follow(resumed.session, resumed.session.mask);
    return resumed;
  }

  async links(session: Session): Promise<readonly StepLink[]> {
    return linksOf(await this.#copy(session), session.state().started.runbook.path);
  }

  linked(link: StepLink): Promise<LinkedRunbook> {
    return openLinked(link);
  }

  async symptoms(session: Session): Promise<readonly Symptom[]> {
    return (await this.#copy(session)).runbook.symptoms;
  }

  async findings(session: Session): Promise<readonly Finding[]> {
    return findingsFor(session, await this.#copy(session));
  }

  closingQuestions(session: Session): readonly ClosingQuestion[] {
    return entryNow(session).questions.map(({ id, text, suggestion, answer }) => ({
      id,
      text,
      suggestion: answer ?? suggestion ?? '',
    }));
  }

  async writeEntry(session: Session): Promise<WrittenEntry> {
    const entry = entryNow(session);
    const written = await writeEntry(entry, session.folder, this.#settings.incidents);
    // The entry has the same lines: a log of backups that cannot be written loses none.
    await appendBackupLog(entry, this.#settings.incidents).catch(() => undefined);
    void this.#courier.entryWritten(session);
    const checkout = await checkoutOfEntry(session.folder);
    return {
      path: written.incident ?? written.markdown,
      markdown: markdownOf(entry),
      ...(written.problem === undefined ? {} : { problem: written.problem }),
      ...(checkout === undefined ? {} : { checkout }),
    };
  }

  async commitEntry(session: Session): Promise<boolean> {
    return (await commitWritten(session.folder, entryNow(session))).length > 0;
  }

  entry(path: string): Promise<string> {
    return readFile(path, 'utf8');
  }

  async drill(target: string, progress: (what: string) => void): Promise<Session> {
    const { cleanUp, openDrill } = await import('./drill-run.ts');
    await cleanUp(this.#settings, progress, progress);
    const session = await openDrill(target, this.#settings, progress);
    this.#sessions.add(session);
    this.#courier.follow(session, session.mask);
    return session;
  }

  scenarios(): ReturnType<House['scenarios']> {
    return this.#trainee.scenarios();
  }

  async train(scenario: string, progress: (what: string) => void): ReturnType<House['train']> {
    await loadGrammars();
    // What was held for an earlier run knows nothing of the training.
    for (const held of this.#held.values()) await (await held.catch(() => undefined))?.release();
    this.#held.clear();
    return this.#trainee.begin(scenario, progress);
  }

  /** What a run was begun with; links and findings are read from the same. */
  #copy(session: Session): Promise<RunbookFile> {
    return this.#file(join(session.folder, runbookCopy));
  }

  #file(path: string): Promise<RunbookFile> {
    const reading = this.#files.get(path) ?? readRunbook(path);
    this.#files.set(path, reading);
    reading.catch(() => this.#files.delete(path));
    return reading;
  }

  #hold(target: string, progress: (what: string) => void): Promise<Held> {
    const holding = this.#held.get(target) ?? this.#holdNow(target, progress);
    this.#held.set(target, holding);
    holding.catch(() => this.#held.delete(target));
    return holding;
  }

  async #holdNow(target: string, progress: (what: string) => void): Promise<Held> {
    return (
      (await this.#trainee.hold(target, progress)) ??
      holdForNewRun(target, this.#settings, this.#environment, progress)
    );
  }

  async #question(asked: Asked, held: Held | undefined): Promise<InputQuestion> {
    const suggestion =
      (await suggestionFor(asked, held?.ready, this.#environment)) ?? earlierSuggestion(asked);
    const earlier = asked.kind === 'variable' ? asked.earlier : undefined;
    const secret = suggestion?.secret ?? asked.value === 'secret';
    const backups = wantsBackup(asked) ? await backupsOf(held?.ready) : [];
    return {
      name: asked.name,
      text: asked.kind === 'variable' ? `$${asked.name}` : asked.text,
      value: asked.value,
      secret,
      uses: asked.uses.length,
      ...(suggestion ? { suggestion: shownSuggestion(suggestion) } : {}),
      ...(earlier ? { earlier: { line: earlier.range.line, text: earlier.text } } : {}),
      ...(backups.length > 1 ? { choices: backups.map(({ path, label }) => ({ value: path, label })) } : {}),
    };
  }

  async #input(
    asked: Asked,
    given: GivenInput | undefined,
    held: Held | undefined,
  ): Promise<(Suggestion & { readonly name: string }) | undefined> {
    if (given?.value !== undefined) {
      const secret = given.secret || isSecret(asked, given.value);
      return { name: asked.name, value: given.value, secret, source: 'operator' };
    }
    // Only a suggestion that was seen comes here without a value.
    const suggestion =
      (await suggestionFor(asked, held?.ready, this.#environment)) ??
      (given ? earlierSuggestion(asked) : undefined);
    return suggestion && { name: asked.name, ...suggestion };
  }
}

function shownSuggestion({ value, secret, source }: Suggestion): NonNullable<InputQuestion['suggestion']> {
  const known = source === 'target' || source === 'environment' || source === 'backup' ? source : 'default';
  return { source: known, ...(secret ? {} : { value }) };
}

function entryNow(session: Session): Entry {
  return entryOf(session.events(), new Date(), undefined, session.state());
}
