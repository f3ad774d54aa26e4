import { connected } from './connection.ts';
import type { Place } from './place.ts';
import { database } from './sample/seed.ts';
import type { SandboxStatus } from './status.ts';
import { trainingMark } from './training-mark.ts';

/** What an earlier run left behind that the next one would stumble over, in words; undefined where all is in order. */
export async function disorderOf(
  place: Pick<Place, 'socket'>,
  status: Pick<SandboxStatus, 'application'> & Partial<Pick<SandboxStatus, 'home'>>,
): Promise<string | undefined> {
  if (status.home !== undefined && (await trainingMark(status.home)) !== 'none')
    return 'a training has broken it on purpose';
  if (status.application?.stopped) return 'its application is stopped';
  if (status.application?.maintenance) return 'its application is in maintenance mode';
  return connected(place, 'postgres', async (client) => {
    const { rows } = await client.query<{ open: boolean }>(
      'SELECT datallowconn AS open FROM pg_database WHERE datname = $1',
      [database],
    );
    if (rows.length === 0) return `its database ${database} is gone`;
    return rows[0]!.open ? undefined : `its database ${database} is closed`;
  });
}
