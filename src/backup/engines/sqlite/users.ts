import { readdir, readFile, readlink, stat } from 'node:fs/promises';
import { companions } from './record.ts';

/** A process that has a database file open. */
export interface FileUser {
  readonly pid: number;
  readonly name: string;
}

/**
 * The other processes that have a file, or what SQLite keeps beside it, open, as far as Linux' /proc lets us see. An
 * idle connection holds no lock, so this is the only way to find it. The files are told by their inodes: names may have
 * changed since they were opened, and are others in a container. Empty where there is no /proc.
 */
export async function usersOf(path: string): Promise<FileUser[]> {
  const facts = await Promise.all(['', ...companions].map((ending) => inodeOf(`${path}${ending}`)));
  const wanted = new Set(facts.filter((one) => one !== undefined));
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const users: FileUser[] = [];
  for (const pid of pids) {
    if (Number(pid) === process.pid) continue;
    for (const file of await readdir(`/proc/${pid}/fd`).catch(() => [])) {
      const place = `/proc/${pid}/fd/${file}`;
      // Pipes, sockets and devices are no files of a database.
      if (!/^\/(?!dev\/|proc\/)/.test(await readlink(place).catch(() => ''))) continue;
      const inode = await inodeOf(place);
      if (inode === undefined || !wanted.has(inode)) continue;
      const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '');
      users.push({ pid: Number(pid), name: name.trim() });
      break;
    }
  }
  return users;
}

/** `node (4121), python3 (88)`. */
export function usersText(users: readonly FileUser[]): string {
  return users.map((one) => `${one.name} (${one.pid})`).join(', ');
}

async function inodeOf(path: string): Promise<string | undefined> {
  return stat(path).then(
    ({ dev, ino }) => `${dev}:${ino}`,
    () => undefined,
  );
}
