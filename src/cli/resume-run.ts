import { stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { readLease } from '../drill/lease.ts';
import { fateOf } from '../execution/command-fate.ts';
import { mask } from '../execution/mask.ts';
import { isAlive } from '../execution/process-fate.ts';
import { loadState } from '../execution/shell-state.ts';
import { openJournal } from '../journal/journal.ts';
import { type Lock, lockRun, lockTarget } from '../journal/lock.ts';
import { findRun, listRuns, runFolder } from '../journal/runs.ts';
import type { RunEvent } from '../run/event.ts';
import { fold } from '../run/fold.ts';
import type { RecordedEvent, RunState } from '../run/state.ts';
import type { Target } from '../run/target.ts';
import type { ReadyTarget } from '../settings/targets.ts';
import { abandon, lockOf, type Made } from './begin.ts';
import { finishedUnstarted } from './command-end.ts';
import { exactEvents } from './exact-events.ts';
import { exit, Refusal } from './exit.ts';
import { goneUnseen } from './gone-unseen.ts';
import { rereadAt } from './guesses.ts';
import { type Asked, askedOf, giveIntent, inputsOfFlags, type NamedInput, suggestionFor } from './inputs.ts';
import { type Held, holdTarget } from './ready.ts';
import { type Found, findingsOf } from './resume-findings.ts';
import { RunSession } from './run-session.ts';
import { currentHash, runbookCopy } from './runbook-file.ts';
import { lockOnServer } from './server-lock.ts';
import type { Settings } from './settings.ts';
import { claimHandedOver, notTakenOver } from './shared-store.ts';
import { sinkSecrets } from './sink-secrets.ts';
import { prepareSurroundings } from './surroundings.ts';
import { version } from './version.ts';

export interface ResumedRun {
  readonly session: RunSession;
  readonly findings: readonly Found[];
}

/** The id of the run that a name or a prefix means; the newest unfinished one where none is given. Throws a `Refusal`. */
export async function runToResume(settings: Settings, given: string | undefined): Promise<string> {
  if (given === undefined) {
    const unfinished = (await listRuns(settings.folders.state)).filter((run) => run.status !== 'finished');
    if (!unfinished[0]) throw new Refusal('there is no unfinished run');
    return unfinished[0].id;
  }
  const found = await findRun(settings.folders.state, given);
  switch (found.kind) {
    case 'found':
      return found.id;
    case 'none':
      throw new Refusal(`there is no run ${given}. 'drillbook log list' shows the runs.`);
    case 'ambiguous':
      throw new Refusal(`${given} may mean several runs: ${found.ids.join(', ')}`);
  }
}

/**
 * Takes an unfinished run up again. The journal is folded, a torn tail cut off; whether the runbook and the server
 * are still what they were is checked and journaled; a command whose end nobody saw becomes interrupted. Secrets,
 * which no journal keeps, are given again as far as target, environment and `flags` (`NAME=VALUE`) answer them; blocks
 * at the lines `reread` will be read the other way, so that their values can be given too; the
 * shell grammar must be loaded.
 */
export async function resumeRun(
  id: string,
  settings: Settings,
  environment: NodeJS.ProcessEnv,
  onProgress: (text: string) => void,
  flags: readonly string[] = [],
  reread: readonly number[] = [],
): Promise<ResumedRun> {
  const folder = runFolder(settings.folders.state, id);
  if (!(await stat(folder).catch(() => undefined))) throw new Refusal(`there is no run ${id}`);
  const locks: Pick<Lock, 'release'>[] = [await lockOf(lockRun(folder, id, settings.operator))];
  const made: Made = {};
  let held: Held | undefined;
  const release = async () => {
    for (const lock of locks) await lock.release();
    await held?.release();
  };
  try {
    const masking = { mask: (text: string) => text };
    const { journal, reading } = await openJournal(folder, settings.operator, Date.now, (text) =>
      masking.mask(text),
    );
    made.journal = journal;
    if (reading.events.length === 0)
      throw new Refusal(
        `the run ${id} ended before its first fact was on disk: nothing was done in it`,
        exit.failed,
      );
    const exact = await exactEvents(folder, reading.events);
    const state = fold(exact);
    if (state.status === 'finished')
      throw new Refusal(`the run ${id} is finished (${state.outcome}); start a new one`, exit.failed);
    if (await readLease(folder))
      throw new Refusal(
        `the run ${id} is a drill that was killed: nobody goes on with half of one. The next 'drillbook drill run' cleans up after it and begins anew.`,
        exit.failed,
      );
    if (state.status === 'handed-over') await claimHandedOver(state, reading.events, settings, environment);
    const { target, mode, procedure } = state.started;
    const notes: RunEvent[] = [...(await notTakenOver(state, reading.events, settings, environment))];
    if (target) {
      held = await holdTarget(target.name, settings, environment, onProgress);
      mustBeSame(target, held.ready.target);
      locks.push(await lockOf(lockTarget(settings.folders.state, target.name, id, settings.operator)));
      if (mode !== 'preview') {
        const server = await lockOnServer(held.ready, id, settings.operator);
        locks.push(server);
        notes.push(...server.notes);
      }
    }
    const { withheld = [] } = await loadState(join(folder, 'state'));
    const asked = askedOf(rereadAt(procedure, notYetReread(state, reread)), held?.ready);
    const inputs = [
      ...(await secretsAgain(reading.events, asked, held?.ready, environment)),
      ...(await inputsOfFlags(flags, [...asked, ...withheld.map(askedAgain)], environment)),
    ];
    const surroundings = await prepareSurroundings(folder, id, held?.ready, environment, release);
    made.surroundings = surroundings;
    for (const [at, secret] of (await sinkSecrets(settings, target?.name, environment)).entries())
      surroundings.keepSecret(`sink ${at}`, secret);
    masking.mask = surroundings.mask;
    const session = new RunSession(journal, reading.events, surroundings, exact, state);
    made.session = session;
    const tornBytes = reading.torn?.bytes ?? 0;
    const interruption = await interruptionOf(folder, state, surroundings.mask);
    await session.record([
      {
        type: 'run-resumed',
        host: hostname(),
        version,
        tornBytes,
        ...(withheld.length > 0 ? { withheld } : {}),
      },
      ...interruption,
      await runbookCheck(state, folder),
      ...notes,
    ]);
    if (target?.engine === 'postgres') await session.identify();
    for (const input of inputs) await session.dispatch(giveIntent(input.name, input));
    return {
      session,
      findings: await findingsOf(folder, session.state(), reading.events, { tornBytes, interruption }),
    };
  } catch (error) {
    await abandon(folder, made, release);
    throw error;
  }
}

/** A block that this run reads the other way already stays so. */
function notYetReread({ started, rereads }: RunState, lines: readonly number[]): readonly number[] {
  return lines.filter((line) => {
    const guess = started.procedure.guesses?.find(({ range }) => range.line === line);
    return !guess || rereads[guess.block] === undefined;
  });
}

/** A variable that a command had set, and whose value was secret and is gone: whoever knows it may give it. */
function askedAgain(name: string): Asked {
  return { kind: 'variable', name, value: 'secret', uses: [] };
}

/** The settings may have changed, or be those of another folder: what the name means now must be what it meant. */
function mustBeSame(then: Target, now: Target): void {
  const compared = [
    ['environment', then.environment, now.environment],
    ['engine', then.engine, now.engine],
    ['address', then.address, now.address],
    ['database', then.database, now.database],
  ] as const;
  const differences = compared.flatMap(([what, before, after]) =>
    before === after ? [] : [`its ${what} was ${before} and is ${after}`],
  );
  if (differences.length === 0) return;
  throw new Refusal(
    `the target ${then.name} is not the one that the run began with: ${differences.join(', ')}. Resume with the settings that it began with (in the folder that it was started from), or start a new run.`,
    exit.failed,
  );
}

/** The secrets that the run had been given and that target or environment still know. */
async function secretsAgain(
  events: readonly RecordedEvent[],
  asked: readonly Asked[],
  ready: ReadyTarget | undefined,
  environment: NodeJS.ProcessEnv,
): Promise<readonly NamedInput[]> {
  const found: NamedInput[] = [];
  for (const one of asked) {
    const last = events.findLast((event) => event.type === 'input-given' && event.name === one.name);
    if (last?.type !== 'input-given' || !(last.secret || last.value?.includes(mask))) continue;
    const suggestion = await suggestionFor(one, ready, environment);
    // A default of the runbook would be another value than the one that was given.
    const known = suggestion?.source === 'target' || suggestion?.source === 'environment';
    if (suggestion && known) found.push({ ...suggestion, secret: true, name: one.name });
  }
  return found;
}

async function interruptionOf(
  folder: string,
  state: RunState,
  mask: (text: string) => string,
): Promise<readonly RunEvent[]> {
  const { running, interrupted } = state;
  // What lived on when the run was last taken up may have ended since.
  if (interrupted?.alive && !(interrupted.pid && (await isAlive(interrupted.pid, interrupted.birth))))
    return [await goneUnseen(interrupted, mask)];
  if (!running) return [];
  const { command, attempt, pid, birth } = running;
  // A command's text begins only when its process is on disk, and then its shell is told to.
  const fate = pid === undefined ? undefined : await fateOf(join(folder, 'state'), pid, birth);
  if (pid === undefined || fate?.kind === 'never-began')
    return [finishedUnstarted(running, 'Drillbook ended before it began')];
  if (fate?.kind !== 'running') return [await goneUnseen(running, mask)];
  return [{ type: 'command-interrupted', command, attempt, alive: true, pid }];
}

async function runbookCheck(state: RunState, folder: string): Promise<RunEvent> {
  const { path, sha256, maskedCopy } = state.started.runbook;
  // Whoever takes a run over may not have its runbook where it was: then what came along with the run counts.
  const elsewhere = state.status === 'handed-over' || state.started.host !== hostname();
  const along = elsewhere ? await currentHash(join(folder, runbookCopy)) : undefined;
  // The mask hides no change: what it stands for is asked for again when its command is to run.
  const hash = (await currentHash(path)) ?? (along !== undefined && along === maskedCopy ? sha256 : along);
  return { type: 'runbook-checked', same: hash === sha256, ...(hash ? { hash } : {}) };
}
