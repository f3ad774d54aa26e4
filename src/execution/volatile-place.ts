import { lstat, mkdir, statfs } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** The numbers that Linux gives tmpfs and ramfs in statfs(2). */
const inMemory = new Set([0x01021994, 0x858458f6]);
/** What a shell's variables and functions may take, several times over, in bytes. */
const wantedRoom = 16 * 1024 * 1024;

/** What our folder in a place that others use too is called: one a user, so that nobody stands in another's way. */
export function volatileName(): string {
  return `drillbook-${userInfo().uid}`;
}

/**
 * A folder of this user alone (0700) whose contents reach no disk, made where it is missing: in the folder that the login
 * gives (`XDG_RUNTIME_DIR`), else in the machine's shared memory. Undefined where neither is in memory, has room, or can
 * be trusted to be ours: anybody may put a folder by any name into shared memory.
 */
export async function volatilePlace(
  environment: NodeJS.ProcessEnv = process.env,
  shared = '/dev/shm',
): Promise<string | undefined> {
  for (const place of [environment.XDG_RUNTIME_DIR, shared]) {
    if (place === undefined || !isAbsolute(place)) continue;
    const folder = await ours(place).catch(() => undefined);
    if (folder !== undefined) return folder;
  }
  return undefined;
}

async function ours(place: string): Promise<string | undefined> {
  const { type, blocks, bavail, bsize } = await statfs(place);
  // One without a limit says that it has no blocks at all.
  if (!inMemory.has(type) || (blocks > 0 && bavail * bsize < wantedRoom)) return undefined;
  const folder = join(place, volatileName());
  await mkdir(folder, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  const found = await lstat(folder);
  const isOurs = found.isDirectory() && found.uid === userInfo().uid && (found.mode & 0o077) === 0;
  return isOurs ? folder : undefined;
}
