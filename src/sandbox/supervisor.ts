import { join } from 'node:path';
import { birthOf } from './life.ts';
import { alone } from './lock.ts';
import { owners } from './owners.ts';
import { stopParts } from './parts.ts';
import { knownPlace } from './place.ts';
import { readRecord } from './record.ts';

/** How often the owners are looked at, ms. */
const pace = 300;

/**
 * Watches the processes that need the sandbox and stops it when the last one is gone, however that one ended. Returns
 * when the sandbox is stopped, when it was made to stay, or when its folder is gone.
 */
export async function supervise(home: string, log: (line: string) => void): Promise<void> {
  for (;;) {
    try {
      const now = await owners(home);
      if (now.standing) return;
      if (now.processes.length === 0 && (await stopUnowned(home))) return;
      if (!(await mine(home))) return;
    } catch (error) {
      // A server that does not stop in time, a lock that is held: the next look may find it better.
      log(String(error));
    }
    await new Promise((resolve) => setTimeout(resolve, pace));
  }
}

/** Looks again under the lock: somebody may have joined meanwhile. */
async function stopUnowned(home: string): Promise<boolean> {
  const place = await knownPlace(home);
  if (place === undefined) return true;
  return alone(
    place.home,
    () => {},
    async () => {
      const now = await owners(home);
      if (now.standing || now.processes.length > 0) return false;
      await stopParts(place);
      return true;
    },
  );
}

/** The record still names this process, and not a later supervisor. */
async function mine(home: string): Promise<boolean> {
  const record = await readRecord<{ pid: number; birth: string }>(join(home, 'supervisor.json'));
  // Started a moment ago: the record may still name the one before, which does not live.
  if (record === undefined) return (await birthOf(process.ppid)) !== undefined;
  return record.pid === process.pid || (await birthOf(record.pid)) !== record.birth;
}
