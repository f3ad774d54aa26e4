/**
 * Restores (or undoes a restore of) an SQLite file and kills itself without mercy before the nth change of a folder.
 * For the crash tests.
 */
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

const [task, url, folder, name, at] = process.argv.slice(2) as string[];

let count = 0;
const step = () => {
  count += 1;
  if (count === Number(at)) process.kill(process.pid, 'SIGKILL');
};
const changing = fs as unknown as Record<string, (...given: unknown[]) => unknown>;
for (const call of ['rename', 'link', 'rm', 'open'] as const) {
  const plain = changing[call]!;
  changing[call] = (...given) => {
    // Opening for reading changes nothing.
    if (call !== 'open' || given[1] !== 'r') step();
    return plain(...given);
  };
}
syncBuiltinESMExports();

const { findBackup, readCatalog } = await import('../../src/backup/catalog.ts');
const { restoreBackup } = await import('../../src/backup/restore.ts');
const { directoryStore } = await import('../../src/backup/stores/directory.ts');
const { undoRestore } = await import('../../src/backup/undo.ts');

if (task === 'undo') await undoRestore(url!);
else {
  const store = directoryStore(folder!);
  await restoreBackup({
    url: url!,
    store,
    backup: findBackup(await readCatalog(store), name!),
    place: { kind: 'swap' },
  });
}
