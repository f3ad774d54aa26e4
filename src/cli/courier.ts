import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { entryOf } from '../incident/entry.ts';
import { messageOf, momentOf } from '../incident/message.ts';
import { type Letter, outboxFolder, post, waiting } from '../incident/outbox.ts';
import { type Sent, send } from '../incident/sending.ts';
import { writeEntry } from '../incident/write.ts';
import { createFile, makeFolder, replaceFile } from '../journal/disk.ts';
import { holderOfRun } from '../journal/lock.ts';
import { readJournal } from '../journal/read.ts';
import { isRunId } from '../journal/run-id.ts';
import { runFolder } from '../journal/runs.ts';
import type { Session } from '../run/session.ts';
import type { RecordedEvent } from '../run/state.ts';
import type { MomentKind, SinkSettings } from '../settings/sink-settings.ts';
import { objectsAt } from './objects.ts';
import type { Settings } from './settings.ts';
import { openShared } from './shared-store.ts';
import { Sharing } from './sharing.ts';

/** How often what was put off is looked at, in milliseconds. */
const everyMs = 15_000;

/**
 * Tells the places of the settings what happens in runs. Nothing here can stop or slow a run: what is to be told goes
 * to the outbox on disk and is sent beside the run; what cannot even be written there is told to `complain`.
 */
export class Courier {
  readonly #settings: Settings;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #complain: (text: string) => void;
  readonly #runs = new Map<string, Followed>();
  readonly #leaving = new AbortController();
  #queue: Promise<unknown> = Promise.resolve();
  #sending: Promise<Sent> | undefined;
  readonly #shared: Sharing[] = [];
  #again = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(settings: Settings, environment: NodeJS.ProcessEnv, complain: (text: string) => void) {
    this.#settings = settings;
    this.#environment = environment;
    this.#complain = complain;
  }

  /** Tries once what earlier runs could not tell, and what killed ones did not get to. Never rejects. */
  begin(): void {
    this.#later(async () => {
      await this.#catchUp();
      void this.#send(true);
    });
    this.#timer ??= setInterval(() => void this.#send(false), everyMs).unref();
  }

  /**
   * Tells what happens in a run from now on, and shares it where the settings name a place. `mask` knows its secrets:
   * without it nothing of what its shell held is given away at a handover.
   */
  follow(session: Session, mask?: (text: string) => string): void {
    const { started } = session.state();
    const sinks = this.sinksOf(started);
    const { mode, target } = started;
    if (mode !== 'preview' && this.#isShared(target?.name)) {
      const opening = openShared(this.#settings, target?.name, this.#environment);
      this.#shared.push(
        new Sharing(
          session,
          opening.then((store) => store!),
          mask,
          this.#settings.folders.state,
        ),
      );
    }
    if (sinks.length === 0) return;
    // A run that goes on has told what came before.
    const from = session.events().findLastIndex((event) => event.type === 'run-resumed');
    const followed: Followed = { session, sinks, seen: Math.max(0, from) };
    this.#runs.set(started.run, followed);
    this.#later(async () => {
      const folder = join(outboxFolder(this.#settings.folders.state), 'runs');
      await makeFolder(folder);
      await createFile(join(folder, started.run), '');
    });
    const look = () => this.#look(followed);
    session.subscribe(look);
    look();
  }

  /** Somebody else goes on with a run that was followed here. */
  get isTaken(): boolean {
    return this.#shared.some(({ isTaken }) => isTaken);
  }

  /** The entry of a run was written: the places that take it get it. */
  async entryWritten(session: Session): Promise<void> {
    const followed = this.#runs.get(session.state().started.run);
    if (!followed) return;
    this.#look(followed);
    const end = session.events().findLast((event) => momentOf(event) === 'end');
    if (end) this.#later(() => this.#tellEnd(followed.sinks, session.events(), session.folder, end, true));
    await this.#queue;
  }

  /**
   * Sends what is there; after `patience` milliseconds the rest stays for the next start. Resolves to what stays. Never
   * rejects.
   */
  async close(patience: number): Promise<readonly Letter[]> {
    clearInterval(this.#timer);
    for (const { session } of this.#runs.values()) {
      // Left without its entry: what there is to say is said now.
      if (session.state().status !== 'running') await this.entryWritten(session);
    }
    await this.#queue;
    for (const sharing of this.#shared) {
      const problem = await within(patience, sharing.close());
      if (problem) this.#complain(problem);
    }
    const late = setTimeout(() => this.#leaving.abort(), patience);
    try {
      while (this.#sending) await this.#sending;
      await this.#send(false);
      return await waiting(this.#settings.folders.state);
    } catch {
      return [];
    } finally {
      clearTimeout(late);
    }
  }

  /** The places that are told of runs like this one. A preview did nothing, and training is nobody else's business. */
  sinksOf(started: RecordedEvent & { readonly type: 'run-started' }): readonly SinkSettings[] {
    if (started.mode === 'preview' || started.mode === 'training') return [];
    const own = started.target ? (this.#settings.targets[started.target.name]?.sinks ?? []) : [];
    return [...own, ...(this.#settings.sinks ?? [])];
  }

  #isShared(target: string | undefined): boolean {
    const own = target === undefined ? undefined : this.#settings.targets[target]?.shared;
    return (own ?? this.#settings.shared) !== undefined;
  }

  #look(followed: Followed): void {
    const events = followed.session.events();
    for (; followed.seen < events.length; followed.seen++) {
      const event = events[followed.seen]!;
      const moment = momentOf(event);
      if (moment === undefined) continue;
      const upTo = events.slice(0, followed.seen + 1);
      const { sinks, session } = followed;
      this.#later(() =>
        moment === 'end'
          ? this.#tellEnd(sinks, upTo, session.folder, event, event.type !== 'run-finished')
          : this.#tell(sinks, upTo, session.folder, event, moment),
      );
    }
  }

  /** `whole`: the places that take the entry too; the end of a run asks its questions before there is one. */
  async #tellEnd(
    sinks: readonly SinkSettings[],
    events: readonly RecordedEvent[],
    folder: string,
    event: RecordedEvent,
    whole: boolean,
  ): Promise<void> {
    if (!whole) return this.#tell(sinks.filter(isChat), events, folder, event, 'end');
    await writeEntry(entryOf(events, new Date()), folder);
    await this.#tell(sinks, events, folder, event, 'end');
    const { run } = entryOf(events, new Date());
    const mark = join(outboxFolder(this.#settings.folders.state), 'runs', run);
    if (event.type === 'run-finished') await rm(mark, { force: true });
    else await replaceFile(mark, String(event.seq));
  }

  async #tell(
    sinks: readonly SinkSettings[],
    events: readonly RecordedEvent[],
    folder: string,
    event: RecordedEvent,
    moment: MomentKind,
  ): Promise<void> {
    const wanted = sinks.filter((sink) => sink.tell.includes(moment));
    if (wanted.length === 0) return;
    const message = messageOf(event, events, folder, moment);
    for (const sink of wanted) await post(this.#settings.folders.state, sink, this.#settings.folder, message);
    void this.#send(false);
  }

  /** What runs had to tell whose Drillbook was killed after their end and before it was posted. */
  async #catchUp(): Promise<void> {
    const { state } = this.#settings.folders;
    const folder = join(outboxFolder(state), 'runs');
    for (const run of (await readdir(folder).catch(() => [])).filter(isRunId)) {
      if (this.#runs.has(run) || (await holderOfRun(runFolder(state, run)))) continue;
      const { events } = await readJournal(runFolder(state, run));
      const [started] = events;
      const end = events.findLast((event) => momentOf(event) === 'end');
      const last = events.findLast((event) => momentOf(event) === 'start');
      if (started?.type !== 'run-started' || !end || (last && last.seq > end.seq)) continue;
      // It was told when it happened: places that were configured since need not hear of it.
      if ((await readFile(join(folder, run), 'utf8')) === String(end.seq)) continue;
      await this.#tellEnd(this.sinksOf(started), events, runFolder(state, run), end, true);
    }
  }

  #later(task: () => Promise<unknown>): void {
    this.#queue = this.#queue.then(task).catch((error: Error) => this.#complain(error.message));
  }

  #send(start: boolean): Promise<Sent> {
    this.#again = this.#sending !== undefined;
    this.#sending ??= send({
      stateFolder: this.#settings.folders.state,
      environment: this.#environment,
      openObjects: (address) => objectsAt(address, this.#environment),
      signal: this.#leaving.signal,
      start,
    })
      .catch((error: Error): Sent => {
        this.#complain(error.message);
        return { told: [], failed: [], elsewhere: false };
      })
      .finally(() => {
        this.#sending = undefined;
        // Something was posted while the outbox was being read.
        if (this.#again && !this.#leaving.signal.aborted) void this.#send(false);
      });
    return this.#sending;
  }
}

/** What a task resolves to, or a sentence where that takes longer. */
async function within(ms: number, task: Promise<string | undefined>): Promise<string | undefined> {
  const late = Promise.withResolvers<string>();
  const timer = setTimeout(
    () => late.resolve('the run could not be shared in time; it goes into the store when it goes on'),
    ms,
  );
  try {
    return await Promise.race([task, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

interface Followed {
  readonly session: Session;
  readonly sinks: readonly SinkSettings[];
  /** How many of its events have been looked at. */
  seen: number;
}

/** Places that get words and no entry: they hear of the end at once. */
function isChat({ kind }: SinkSettings): boolean {
  return kind === 'slack' || kind === 'discord';
}
