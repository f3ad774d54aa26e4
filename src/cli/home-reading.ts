import { join, resolve } from 'node:path';
import { listRuns } from '../journal/runs.ts';
import type { HomeContent } from '../tui/house.ts';
import { drillsOnHome } from './drill-home.ts';
import { type LibraryEntry, lastRunsOf, readLibrary, shippedRunbooks } from './library.ts';
import { looseRunbooks } from './loose-runbooks.ts';
import { openOnHome } from './open-actions.ts';
import { type Held, holdTarget, sandboxName } from './ready.ts';
import { sentenceOf } from './sentence.ts';
import type { Settings } from './settings.ts';

/** Between two repaints of a list that is being read, in milliseconds. */
const repaintMs = 60;

/** What home shows, as it is read behind the screens: runs, drills, runbooks, and a sandbox that is ready for who has nothing else. */
export class HomeReading {
  readonly #settings: Settings;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #listeners = new Set<() => void>();
  /** The sandbox for as long as the screens are open, so that it need not start for every drill. */
  #warm: Promise<Held> | undefined;
  #behind: Promise<unknown> | undefined;
  #listing: Promise<void> | undefined;
  #history: Promise<void> | undefined;
  readonly #leaving = new AbortController();
  #content: HomeContent = { loading: true, sandbox: 'stopped', unfinished: [], runbooks: [], entries: [] };

  constructor(settings: Settings, environment: NodeJS.ProcessEnv) {
    this.#settings = settings;
    this.#environment = environment;
  }

  get content(): HomeContent {
    return this.#content;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Reads what was run, and starts the sandbox for who has no target of their own; once. Never rejects. */
  async begin(): Promise<void> {
    this.#behind ??= Promise.all([this.#readRuns(), this.#warmSandbox()]);
    await this.#behind;
  }

  /**
   * Fills the list of runbooks, once, for whoever looks at it: reading many takes memory and a processor that a run
   * which was begun by its name has better use for. Never rejects.
   */
  async list(): Promise<void> {
    this.#listing ??= this.#readLibrary();
    await Promise.all([this.#listing, this.#behind]);
    this.#set({ loading: false });
  }

  /** Reads again what was run here. Never rejects. */
  async renew(): Promise<void> {
    this.#history = undefined;
    await this.#readRuns();
  }

  /** Ends the reading of the list: nobody looks at it any more. */
  leave(): void {
    this.#leaving.abort();
  }

  /** Gives the sandbox back. */
  async close(): Promise<void> {
    const warm = await this.#warm?.catch(() => undefined);
    await warm?.release();
  }

  #set(change: Partial<HomeContent>): void {
    this.#content = { ...this.#content, ...change };
    for (const listener of this.#listeners) listener();
  }

  async #readRuns(): Promise<void> {
    await this.#readHistory();
    if (Object.values(this.#settings.targets).some(({ drill }) => drill?.schedule !== undefined))
      this.#set({ drills: await drillsOnHome(this.#settings, new Date()) });
    this.#set(await openOnHome(this.#settings.folders));
  }

  /** What was run here, and where to begin if nothing was: before any runbook, so that the mark stands on it. */
  #readHistory(): Promise<void> {
    this.#history ??= this.#readFinished();
    return this.#history;
  }

  async #readFinished(): Promise<void> {
    const runs = await listRuns(this.#settings.folders.state).catch(() => []);
    const unfinished = runs
      .filter(
        (run) =>
          run.status !== 'finished' && run.status !== 'unreadable' && run.mode !== 'preview' && !run.holder,
      )
      .map((run) => ({
        run: run.id,
        title: run.title ?? run.id,
        mode: run.mode ?? 'incident',
        target: run.target ?? 'no target',
        lastAt: run.lastAt ?? '',
        at: run.progress
          ? `step ${run.progress.step}/${run.progress.of} ${run.progress.title ?? ''}`.trim()
          : '',
      }));
    const entries = runs
      .filter((run) => run.status === 'finished' && run.mode !== 'preview')
      .map((run) => ({
        path: join(run.folder, 'entry.md'),
        title: run.title ?? run.id,
        at: run.lastAt ?? '',
        outcome: run.outcome ?? '',
        mode: run.mode ?? 'incident',
      }));
    const first = unfinished.length === 0 && entries.length === 0;
    const last = lastRunsOf(runs);
    this.#set({
      unfinished,
      entries: entries.slice(0, 20),
      runbooks: this.#content.runbooks.map((listed) => ({ ...listed, ...last.get(resolve(listed.path)) })),
      ...(first ? { starter: join(shippedRunbooks(), 'postgres-restore.md') } : {}),
    });
  }

  async #readLibrary(): Promise<void> {
    const places = [...this.#settings.runbooks, shippedRunbooks()];
    // The list fills while it is read, some at a time: a repaint for each of a thousand would hold keys up.
    let waiting: LibraryEntry[] = [];
    const show = () => {
      if (waiting.length === 0) return;
      this.#set({ runbooks: [...this.#content.runbooks, ...waiting].sort(byTitle) });
      waiting = [];
    };
    const clock = setInterval(show, repaintMs);
    const onEntry = (entry: LibraryEntry) => waiting.push(entry);
    const { folders } = this.#settings;
    const runs = await listRuns(folders.state).catch(() => []);
    await this.#readHistory();
    this.#set({ loose: await looseRunbooks(process.cwd(), this.#settings.runbooks) });
    await readLibrary(places, onEntry, { cache: folders.cache, runs, signal: this.#leaving.signal }).catch(
      () => undefined,
    );
    clearInterval(clock);
    show();
  }

  /** Who has no target of their own is here to try it: the sandbox is ready before they ask for it. */
  async #warmSandbox(): Promise<void> {
    if (Object.keys(this.#settings.targets).length > 0) return;
    this.#set({ sandbox: 'starting' });
    try {
      this.#warm = holdTarget(sandboxName, this.#settings, this.#environment, (sandboxMessage) =>
        this.#set({ sandboxMessage }),
      );
      await this.#warm;
      this.#set({ sandbox: 'ready', sandboxMessage: undefined });
    } catch (error) {
      this.#set({ sandbox: 'unavailable', sandboxMessage: sentenceOf(error) ?? String(error) });
    }
  }
}

type Listed = HomeContent['runbooks'][number];

function byTitle(a: Listed, b: Listed): number {
  return a.title < b.title ? -1 : a.title > b.title ? 1 : a.path < b.path ? -1 : 1;
}
