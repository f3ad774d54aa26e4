import { type FollowUp, followUps } from '../incident/follow-ups.ts';
import { readLogIndex } from '../incident/log-index.ts';
import type { Folders } from '../settings/folders.ts';

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
