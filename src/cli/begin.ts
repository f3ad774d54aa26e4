import { mkdir, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { createJournal, type Journal } from '../journal/journal.ts';
import { type Lock, lockRun, lockTarget } from '../journal/lock.ts';
import { newRunId } from '../journal/run-id.ts';
import { runFolder } from '../journal/runs.ts';
import type { RunEvent, RunStarted } from '../run/event.ts';
import { here } from '../run/here.ts';
import type { Mode } from '../run/mode.ts';
import type { Procedure } from '../runbook/procedure.ts';
import { exit, Refusal } from './exit.ts';
import { giveIntent, type Suggestion } from './inputs.ts';
import type { Held } from './ready.ts';
import { RunSession } from './run-session.ts';
import { copyOf, type RunbookFile, runbookCopy } from './runbook-file.ts';
import { lockOnServer } from './server-lock.ts';
import type { Settings } from './settings.ts';
import { sinkSecrets } from './sink-secrets.ts';
import { prepareSurroundings, type Surroundings } from './surroundings.ts';
import { sweepRuns } from './sweep.ts';
import { version } from './version.ts';

export interface Beginning {
  readonly file: RunbookFile;
  readonly procedure: Procedure;
  readonly mode: Mode;
  /** None for a run without a target. */
  readonly held: Held | undefined;
  readonly inputs: readonly (Suggestion & { readonly name: string })[];
}

/**
 * Begins a run: its folder, its locks, its journal with the first facts, and the first step. The session takes over
 * what the target holds; where beginning fails everything is given back and a `Refusal` or `JournalFault` says why.
 */
export async function beginRun(
  beginning: Beginning,
  settings: Settings,
  environment: NodeJS.ProcessEnv,
): Promise<RunSession> {
  const { file, procedure, mode, held, inputs } = beginning;
  const run = newRunId(procedure.title, new Date());
  const folder = runFolder(settings.folders.state, run);
  const locks: Pick<Lock, 'release'>[] = [];
  const made: Made = {};
  const release = async () => {
    for (const lock of locks) await lock.release();
    await held?.release();
  };
  const notes: RunEvent[] = [];
  try {
    await sweepRuns(settings.folders.state, settings.operator);
    if (held && mode !== 'preview') {
      locks.push(
        await lockOf(lockTarget(settings.folders.state, held.ready.target.name, run, settings.operator)),
      );
      const server = await lockOnServer(held.ready, run, settings.operator);
      locks.push(server);
      notes.push(...server.notes);
    }
    locks.push(await lockOf(lockRun(folder, run, settings.operator)));
    const surroundings = await prepareSurroundings(folder, run, held?.ready, environment, release);
    made.surroundings = surroundings;
    for (const input of inputs) if (input.secret) surroundings.keepSecret(input.name, input.value);
    for (const [at, secret] of (await sinkSecrets(settings, held?.ready.target.name, environment)).entries())
      surroundings.keepSecret(`sink ${at}`, secret);
    const journal = await createJournal(folder, settings.operator, Date.now, surroundings.mask);
    made.journal = journal;
    await copyRunbook(file, folder);
    const start = startOf(beginning, run);
    const first = await journal.append(start);
    const { seq, time, operator, prev } = first;
    const session = new RunSession(journal, [first], surroundings, [{ ...start, seq, time, operator, prev }]);
    made.session = session;
    await session.record(notes);
    if (held && held.ready.target.engine === 'postgres') await session.identify();
    for (const input of inputs) await session.dispatch(giveIntent(input.name, input));
    if (here(session.state()).kind === 'step-done') await session.dispatch({ type: 'next' });
    settings.preferences.remember({
      runbook: file.path,
      ...(held ? { target: held.ready.target.name } : {}),
    });
    return session;
  } catch (error) {
    await abandon(folder, made, release);
    throw error;
  }
}

/** What has been made so far of a run that is being begun or taken up. */
export interface Made {
  surroundings?: Surroundings;
  journal?: Journal;
  session?: RunSession;
}

/** Gives back what a run has taken that could not be begun or taken up; why it could not is what must be told. */
export async function abandon(folder: string, made: Made, release: () => Promise<void>): Promise<void> {
  await (made.session ?? made.journal)?.close().catch(() => undefined);
  await made.surroundings?.release().catch(() => undefined);
  await rm(join(folder, 'pgpass'), { force: true });
  await release();
}

export async function lockOf(locking: ReturnType<typeof lockRun>): Promise<Lock> {
  const result = await locking;
  if (result.kind === 'held') throw new Refusal(result.message, exit.failed);
  return result.lock;
}

/** What the run was begun with, for a look when the original has changed; secrets in it are masked. */
async function copyRunbook(file: RunbookFile, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(join(folder, runbookCopy), copyOf(file).bytes, { mode: 0o600 });
}

function startOf({ file, procedure, mode, held }: Beginning, run: string): RunStarted {
  const { runbook, sha256, path } = file;
  const { maskedCopy } = copyOf(file);
  return {
    type: 'run-started',
    schema: 1,
    run,
    mode,
    ...(held ? { target: held.ready.target } : {}),
    runbook: {
      path: resolve(path),
      title: runbook.title,
      sha256,
      ...(maskedCopy ? { maskedCopy } : {}),
      ...(runbook.meta.severity ? { severity: runbook.meta.severity } : {}),
      contacts: runbook.contacts.map(({ role, reach }) => ({ role, reach })),
    },
    procedure,
    host: hostname(),
    version,
  };
}
