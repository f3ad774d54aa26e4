import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openJournal } from '../../journal/journal.ts';
import { lockRun } from '../../journal/lock.ts';
import { readJournal } from '../../journal/read.ts';
import { runFolder } from '../../journal/runs.ts';
import { endKilledRun } from '../end-run.ts';
import { trainingsFolder } from './results.ts';

/** A training that ended with its process, and not by its trainee. */
export interface KilledTraining {
  readonly title: string;
  readonly operator: string;
  /** UTC, ISO 8601. */
  readonly startedAt: string;
  /** Runs of it that were ended as abandoned. */
  readonly runs: readonly string[];
}

/**
 * Ends the trainings that were killed: in the results they are left before the end, and their runs are abandoned, for the
 * sandbox that they were at is made anew. To be called where no other process trains. Never rejects: a journal that
 * cannot be written is left for the next time.
 */
export async function endKilledTrainings(
  state: string,
  operator: string,
): Promise<readonly KilledTraining[]> {
  const names = await readdir(trainingsFolder(state)).catch(() => []);
  const killed: KilledTraining[] = [];
  for (const name of names.sort()) {
    const one = await endOne(state, name, operator).catch(() => undefined);
    if (one) killed.push(one);
  }
  return killed;
}

async function endOne(state: string, name: string, operator: string): Promise<KilledTraining | undefined> {
  const folder = join(trainingsFolder(state), name);
  const { events } = await readJournal(folder);
  const facts = events.flatMap((event) => (event.type === 'training' ? [event.fact] : []));
  const [start] = facts;
  const [first] = events;
  if (!first || start?.kind !== 'started' || facts.some(({ kind }) => kind === 'finished')) return undefined;
  const runs: string[] = [];
  for (const fact of facts)
    if (fact.kind === 'run-begun' && (await endRun(state, fact.run, operator))) runs.push(fact.run);
  const { journal } = await openJournal(folder, operator);
  try {
    await journal.append({ type: 'training', fact: { kind: 'finished', outcome: 'left' } });
  } finally {
    await journal.close();
  }
  return { title: start.title, operator: first.operator, startedAt: first.time, runs };
}

async function endRun(state: string, run: string, operator: string): Promise<boolean> {
  const folder = runFolder(state, run);
  const locking = await lockRun(folder, run, operator).catch(() => undefined);
  if (locking?.kind !== 'locked') return false;
  try {
    const events = await endKilledRun(folder, operator, {
      note: 'the training that this run belonged to was killed; its sandbox was made anew',
      reason: 'the training was killed half-way',
    });
    return events !== undefined;
  } finally {
    await locking.lock.release();
  }
}

/** What became of trainings that were killed, for who begins the next one; undefined where there were none. Pure. */
export function wordsOfKilled(killed: readonly KilledTraining[]): string | undefined {
  const last = killed.at(-1);
  if (!last) return undefined;
  const others = killed.length > 1 ? ` and ${killed.length - 1} more` : '';
  const runs = killed.some((one) => one.runs.length > 0) ? ', its run as abandoned' : '';
  const began = last.startedAt.slice(0, 16).replace('T', ' ');
  return `The training “${last.title}” that ${last.operator} began at ${began} UTC${others} was killed before its end. It is kept in the results as left before the end${runs}: drillbook train results. This one begins on a sandbox that was made anew.`;
}
