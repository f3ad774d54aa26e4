import { stat } from 'node:fs/promises';
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
  // The texts are latin1, one character a byte; a secret is looked for in what they mean.
  const isPlain = (text: string) => {
    const meant = Buffer.from(text, 'latin1').toString('utf8');
    return mask(meant) === meant;
  };
  const plainOf = (texts: Readonly<Record<string, string>>) =>
    Object.fromEntries(
      Object.entries(texts).filter(([name, text]) => !secretName.test(name) && isPlain(text)),
    );
  const { lastBackground: _, ...rest } = state;
  const portable: ShellState = {
    ...rest,
    variables: plainOf(state.variables),
    functions: plainOf(state.functions),
    exportedFunctions: state.exportedFunctions.filter(
      (name) => state.functions[name] === undefined || isPlain(state.functions[name]!),
    ),
    aliases: isPlain(state.aliases) ? state.aliases : '',
    positional: state.positional.every(isPlain) ? state.positional : [],
    stack: [],
  };
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
