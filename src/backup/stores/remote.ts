import { BackupError } from '../error.ts';
import type { ObjectStore } from '../object-store.ts';
import type { Store, StoredFile } from '../store.ts';

/** An object store as a store of backups: its objects directly under its prefix are the files. */
export function remoteStore(objects: ObjectStore): Store {
  const named = (file: string) => {
    if (file === '' || /[/\\\0]/.test(file) || file.startsWith('.'))
      throw new BackupError('store', `${JSON.stringify(file)} is not a name for a file of a store.`);
    return file;
  };
  return {
    location: objects.location,
    locate: (file) => objects.locate(named(file)),
    list: async () => {
      const files: StoredFile[] = [];
      // The empty object that some consoles make for a folder is not a file of it.
      for await (const { key, bytes, modifiedAt } of objects.list({ flat: true }))
        if (key !== '' && !key.startsWith('.') && !/[/\\\0]/.test(key))
          files.push({ file: key, bytes, modifiedAt });
      return files.sort((a, b) => (a.file < b.file ? -1 : 1));
    },
    read: async (file, options) => objects.get(named(file), options),
    write: async (file, source, options) =>
      objects.putNew(named(file), source, {
        ...options,
        contentType: file.endsWith('.json') ? 'application/json' : 'application/octet-stream',
      }),
    remove: async (file) => objects.delete(named(file)),
    ...(objects.review === undefined ? {} : { review: () => objects.review!() }),
    close: () => objects.close(),
  };
}
