import { type Backup, readCatalog } from '../backup/catalog.ts';
import { BackupError, firstLine } from '../backup/error.ts';
import type { Store } from '../backup/store.ts';
import type { Outcome, RunEvent } from '../run/event.ts';
import { restoreSeconds } from '../run/measure.ts';
import { planned, plannedParts } from '../run/plan.ts';
import type { RunState } from '../run/state.ts';
import type { DrillSettings } from '../settings/drill-settings.ts';
import { runCheck } from './check.ts';
import { criterionInWords, type DrillCriterion, type Judged, partOfCriterion, titleOf } from './criterion.ts';
import type { Conduct } from './drill-session.ts';
import { type Fetched, fetchBackup, keepManifest } from './fetch.ts';
import { type Lease, writeLease } from './lease.ts';
import { measureContents } from './measure.ts';
import { pickBackup } from './pick.ts';
import { giveBack, isThere } from './scratch.ts';

export interface ConductRequest {
  readonly settings: DrillSettings;
  readonly store: Store;
  /** What the backups of the target may be called by. */
  readonly names: readonly string[];
  /** The backup, where it was chosen already. */
  readonly picked?: Backup;
  readonly lease: Lease;
  /** The scratch database, with credentials. */
  readonly url: string;
  /** The live database, by a connection that may only read, with credentials; absent where it is not compared with. */
  readonly source?: string;
  /** What the application's checks get, beside DATABASE_URL. */
  readonly environment: NodeJS.ProcessEnv;
  /** Where they start. */
  readonly cwd: string;
  /** Seconds. */
  readonly objectives: { readonly rto?: number | undefined; readonly rpo?: number | undefined };
  /** A person has said that commands may run of which nobody knows what they do. */
  readonly allowsUnknown: boolean;
  /** Ids of parts that nobody needs to be asked for. */
  readonly unattended: ReadonlySet<string>;
  readonly runFolder: string;
  readonly record: (events: readonly RunEvent[]) => Promise<void>;
  readonly mask: (text: string) => string;
}

/** What a drill does around the steps of its runbook: fetch, measure, judge, give back. */
export class DrillConduct implements Conduct {
  readonly #request: ConductRequest;
  readonly #stop = new AbortController();
  readonly #judged = new Map<DrillCriterion, Judged>();
  #fetched: Fetched | undefined;
  #measuring: Promise<void> | undefined;
  #gaveBack = false;

  constructor(request: ConductRequest) {
    this.#request = request;
  }

  stop(): void {
    this.#stop.abort();
  }

  get isStopped(): boolean {
    return this.#stop.signal.aborted;
  }

  get allowsUnknown(): boolean {
    return this.#request.allowsUnknown;
  }

  isUnattended(part: string): boolean {
    return this.#request.unattended.has(part);
  }

  async begin(): Promise<string | undefined> {
    const { store, settings, names, lease, runFolder, record } = this.#request;
    let picked: Backup;
    try {
      picked = this.#request.picked ?? pickBackup(await readCatalog(store), names, settings, new Date());
      await record([
        note(
          `the drill takes the backup ${picked.name} of ${picked.takenAt.toISOString()}, from ${store.location}`,
        ),
      ]);
      const fetched = await fetchBackup(store, picked, lease.folder, this.#stop.signal);
      this.#judged.set('download', fetched.judged);
      if (!('backup' in fetched)) return `the backup ${picked.name} is not good: ${fetched.judged.measured}`;
      this.#fetched = fetched;
    } catch (error) {
      if (!(error instanceof BackupError)) throw error;
      if (this.isStopped) return error.message;
      this.#judged.set('download', { verdict: 'missed', measured: error.message });
      return `no backup could be fetched: ${error.message}`;
    }
    await keepManifest(lease.folder, this.#fetched, runFolder);
    await record([reported('verified', picked, this.#fetched, lease)]);
    return undefined;
  }

  async judge(text: string, state: RunState): Promise<Judged | undefined> {
    const criterion = criterionInWords(text);
    if (criterion === undefined) return undefined;
    if (!this.#judged.has(criterion)) await this.#measure(state);
    return this.#judged.get(criterion);
  }

  /** The restored database may be gone after the next step: what is to be known of it is asked for while it is there. */
  async stepDone(state: RunState): Promise<void> {
    const step = state.started.procedure.items.find((item) => item.kind === 'step' && item.id === state.step);
    if (step?.kind === 'step' && step.phase === 'verify') await this.#measure(state);
  }

  async end(outcome: Outcome, state: RunState): Promise<string | undefined> {
    const { settings, record } = this.#request;
    // Also where the drill has failed: what was restored may say why. Whoever stops it does not want to wait.
    if (outcome !== 'abandoned') await this.#measure(state);
    if (outcome === 'passed' && !this.#judged.has('query')) this.#sawNothing();
    this.#judgeTimes(outcome, state);
    const judged = settings.criteria.map(
      (criterion) => [criterion, this.#judged.get(criterion) ?? notReached] as const,
    );
    await record(
      judged.map(([criterion, { verdict, measured }]) => ({
        type: 'criterion-judged',
        part: partOfCriterion(criterion),
        verdict,
        by: 'measured',
        measured,
      })),
    );
    const missed = judged.filter(([, { verdict }]) => verdict === 'missed').map(([criterion]) => criterion);
    const gaveBack = await this.giveBack();
    if (gaveBack !== undefined) await record([note(gaveBack)]);
    return missed.length === 0 ? undefined : `missed: ${missed.map(titleOf).join('; ')}`;
  }

  /** A runbook that went through to its end without a restore has proved nothing, and must not pass for one that has. */
  #sawNothing(): void {
    const measured = `no restored database was seen: the runbook must restore into the one of RESTORE_URL`;
    for (const criterion of ['tables', 'counts', 'query'] as const)
      this.#judged.set(criterion, { verdict: 'missed', measured });
  }

  /**
   * Gives back database and folder, once; resolves to a sentence that tells what became of them. Where it fails the lease
   * stays, and the next drill tries again.
   */
  async giveBack(): Promise<string | undefined> {
    if (this.#gaveBack) return undefined;
    this.#gaveBack = true;
    const { lease, url, runFolder } = this.#request;
    try {
      const removed = await giveBack(lease, url);
      await writeLease(runFolder, { ...lease, cleanedAt: new Date().toISOString() });
      return `cleaned up: ${['the fetched backup', ...removed].join(' and ')}`;
    } catch (error) {
      return `the drill could not clean up: ${firstLine(error)}. The next 'drillbook drill run' tries again`;
    }
  }

  /** Once, while the restored database is there. */
  #measure(state: RunState): Promise<void> {
    if (restoreOf(state) === 'failed') return Promise.resolve();
    this.#measuring ??= this.#measureNow(state);
    return this.#measuring;
  }

  async #measureNow(state: RunState): Promise<void> {
    const { url, source, settings, lease, record } = this.#request;
    if (!this.#fetched) return;
    try {
      if (!(await isThere(url))) {
        this.#measuring = undefined;
        return;
      }
      const { backup } = this.#fetched;
      const compared = state.comparisons.findLast(
        (one) => one.left !== one.right && isWithSource(one, lease),
      );
      const verdicts = await measureContents({
        url,
        ...(backup.manifest ? { manifest: backup.manifest } : {}),
        ...(source && settings.compare === 'source' ? { source } : {}),
        ...(compared && settings.compare === 'source' ? { compared } : {}),
        tolerance: settings.tolerance,
        signal: this.#stop.signal,
      });
      for (const [criterion, judged] of Object.entries(verdicts))
        this.#judged.set(criterion as DrillCriterion, judged);
      this.#judged.set('query', await this.#query());
    } catch (error) {
      // Whoever stopped the drill has not found anything out about the backup.
      if (this.isStopped) return;
      const measured = `the restored database could not be read: ${firstLine(error)}`;
      for (const criterion of ['tables', 'counts', 'query'] as const)
        if (!this.#judged.has(criterion)) this.#judged.set(criterion, { verdict: 'missed', measured });
    }
    const seconds = (Date.now() - Date.parse(state.started.time)) / 1000;
    this.#judged.set('rto', against(seconds, this.#request.objectives.rto));
    await record([reported('restored', this.#fetched.backup, this.#fetched, lease)]);
  }

  async #query(): Promise<Judged> {
    const { settings, environment, cwd, url, record, mask } = this.#request;
    // Every table was read through the role that the application would use: that much is known without a check.
    if (settings.checks.length === 0)
      return { verdict: 'met', measured: 'every table was read; no check is set' };
    const all: Judged[] = [];
    for (const check of settings.checks) {
      const result = await runCheck(check, {
        environment: { ...environment, DATABASE_URL: url },
        cwd,
        signal: this.#stop.signal,
      });
      const masked = { verdict: result.verdict, measured: mask(result.measured) };
      await record([note(`check ${masked.measured}${result.said === '' ? '' : `: ${mask(result.said)}`}`)]);
      all.push(masked);
    }
    return {
      verdict: all.every((one) => one.verdict === 'met') ? 'met' : 'missed',
      measured: all.map((one) => one.measured).join('; '),
    };
  }

  #judgeTimes(outcome: Outcome, state: RunState): void {
    const { settings, objectives } = this.#request;
    const seconds = restoreSeconds(state);
    // A restore that somebody stopped has shown nothing.
    if (outcome === 'abandoned' && restoreOf(state) !== 'done') return;
    if (restoreOf(state) === 'failed')
      this.#judged.set('restore-time', { verdict: 'missed', measured: 'a command of the restore failed' });
    else if (seconds !== undefined)
      this.#judged.set('restore-time', against(seconds, settings.restore_within));
    if (this.#fetched) {
      const loss = (Date.parse(state.started.time) - this.#fetched.takenAt.getTime()) / 1000;
      // How much would be lost says the newest backup; an older one was taken to see whether it is good.
      const objective = settings.backup === 'latest' ? objectives.rpo : undefined;
      this.#judged.set('rpo', against(Math.max(0, loss), objective));
    }
  }
}

const notReached: Judged = { verdict: 'not-judged', measured: 'the drill did not come to it' };

function against(seconds: number, objective: number | undefined): Judged {
  const figure = `${seconds.toFixed(1)} s`;
  if (objective === undefined) return { verdict: 'not-judged', measured: `${figure}, without an objective` };
  return {
    verdict: seconds <= objective ? 'met' : 'missed',
    measured: `${figure}, allowed are ${objective} s`,
  };
}

/** What has become of the restore so far, by the last attempts of its commands. */
function restoreOf(state: RunState): 'none' | 'failed' | 'done' {
  const ends = planned(state.started.procedure.items, state.options)
    .flatMap((item) => (item.kind === 'step' && item.phase === 'restore' ? [item] : []))
    .flatMap((step) => plannedParts(step.parts, state.options))
    .flatMap((part) => (part.kind === 'command' ? [state.parts[part.id]?.attempts.at(-1)] : []))
    .filter((attempt) => attempt !== undefined);
  if (ends.length === 0) return 'none';
  return ends.every((attempt) => attempt.finished?.verdict === 'succeeded') ? 'done' : 'failed';
}

/** A comparison of the scratch database with the live one, not with a backup. */
function isWithSource(one: RunState['comparisons'][number], { database }: Lease): boolean {
  return one.right.startsWith(`${database} on `) && / on /.test(one.left) && !one.left.startsWith('backup ');
}

function reported(
  action: 'verified' | 'restored',
  backup: Backup,
  fetched: Fetched,
  { database }: Lease,
): RunEvent {
  const { manifest } = fetched.backup;
  return {
    type: 'backup-reported',
    backup: {
      action,
      name: backup.name,
      location: fetched.location,
      bytes: backup.bytes,
      takenAt: fetched.takenAt.toISOString(),
      ...(action === 'verified'
        ? { verified: true, durationMs: Math.round(fetched.durationMs) }
        : { database }),
      ...(manifest ? { sha256: manifest.copied?.sha256 ?? manifest.sha256, kind: manifest.kind } : {}),
    },
  };
}

function note(text: string): RunEvent {
  return { type: 'note-added', text };
}
