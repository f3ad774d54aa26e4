import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { access, link, mkdir, open, readdir, rename, rm, stat, statfs } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { BackupError, codeOf, firstLine } from '../error.ts';
import type { Store, StoredFile, WriteOptions } from '../store.ts';
import { writeThrough } from './write-through.ts';

/** What is being written carries this in front, and the host and process that write it. */
const partial = /^\.partial-([0-9A-Za-z_.-]*)~(\d+)~[0-9a-f]+~/;
/** A partial file this old whose process is gone was left by a crash; ms. */
const abandonedAfter = 60 * 60 * 1000;

/**
 * A folder as a store. It is made (0700) when the first file is written; files are 0600. A write goes to a hidden
 * partial name, is synced, and takes its name by a hard link, which never replaces a file; where the file system has
 * no hard links, by a rename after a look.
 */
export function directoryStore(folder: string): Store {
  const root = resolve(folder);
  const inside = (file: string) => {
    if (
      file === '' ||
      file.includes('/') ||
      file.includes('\\') ||
      file.includes('\0') ||
      file.startsWith('.')
    )
      throw new BackupError('store', `${JSON.stringify(file)} is not a name for a file of a store.`);
    return join(root, file);
  };
  return {
    location: root,
    locate: (file) => inside(file),
    path: (file) => inside(file),
    list: () => listFolder(root),
    read: async (file, options) => {
      const path = inside(file);
      const handle = await open(path, 'r').catch((error) => {
        throw trouble(error, 'read', path);
      });
      // createReadStream closes the handle at its end, and when the reader stops early.
      const stream = handle.createReadStream({
        highWaterMark: 1 << 20,
        signal: options?.signal,
        start: options?.range?.from,
        end: options?.range?.to,
      });
      // Whoever reads is told; a stop before the first byte is asked for must not end the process.
      stream.on('error', () => {});
      return stream;
    },
    write: (file, source, options) => write(root, inside(file), file, source, options),
    remove: async (file) => {
      const path = inside(file);
      await rm(path, { force: true }).catch((error) => {
        throw trouble(error, 'remove', path);
      });
      await syncFolder(root);
    },
    scratch: async () => {
      await makeFolder(root);
      await sweep(root);
      const made = join(root, partialName('work'));
      await mkdir(made, { mode: 0o700 });
      return made;
    },
    space: async () => {
      const { bavail, blocks, bsize } = await statfs(root);
      return { free: bavail * bsize, total: blocks * bsize };
    },
  };
}

async function listFolder(root: string): Promise<StoredFile[]> {
  const names = await readdir(root, { withFileTypes: true }).catch((error) => {
    throw trouble(error, 'list', root);
  });
  const files: StoredFile[] = [];
  for (const entry of names) {
    if (entry.name.startsWith('.') || !(entry.isFile() || entry.isSymbolicLink())) continue;
    // A file may be removed by another process between the listing and here.
    const facts = await stat(join(root, entry.name)).catch(() => undefined);
    if (facts?.isFile()) files.push({ file: entry.name, bytes: facts.size, modifiedAt: facts.mtime });
  }
  return files.sort((a, b) => (a.file < b.file ? -1 : 1));
}

async function write(
  root: string,
  path: string,
  file: string,
  source: AsyncIterable<Uint8Array>,
  options: WriteOptions = {},
): Promise<{ bytes: number }> {
  const temporary = join(root, partialName(file));
  let made = false;
  try {
    await makeFolder(root);
    await sweep(root);
    if (await exists(path)) throw alreadyThere(path);
    const handle = await open(temporary, 'wx', 0o600);
    made = true;
    let bytes: number;
    try {
      await writeThrough(handle, source, options.signal);
      await handle.sync();
      bytes = (await handle.stat()).size;
    } finally {
      await handle.close();
    }
    await install(temporary, path);
    made = false;
    await syncFolder(root);
    return { bytes };
  } catch (error) {
    if (made) await rm(temporary, { force: true }).catch(() => {});
    if (options.signal?.aborted)
      throw new BackupError('aborted', 'Stopped as asked; nothing was left in the store.', error);
    throw trouble(error, 'write', path);
  }
}

/**
 * Makes a folder and those above it (0700). Node's own recursive way tries for ever on a file system that says of a
 * folder it will not make that something above is missing, as /proc does.
 */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return;
    const above = dirname(path);
    if (codeOf(error) !== 'ENOENT' || above === path) throw error;
    if (await exists(above))
      throw new BackupError(
        'store',
        `${above} takes no folder ${path}. Give another place for the store.`,
        error,
      );
    await makeFolder(above);
    await mkdir(path, { mode: 0o700 }).catch((again) => {
      if (codeOf(again) !== 'EEXIST') throw again;
    });
  }
}

/** Gives a whole file its name, never over another one. */
async function install(temporary: string, path: string): Promise<void> {
  try {
    await link(temporary, path);
    await rm(temporary);
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EEXIST') throw alreadyThere(path);
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(code ?? '')) throw error;
    if (await exists(path)) throw alreadyThere(path);
    await rename(temporary, path);
  }
}

function partialName(file: string): string {
  return `.partial-${host()}~${process.pid}~${randomBytes(6).toString('hex')}~${file}`;
}

function host(): string {
  return hostname().replace(/[^0-9A-Za-z_.-]/g, '_');
}

/** Removes what a process of this host that is gone left behind long ago. */
async function sweep(root: string): Promise<void> {
  for (const name of await readdir(root)) {
    const match = partial.exec(name);
    if (match === null || match[1] !== host() || alive(Number(match[2]))) continue;
    const path = join(root, name);
    const facts = await stat(path).catch(() => undefined);
    if (facts !== undefined && Date.now() - facts.mtimeMs > abandonedAfter)
      await rm(path, { force: true, recursive: true });
  }
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/** A name is durable only when its folder is synced; some file systems can't, and need not. */
async function syncFolder(root: string): Promise<void> {
  const handle = await open(root, 'r').catch(() => undefined);
  if (handle === undefined) return;
  try {
    await handle.sync();
  } catch (error) {
    if (!['EINVAL', 'EPERM', 'EISDIR', 'ENOTSUP'].includes(codeOf(error) ?? '')) throw error;
  } finally {
    await handle.close();
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path, constants.F_OK).then(
    () => true,
    () => false,
  );
}

function alreadyThere(path: string): BackupError {
  return new BackupError('already-there', `${path} is there already; a store never replaces a file.`);
}

function trouble(error: unknown, verb: string, path: string): unknown {
  if (error instanceof BackupError) return error;
  const code = codeOf(error);
  switch (code) {
    case 'ENOENT':
      return new BackupError(
        'not-found',
        `There is no ${path}. Check the store's folder and the name.`,
        error,
      );
    case 'ENOSPC':
    case 'EDQUOT':
      return new BackupError(
        'store',
        `No space left to write ${path} (${code}). Free some, then try again; nothing of this file was kept.`,
        error,
      );
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new BackupError(
        'store',
        `Not allowed to ${verb} ${path} (${code}). Check the owner and the mount of the folder.`,
        error,
      );
    case 'ENOTDIR':
      return new BackupError('store', `${path} is not a folder (${code}).`, error);
    case undefined:
      return error;
    default:
      return code.startsWith('E')
        ? new BackupError('store', `Could not ${verb} ${path}: ${firstLine(error)}.`, error)
        : error;
  }
}
