import { open, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, resolve } from 'node:path';
import { folderOf } from '../execution/keep-state.ts';
import { loadState } from '../execution/shell-state.ts';
import { type Seen, unseen } from '../run/read.ts';
import type { RunState } from '../run/state.ts';
import type { Command } from '../runbook/part.ts';

/** Where a shell of the run stands. */
export interface Place {
  readonly stateFolder: string;
  readonly cwd: string;
}

/** An answer may lead to another question: is it a folder, what is in it. */
const rounds = 4;
/**
 * More paths than this are not looked at for one command, longer texts not at all (code units), and longer files are not
 * read (bytes): they are dumps, whose reading would be felt at each step.
 */
const most = { paths: 200, text: 100_000, files: 20, bytes: 100_000 };

/**
 * Whether the paths that a command would write to are there, and what stands in the files that it runs, as its shell
 * would find them at this moment. What cannot be told (no right to look, a pattern) is left out. Undefined where the
 * command names none. Never rejects; the grammars must be loaded.
 */
export async function lookAtPaths(
  state: RunState,
  command: Command,
  { stateFolder, cwd }: Place,
): Promise<Seen | undefined> {
  if ((state.parts[command.id]?.edited ?? command.text).length > most.text) return undefined;
  try {
    const paths: Record<string, boolean> = {};
    const texts: Record<string, string | null> = {};
    const unclear = new Set<string>();
    let folder: string | undefined;
    for (let round = 0; round < rounds; round++) {
      const asked = unseen(state, command, { paths, texts });
      const open = asked.paths.filter((path) => !unclear.has(path));
      if (open.length === 0 && asked.texts.length === 0) break;
      folder ??= await startOf(command, { stateFolder, cwd });
      for (const path of open.slice(0, most.paths)) {
        const found = await isThere(path, folder);
        if (found === undefined) unclear.add(path);
        else paths[path] = found;
      }
      for (const path of asked.texts)
        texts[path] = Object.keys(texts).length < most.files ? await textOf(path, folder) : null;
    }
    return Object.keys(paths).length + Object.keys(texts).length > 0 ? { paths, texts } : undefined;
  } catch {
    return undefined;
  }
}

/** A hint says where one command starts; else it stands where the last one of the run left the shell. */
async function startOf({ hints }: Command, { stateFolder, cwd }: Place): Promise<string> {
  return hints.cwd ? resolve(hints.cwd) : (folderOf(await loadState(stateFolder)) ?? cwd);
}

/** Undefined for a pattern, and for somebody else's home. Not joined: `path/.` must stay what it is. */
function wholePath(path: string, folder: string): string | undefined {
  const home = path.replace(/^~(?=\/)/, homedir());
  if (/[*?[\0]/.test(path) || home.startsWith('~')) return undefined;
  return isAbsolute(home) ? home : `${folder}/${home}`;
}

async function isThere(path: string, folder: string): Promise<boolean | undefined> {
  const whole = wholePath(path, folder);
  if (whole === undefined) return undefined;
  try {
    const found = await stat(whole);
    // A pipe, a socket or a device holds nothing that could be overwritten.
    return found.isFile() || found.isDirectory() ? true : undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR' ? false : undefined;
  }
}

/** The text of a file; null where there is none to be read: a pipe would wait for somebody to write, a dump is long. */
async function textOf(path: string, folder: string): Promise<string | null> {
  const whole = wholePath(path, folder);
  try {
    if (whole === undefined || !(await stat(whole)).isFile()) return null;
    const file = await open(whole, 'r');
    try {
      const { bytesRead, buffer } = await file.read({ buffer: Buffer.alloc(most.bytes + 1) });
      const text = buffer.toString('utf8', 0, bytesRead);
      return bytesRead > most.bytes || text.includes('\0') ? null : text;
    } finally {
      await file.close();
    }
  } catch {
    return null;
  }
}
