import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { stopServer } from './cluster.ts';
import { companion, stopCompanion } from './companion.ts';
import { type Place, removeSocketFolder } from './place.ts';

/** Stops application, server and supervisor, in this order. The caller holds the lock. */
export async function stopParts(place: Place): Promise<void> {
  await stopCompanion(place.home, 'application');
  await stopServer(place);
  await removeSocketFolder(place);
  const supervisor = await companion(place.home, 'supervisor');
  if (supervisor?.pid === process.pid) await rm(join(place.home, 'supervisor.json'), { force: true });
  else await stopCompanion(place.home, 'supervisor');
}
