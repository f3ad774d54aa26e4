import { stat } from 'node:fs/promises';
import { openState } from '../../execution/open-state.ts';
import { loadState, type ShellState } from '../../execution/shell-state.ts';

/** Names under which people keep what others must not see. */
const secretName = /pass|secret|token|key|credential|auth|pgpassfile/i;

/**
 * What a run's shell held, as text for another machine: without every variable, function and argument that holds
 * something secret, or may. Undefined where there is nothing that can be read.
 */
export async function portableState(
  stateFolder: string,
  mask: (text: string) => string,
): Promise<string | undefined> {
  const state = await loadState(stateFolder).catch(() => undefined);
  if (!state) return undefined;
  const { lastBackground: _, ...rest } = state;
  const portable = { ...openState(rest, mask, (name) => secretName.test(name)), stack: [] };
  return JSON.stringify(portable);
}

/** The state as this machine can use it: a folder that is not here is forgotten, and the run starts where it is taken up. */
export async function settledState(text: string): Promise<string> {
  const state = JSON.parse(text) as ShellState;
  const isHere =
    state.folder !== undefined && (await stat(state.folder).catch(() => undefined))?.isDirectory();
  if (isHere) return text;
  const { folder: _, ...rest } = state;
  return JSON.stringify(rest);
}
