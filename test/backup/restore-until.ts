/** Restores and kills itself without mercy at the first progress of a phase. For the crash tests. */
import { findBackup, readCatalog } from '../../src/backup/catalog.ts';
import { restoreBackup } from '../../src/backup/restore.ts';
import { directoryStore } from '../../src/backup/stores/directory.ts';

const [url, folder, name, phase] = process.argv.slice(2) as [string, string, string, string];
const store = directoryStore(folder);
await restoreBackup({
  url,
  store,
  backup: findBackup(await readCatalog(store), name),
  place: { kind: 'swap' },
  onProgress: (progress) => {
    if (progress.phase === phase) process.kill(process.pid, 'SIGKILL');
  },
});
