import { join } from 'node:path';
import { type FollowUp, followUps } from '../incident/follow-ups.ts';
import { readLogIndex } from '../incident/log-index.ts';
import { letterLine, waiting } from '../incident/outbox.ts';
import { runFolder } from '../journal/runs.ts';
import type { Folders } from '../settings/folders.ts';
import type { HomeContent } from '../tui/house.ts';

/** Every follow-up of this machine's runs, the oldest first. */
export async function allFollowUps({ state, cache }: Folders): Promise<readonly FollowUp[]> {
  const runs = await readLogIndex(state, cache);
  const answers = runs.flatMap(({ summary, followUps }) =>
    followUps === undefined
      ? []
      : [{ run: summary.id, at: summary.lastAt ?? summary.startedAt ?? '', answer: followUps }],
  );
  return followUps(state, answers);
}

/** What the home screen says of things that are still open: to be done, and to be told. Never rejects. */
export async function openOnHome(folders: Folders): Promise<Pick<HomeContent, 'followUps' | 'untold'>> {
  const [all, letters] = await Promise.all([
    allFollowUps(folders).catch(() => []),
    waiting(folders.state).catch(() => []),
  ]);
  const followUps = all
    .filter(({ closed }) => !closed)
    .map(({ id, text, at, run }) => ({
      id,
      text,
      at,
      ...(run === undefined ? {} : { entry: join(runFolder(folders.state, run), 'entry.md') }),
    }));
  // What waits for its first try is on its way.
  return { followUps, untold: letters.filter(({ tries }) => tries > 0).map(letterLine) };
}
