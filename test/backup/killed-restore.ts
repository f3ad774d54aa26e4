/**
 * Restores (or undoes) and kills itself without mercy: at the first progress of a phase, or at the nth statement that
 * changes something on the server, before it is sent or right after. Says the statement on stdout. For the crash tests.
 */
import { writeSync } from 'node:fs';
import pg from 'pg';
import { findBackup, readCatalog } from '../../src/backup/catalog.ts';
import { restoreBackup } from '../../src/backup/restore.ts';
import { directoryStore } from '../../src/backup/stores/directory.ts';
import { undoRestore } from '../../src/backup/undo.ts';

const [task, url, folder, name, phase, at, when] = process.argv.slice(2) as string[];

let count = 0;
const query = pg.Client.prototype.query;
pg.Client.prototype.query = function (this: pg.Client, ...given: unknown[]) {
  const text = String(given[0]).trim();
  const changes = /^(?:create|alter|comment|drop|analyze|begin$|commit|grant|revoke)/.test(text);
  if (changes) count += 1;
  const here = changes && count === Number(at);
  if (here) writeSync(1, text);
  if (here && when === 'before') process.kill(process.pid, 'SIGKILL');
  const answer = Reflect.apply(query, this, given);
  // The statement leaves with this turn of the event loop; nobody waits for its answer.
  if (here) setImmediate(() => process.kill(process.pid, 'SIGKILL'));
  return answer;
} as typeof query;

if (task === 'undo') await undoRestore(url!);
else {
  const store = directoryStore(folder!);
  await restoreBackup({
    url: url!,
    store,
    backup: findBackup(await readCatalog(store), name!),
    place: { kind: 'swap' },
    onProgress: (progress) => {
      if (progress.phase === phase) process.kill(process.pid, 'SIGKILL');
    },
  });
}
