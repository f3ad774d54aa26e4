/** Prunes and kills itself without mercy before the nth thing that it does to its store. For the crash tests. */
import { readCatalog } from '../../src/backup/catalog.ts';
import { planPrune, prune } from '../../src/backup/prune.ts';
import { directoryStore } from '../../src/backup/stores/directory.ts';

const [folder, at] = process.argv.slice(2) as [string, string];
const store = directoryStore(folder);
let count = 0;
const step = () => {
  count += 1;
  if (count === Number(at)) process.kill(process.pid, 'SIGKILL');
};
const now = new Date();
const plan = planPrune(await readCatalog(store), 'shop', { last: 1 }, now);
await prune(
  {
    ...store,
    list: () => {
      step();
      return store.list();
    },
    write: async (file, source, options) => {
      step();
      const written = await store.write(file, source, options);
      step();
      return written;
    },
    remove: (file) => {
      step();
      return store.remove(file);
    },
  },
  plan,
  now,
);
