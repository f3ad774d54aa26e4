import { mkdir, rm } from 'node:fs/promises';
import { targetName, urlOf } from './address.ts';
import type { Place } from './place.ts';
import { SandboxProblem } from './problem.ts';
import { database } from './sample/seed.ts';

/**
 * Empties the sandbox's store and puts a verified backup of the application's database in it. The store holds
 * nothing but what was made on the sandbox.
 */
export async function seedStore(place: Place): Promise<void> {
  const [{ readCatalog, findBackup }, { createBackup }, { directoryStore }, { verifyBackup }] =
    await Promise.all([
      import('../backup/catalog.ts'),
      import('../backup/create.ts'),
      import('../backup/stores/directory.ts'),
      import('../backup/verify.ts'),
    ]);
  await rm(place.store, { recursive: true, force: true });
  await mkdir(place.store, { recursive: true, mode: 0o700 });
  const store = directoryStore(place.store);
  const { name } = await createBackup({
    url: urlOf(place, database),
    target: targetName,
    kind: 'scheduled',
    store,
  });
  const backup = findBackup(await readCatalog(store), name);
  const result = await verifyBackup({ store, backup, level: 'archive' });
  if (!result.passed)
    throw new SandboxProblem(
      `The backup of the sample data, ${backup.location}, did not pass its verification: ` +
        `${result.checks.map((check) => check.words).join(' ')} Is the disk full?`,
    );
}
