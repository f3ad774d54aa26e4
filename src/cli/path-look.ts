import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, resolve } from 'node:path';
import { folderOf } from '../execution/keep-state.ts';
import { loadState } from '../execution/shell-state.ts';
import type { SeenPaths } from '../run/event.ts';
import { unseenPaths } from '../run/read.ts';
import type { RunState } from '../run/state.ts';
import type { Command } from '../runbook/part.ts';

/** Where a shell of the run stands. */
export interface Place {
  readonly stateFolder: string;
  readonly cwd: string;
}

/** An answer may lead to another question: is it a folder, what is in it. */
const rounds = 4;
/** More paths than this are not looked at for one command, and longer texts not at all (code units). */
const most = { paths: 200, text: 100_000 };

/**
 * Whether the paths that a command would write to are there, as its shell would find them at this moment. What cannot
 * be told (no right to look, a pattern) is left out. Undefined where the command names none. Never rejects; the
 * grammars must be loaded.
 */
export async function lookAtPaths(
  state: RunState,
  command: Command,
  { stateFolder, cwd }: Place,
): Promise<SeenPaths | undefined> {
  if ((state.parts[command.id]?.edited ?? command.text).length > most.text) return undefined;
  try {
    const seen: Record<string, boolean> = {};
    const unclear = new Set<string>();
    let folder: string | undefined;
    for (let round = 0; round < rounds; round++) {
      const asked = unseenPaths(state, command, seen).filter((path) => !unclear.has(path));
      if (asked.length === 0) break;
      folder ??= await startOf(command, { stateFolder, cwd });
      for (const path of asked.slice(0, most.paths)) {
        const found = await isThere(path, folder);
        if (found === undefined) unclear.add(path);
        else seen[path] = found;
      }
    }
    return Object.keys(seen).length > 0 ? seen : undefined;
  } catch {
    return undefined;
  }
}

/** A hint says where one command starts; else it stands where the last one of the run left the shell. */
async function startOf({ hints }: Command, { stateFolder, cwd }: Place): Promise<string> {
  return hints.cwd ? resolve(hints.cwd) : (folderOf(await loadState(stateFolder)) ?? cwd);
}

async function isThere(path: string, folder: string): Promise<boolean | undefined> {
  const home = path.replace(/^~(?=\/)/, homedir());
  if (/[*?[\0]/.test(path) || home.startsWith('~')) return undefined;
  try {
    // Not joined: `path/.` must stay what it is.
    const found = await stat(isAbsolute(home) ? home : `${folder}/${home}`);
    // A pipe, a socket or a device holds nothing that could be overwritten.
    return found.isFile() || found.isDirectory() ? true : undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR' ? false : undefined;
  }
}
