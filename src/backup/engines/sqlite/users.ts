import { readdir, readFile, readlink } from 'node:fs/promises';
import { companions } from './record.ts';

/** A process that has a database file open. */
export interface FileUser {
  readonly pid: number;
  readonly name: string;
}

/**
 * The other processes that have a file, or what SQLite keeps beside it, open, as far as Linux' /proc lets us see. An
 * idle connection holds no lock, so this is the only way to find it. Empty where there is no /proc.
 */
export async function usersOf(path: string): Promise<FileUser[]> {
  const wanted = new Set(['', ...companions].flatMap((ending) => [`${path}${ending}`]));
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const users: FileUser[] = [];
  for (const pid of pids) {
    if (Number(pid) === process.pid) continue;
    const files = await readdir(`/proc/${pid}/fd`).catch(() => []);
    for (const file of files) {
      const place = await readlink(`/proc/${pid}/fd/${file}`).catch(() => '');
      if (!wanted.has(place)) continue;
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
