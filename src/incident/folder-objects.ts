import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { BackupError } from '../backup/error.ts';
import { type Content, chunksOf, type ObjectStore } from '../backup/object-store.ts';
import { createFile, makeFolder, replaceFile } from '../journal/disk.ts';
import { errorCode } from '../journal/fault.ts';

/**
 * A folder that several machines reach (a network share) as an object store: a key is a path in it. An object
 * appears whole, and `putNew` is what the file system lets one of several do. Meant for objects that fit into memory.
 */
export function folderObjects(folder: string): ObjectStore {
  const place = (key: string): string => {
    if (key.split('/').some((part) => part === '' || part === '.' || part === '..'))
      throw new RangeError(`${key} is no key`);
    return join(folder, key);
  };
  const trouble = (error: unknown, doing: string, key: string): BackupError => {
    if (error instanceof BackupError) return error;
    const code = errorCode(error) ?? (error as Error).message;
    return new BackupError('store', `${place(key)} could not be ${doing} (${code}).`, error);
  };
  return {
    location: folder,
    locate: place,
    async putNew(key, content) {
      const bytes = await whole(content);
      try {
        await makeFolder(dirname(place(key)), 0o770);
        if (await createFile(place(key), bytes, 0o660)) return { bytes: bytes.length };
      } catch (error) {
        throw trouble(error, 'written', key);
      }
      throw new BackupError('already-there', `${place(key)} is there already and was left as it is.`);
    },
    async put(key, content) {
      const bytes = await whole(content);
      try {
        await makeFolder(dirname(place(key)), 0o770);
        await replaceFile(place(key), bytes, 0o660);
        return { bytes: bytes.length };
      } catch (error) {
        throw trouble(error, 'written', key);
      }
    },
    async get(key, { range } = {}) {
      try {
        const bytes = await readFile(place(key));
        const part = range
          ? bytes.subarray(range.from, range.to === undefined ? undefined : range.to + 1)
          : bytes;
        return one(part);
      } catch (error) {
        if (errorCode(error) === 'ENOENT') throw new BackupError('not-found', `${place(key)} is not there.`);
        throw trouble(error, 'read', key);
      }
    },
    async *list({ prefix = '', after = '' } = {}) {
      // Only what can hold such a key is walked through.
      const root = prefix.includes('/') ? join(folder, prefix.slice(0, prefix.lastIndexOf('/'))) : folder;
      const found = await readdir(root, { recursive: true, withFileTypes: true }).catch((error) => {
        if (errorCode(error) === 'ENOENT') return [];
        throw trouble(error, 'read', prefix || '-');
      });
      const keys = found
        // A name with a dot before it is still being written.
        .filter((file) => file.isFile() && !file.name.startsWith('.'))
        .map((file) => relative(folder, join(file.parentPath, file.name)).split(sep).join('/'))
        .filter((key) => key.startsWith(prefix) && key > after)
        .sort((a, b) => (a < b ? -1 : 1));
      for (const key of keys) {
        const about = await stat(place(key)).catch(() => undefined);
        if (about) yield { key, bytes: about.size, modifiedAt: about.mtime };
      }
    },
    async delete(key) {
      await rm(place(key), { force: true });
    },
    close() {},
  };
}

async function* one(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}

async function whole(content: Content): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of chunksOf(content)) chunks.push(chunk);
  return Buffer.concat(chunks);
}
