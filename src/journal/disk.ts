import { randomBytes } from 'node:crypto';
import { type FileHandle, link, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errorCode } from './fault.ts';

/** Writes every byte at `position`, however few the system takes at a time. Errors of the system pass through. */
export async function writeWhole(
  handle: Pick<FileHandle, 'write'>,
  bytes: Uint8Array,
  position: number,
): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done);
    if (bytesWritten === 0) throw Object.assign(new Error('nothing was written'), { code: 'EIO' });
    done += bytesWritten;
  }
}

/**
 * Makes the names in a folder durable: after a crash a created or renamed file is still there.
 * File systems that cannot sync a folder are left alone.
 */
export async function syncFolder(folder: string): Promise<void> {
  let handle: FileHandle;
  try {
    handle = await open(folder, 'r');
  } catch (error) {
    if (process.platform === 'win32') return;
    throw error;
  }
  try {
    await handle.sync();
  } catch (error) {
    const code = errorCode(error);
    if (code !== 'EINVAL' && code !== 'ENOTSUP' && code !== 'EPERM') throw error;
  } finally {
    await handle.close();
  }
}

/**
 * Creates a folder and what is missing above it, so that it survives a crash. Goes level by level, because Node's
 * recursive mkdir says of a read-only file system only that something does not exist.
 */
export async function makeFolder(folder: string, mode = 0o700): Promise<void> {
  try {
    await mkdir(folder, { mode });
  } catch (error) {
    const code = errorCode(error);
    const above = dirname(folder);
    if (code === 'EEXIST' && (await stat(folder)).isDirectory()) return;
    if (code === 'EEXIST') throw Object.assign(new Error(`${folder} is a file`), { code: 'ENOTDIR' });
    if (code !== 'ENOENT' || above === folder) throw error;
    await makeFolder(above, mode);
    return makeFolder(folder, mode);
  }
  await syncFolder(dirname(folder));
}

/** Writes a file beside its place, makes it durable, and renames it there: readers see the old or the new, whole. */
export async function replaceFile(file: string, content: string | Uint8Array, mode = 0o600): Promise<void> {
  await viaDraft(file, content, mode, (draft) => rename(draft, file));
}

/** The same for a file that must not be there yet. False, and nothing is touched, where one of that name is. */
export async function createFile(file: string, content: string | Uint8Array, mode = 0o600): Promise<boolean> {
  try {
    await viaDraft(file, content, mode, (draft) => link(draft, file));
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

async function viaDraft(
  file: string,
  content: string | Uint8Array,
  mode: number,
  place: (draft: string) => Promise<void>,
): Promise<void> {
  const draft = join(dirname(file), `.${basename(file)}.${randomBytes(6).toString('hex')}`);
  try {
    const handle = await open(draft, 'wx', mode);
    try {
      await writeWhole(handle, typeof content === 'string' ? Buffer.from(content) : content, 0);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await place(draft);
  } finally {
    await rm(draft, { force: true });
  }
  await syncFolder(dirname(file));
}
