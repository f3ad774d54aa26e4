import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readJournal } from '../../journal/read.ts';
import { runFolder } from '../../journal/runs.ts';
import type { RecordedEvent } from '../../run/state.ts';
import { scenarioOf } from './scenarios.ts';
import { type Score, scoreOf } from './score.ts';

/** The folder of all trainings of a state folder. */
export function trainingsFolder(state: string): string {
  return join(state, 'trainings');
}

/** The events of the runs that a training names; one that cannot be read has none. */
export async function eventsOfRuns(
  state: string,
  events: readonly RecordedEvent[],
): Promise<readonly (readonly RecordedEvent[])[]> {
  const runs = events.flatMap((event) =>
    event.type === 'training' && event.fact.kind === 'run-begun' ? [event.fact.run] : [],
  );
  return Promise.all(
    runs.map((run) =>
      readJournal(runFolder(state, run)).then(
        (reading) => reading.events,
        () => [],
      ),
    ),
  );
}

/** The results of every training on this machine, the newest first; journals that tell none are left out. */
export async function readResults(state: string): Promise<readonly Score[]> {
  const names = await readdir(trainingsFolder(state)).catch(() => []);
  const scores = await Promise.all(
    names.map(async (name) => {
      try {
        const { events } = await readJournal(join(trainingsFolder(state), name));
        const scenario = events.flatMap((event) =>
          event.type === 'training' && event.fact.kind === 'started' ? [event.fact.scenario] : [],
        )[0];
        const questions = scenarioOf(scenario ?? '')?.questions.map(({ id }) => id) ?? [];
        return scoreOf(events, await eventsOfRuns(state, events), questions);
      } catch {
        return undefined;
      }
    }),
  );
  return scores.filter((score) => score !== undefined).sort((a, b) => b.startedAt.localeCompare(a.startedAt));
}

/** What one person has done, over all trainings. */
export interface Person {
  readonly operator: string;
  readonly trainings: number;
  readonly solved: number;
  /** Scenarios that were solved at least once, with the best points. */
  readonly best: Readonly<Record<string, number>>;
  readonly hints: number;
  readonly nearMisses: number;
  readonly last: string;
}

/** Adds up results by person, by name. Pure. */
export function peopleOf(scores: readonly Score[]): readonly Person[] {
  return [...new Set(scores.map(({ operator }) => operator))].sort().map((operator) => {
    const own = scores.filter((score) => score.operator === operator);
    const solved = own.filter(({ outcome }) => outcome === 'solved');
    const best: Record<string, number> = {};
    for (const { scenario, points } of solved) best[scenario] = Math.max(best[scenario] ?? 0, points);
    return {
      operator,
      trainings: own.length,
      solved: solved.length,
      best,
      hints: own.reduce((sum, { hints }) => sum + hints, 0),
      nearMisses: own.reduce((sum, { nearMisses }) => sum + nearMisses.length, 0),
      last:
        own
          .map(({ startedAt }) => startedAt)
          .sort()
          .at(-1) ?? '',
    };
  });
}
