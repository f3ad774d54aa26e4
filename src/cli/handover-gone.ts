import { hostname } from 'node:os';
import type { ObjectStore } from '../backup/object-store.ts';
import { endLockHolder, lookAtLock, type RunLockLook } from '../backup/run-lock.ts';
import { Redaction } from '../execution/redaction.ts';
import { entryOf } from '../incident/entry.ts';
import { spoken, utc } from '../incident/format.ts';
import { type SharedRun, sharedRun, takeGone } from '../incident/shared/gone.ts';
import { writeEntry } from '../incident/write.ts';
import { openJournal } from '../journal/journal.ts';
import { lockRun } from '../journal/lock.ts';
import type { RunEvent } from '../run/event.ts';
import { planned } from '../run/plan.ts';
import { withDatabase } from '../settings/connection.ts';
import { sanitise } from '../terminal/sanitise.ts';
import { confirm as askFor } from './backup-task.ts';
import { lockOf } from './begin.ts';
import { exit, Refusal } from './exit.ts';
import { holdTarget, sandboxName } from './ready.ts';
import type { Settings } from './settings.ts';

export interface GoneOptions {
  reason?: string;
  confirm?: string;
  endConnection?: boolean;
}

type Connection = Extract<RunEvent, { type: 'run-taken-over' }>['connection'];

/**
 * Takes a run over whose machine is gone: says what the store knows of it and what the server knows of the machine's
 * connection, wants a reason and a person's word, and journals both. Undefined where the store has no such run; throws a
 * `Refusal` where it must not be taken.
 */
export async function takeFromGone(
  store: ObjectStore,
  run: string,
  settings: Settings,
  { reason, confirm, endConnection = false }: GoneOptions,
): Promise<string | undefined> {
  const seen = await sharedRun(store, run).catch((error: Error) => {
    throw new Refusal(`the run ${run} cannot be taken over: ${error.message}`, exit.failed);
  });
  if (!seen) return undefined;
  if (seen.state.status === 'finished')
    throw new Refusal(
      `the run ${run} is finished (${seen.state.outcome}): there is nothing to take`,
      exit.failed,
    );
  if (!reason?.trim())
    throw new Refusal('say why: --reason "the laptop is stolen". It stands in the journal and in the entry.');
  const look = await lookAtServer(seen, settings);
  say(`${wordsOf(seen)}\n${connectionWords(look, seen)}`);
  if (look?.kind === 'held' && !endConnection)
    throw new Refusal(
      look.run === run
        ? `the machine that is said to be gone still has its connection to the server: its Drillbook may be at work. Go there. If it is gone for certain (asleep, cut off), the same with --end-connection ends that connection (process ${look.pid}) and takes the run.`
        : `the database is in the hands of ${look.run ? `the run ${look.run}` : 'another session'} (process ${look.pid} of the server, from ${look.client}). Finish that first, or end it with --end-connection.`,
      exit.failed,
    );
  await askFor(`GONE ${seen.host}`, confirm);
  const taking = await takeGone(store, seen, settings.folders.state, settings.operator);
  switch (taking.kind) {
    case 'held':
      throw new Refusal(
        `the run ${run} was taken over already${taking.by ? ` by ${taking.by.operator} on ${taking.by.host}, ${utc(taking.by.at)}` : ''}. Follow it with 'drillbook watch ${run}'.`,
        exit.failed,
      );
    case 'unsound':
      throw new Refusal(`the run ${run} was not taken over: ${taking.reason}`, exit.failed);
    case 'taken':
  }
  const connection = await endedConnection(look, seen, settings);
  await note(taking.folder, run, settings.operator, {
    type: 'run-taken-over',
    from: taking.shared.operator,
    lost: taking.shared.host,
    host: hostname(),
    reason,
    connection,
  });
  say(
    `Taken over: ${taking.shared.state.seq} facts, the chain is whole. What was printed on ${taking.shared.host} is not here beyond its last lines.`,
  );
  return run;
}

/** Journals the takeover, and writes the entry as far as it goes. */
async function note(
  folder: string,
  run: string,
  operator: string,
  event: Extract<RunEvent, { type: 'run-taken-over' }>,
): Promise<void> {
  const lock = await lockOf(lockRun(folder, run, operator));
  try {
    const { journal, reading } = await openJournal(folder, operator, Date.now, (text) =>
      new Redaction().text(text),
    );
    try {
      const recorded = await journal.append(event);
      await writeEntry(entryOf([...reading.events, recorded], new Date()), folder);
    } finally {
      await journal.close();
    }
  } finally {
    await lock.release();
  }
}

/** Where the target's server is, as the settings here say; undefined for a run that has none that could be asked. */
async function serverOf(
  { state }: SharedRun,
  settings: Settings,
): Promise<{ readonly url: string; readonly database: string } | undefined> {
  const { target } = state.started;
  if (target?.engine !== 'postgres' || target.name === sandboxName) return undefined;
  const { ready, release } = await holdTarget(target.name, settings, process.env, () => {});
  await release();
  return { url: withDatabase(ready.url, 'postgres'), database: target.database };
}

async function lookAtServer(seen: SharedRun, settings: Settings): Promise<RunLockLook | undefined> {
  const server = await serverOf(seen, settings);
  return server && lookAtLock(server.url, server.database);
}

async function endedConnection(
  look: RunLockLook | undefined,
  seen: SharedRun,
  settings: Settings,
): Promise<Connection> {
  if (look?.kind === 'free') return 'gone';
  const server = look?.kind === 'held' ? await serverOf(seen, settings) : undefined;
  if (!server || look?.kind !== 'held') return 'not-seen';
  const now = await endLockHolder(server.url, server.database, look.pid);
  if (now.kind === 'free') return 'ended';
  say(
    now.kind === 'held'
      ? `The connection could not be ended: process ${now.pid} of the server holds the database.`
      : `Whether the connection is ended cannot be seen: ${now.message}`,
  );
  return 'not-seen';
}

function wordsOf({ run, state, operator, host, lastAt }: SharedRun): string {
  const { started, step, running, interrupted } = state;
  const steps = planned(started.procedure.items, state.options).filter((item) => item.kind === 'step');
  const at = steps.findIndex((item) => item.id === step);
  const open = running ?? interrupted;
  const ago = Math.max(0, Math.round((Date.now() - Date.parse(lastAt)) / 1000));
  return [
    `${run}  ${started.procedure.title}${started.target ? `, ${started.target.name} (${started.target.environment})` : ''}`,
    `  ${operator} on ${host}, last fact ${utc(lastAt)} (${spoken(ago)} ago)`,
    ...(at < 0 ? [] : [`  in step ${at + 1}/${steps.length}: ${steps[at]!.title}`]),
    ...(open
      ? [
          `  a command was running: ${open.text.split('\n')[0]}`,
          '  What came of it, and whether it goes on there, only the server can tell.',
        ]
      : []),
  ].join('\n');
}

function connectionWords(look: RunLockLook | undefined, { state }: SharedRun): string {
  const { target } = state.started;
  switch (look?.kind) {
    case undefined:
      return '  Nobody can be asked whether that machine is still at work.';
    case 'free':
      return `  Its connection to the server of ${target?.name} is gone, and with it its lock on ${target?.database}.`;
    case 'unavailable':
      return `  Whether it is still connected to the server cannot be seen: ${look.message}`;
    case 'held':
      return `  The server has a connection that holds ${target?.database}: process ${look.pid}, from ${look.client}${look.since ? `, since ${look.since} UTC` : ''}${look.run ? `, run ${look.run}` : ''}.`;
  }
}

function say(text: string): void {
  process.stderr.write(`${sanitise(text)}\n`);
}
