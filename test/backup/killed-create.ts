/** Makes a backup and kills itself without mercy before the nth thing that it does to its store. For the crash tests. */
import { createBackup } from '../../src/backup/create.ts';
import { directoryStore } from '../../src/backup/stores/directory.ts';

const [url, folder, at] = process.argv.slice(2) as [string, string, string];
const store = directoryStore(folder);
let count = 0;
const step = () => {
  count += 1;
  if (count === Number(at)) process.kill(process.pid, 'SIGKILL');
};

async function* counted(source: AsyncIterable<Uint8Array>) {
  for await (const chunk of source) {
    step();
    yield chunk;
    step();
  }
}

await createBackup({
  url,
  target: 'shop',
  kind: 'scheduled',
  store: {
    ...store,
    list: () => {
      step();
      return store.list();
    },
    write: async (file, source, options) => {
      step();
      const written = await store.write(file, counted(source), options);
      step();
      return written;
    },
    remove: (file) => {
      step();
      return store.remove(file);
    },
  },
});
