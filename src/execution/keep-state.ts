import { homedir } from 'node:os';
import type { Exit } from '../run/event.ts';
import { type Invocation, readDumps } from './invocation.ts';
import type { Redaction } from './redaction.ts';
import { isHeld } from './scratch-folder.ts';
import { advance, type ShellState, saveState } from './shell-state.ts';
import { stateChanges } from './state-changes.ts';

/** What of a request decides where the next command starts. */
interface Kept {
  readonly stateFolder: string;
  readonly redaction: Redaction;
  readonly startIn?: string;
  readonly cwd?: string;
}

/** The folder that the last command ended in; undefined before the first one. */
export function folderOf(state: ShellState): string | undefined {
  return state.folder === undefined ? undefined : Buffer.from(state.folder, 'latin1').toString('utf8');
}

/**
 * Keeps what a command left of its shell for the next one. What went wrong is told in `faults`; the command itself has
 * ended as it has ended.
 */
export async function keepState(
  request: Kept,
  invocation: Invocation,
  state: ShellState,
  exit: Exit,
  folder: string,
  faults: string[],
): Promise<{ names: readonly string[]; told: readonly string[]; pipeStatus?: readonly number[] }> {
  const save = (next: ShellState) =>
    saveState(request.stateFolder, next, (text) => request.redaction.text(text));
  try {
    const dumps = await readDumps(invocation.folder);
    const status = exit.kind === 'code' ? exit.code : 128;
    if (!dumps) {
      if (!(await isHeld(invocation.folder))) faults.push(lostWithMemory);
      // Killed, or replaced by `exec`: what it did to its variables died with it, as it would have with a shell.
      if (exit.kind !== 'not-started')
        await save({
          ...state,
          folder: state.folder ?? latin1(folder),
          status,
          pipeStatus: [],
        });
      return { names: [], told: [] };
    }
    const change = advance(state, dumps.before, dumps.after);
    const keepsFolder = request.startIn !== undefined && dumps.after.folder === dumps.before.folder;
    const next = {
      ...change.state,
      status,
      folder: keepsFolder ? (state.folder ?? latin1(request.cwd ?? homedir())) : change.state.folder!,
    };
    await save(next);
    // A syntax error or an `exit` ends the shell with a code that the last pipeline knows nothing of.
    const known = exit.kind === 'code' && dumps.after.pipeStatus.some((code) => code === exit.code);
    const told = stateChanges(change.names, state, dumps.before, dumps.after);
    return { names: change.names, told, ...(known ? { pipeStatus: dumps.after.pipeStatus } : {}) };
  } catch (error) {
    faults.push(`The shell's variables could not be kept for the next command: ${(error as Error).message}`);
    return { names: [], told: [] };
  }
}

const lostWithMemory =
  'The folder in memory that the command kept its variables in was removed while it ran, as a system does when a user has logged out everywhere: what the command changed in its shell is lost, and the next one starts where the one before it ended.';

function latin1(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}
