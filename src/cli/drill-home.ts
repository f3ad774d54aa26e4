import { dueTargets } from '../drill/overview.ts';
import type { HomeContent } from '../tui/house.ts';
import { dueWords } from './drill-words.ts';
import type { Settings } from './settings.ts';

/** The drills that home shows: those that are due, the longest waiting first. A schedule that cannot be used is said too. */
export async function drillsOnHome(
  settings: Pick<Settings, 'targets' | 'folders'>,
  now: Date,
): Promise<NonNullable<HomeContent['drills']>> {
  const all = await dueTargets(settings.targets, settings.folders.state, now);
  return all
    .flatMap(({ target, due, last, problem }) => {
      if (problem !== undefined) return [{ target, overdue: true, words: problem, since: '' }];
      if (due.kind !== 'due' && due.kind !== 'overdue') return [];
      const before = last === undefined ? 'never drilled' : `last ${last.slice(0, 10)}`;
      return [
        {
          target,
          overdue: due.kind === 'overdue',
          words: `${dueWords(due, now)}, ${before}`,
          since: due.since,
        },
      ];
    })
    .sort((a, b) => (a.since < b.since ? -1 : a.since > b.since ? 1 : 0))
    .map(({ since: _, ...shown }) => shown);
}
