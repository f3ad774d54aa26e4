import type { ShellState } from './shell-state.ts';

/** Names under which people keep what must not lie in a file. */
const secretName =
  /(^|_)(PASS(WORD|WD|PHRASE)?|PWD|SECRET|TOKEN|CREDENTIALS?|(API|ACCESS|PRIVATE|SECRET|AUTH|ENCRYPTION|SIGNING)_?KEY)(_|$)/i;

/**
 * What of a shell's state is open to be written down: without every variable, function and argument that holds
 * something secret, by what `mask` knows or by its name. The names of variables that were left out stand in `withheld`.
 */
export function openState(
  state: ShellState,
  mask: (text: string) => string,
  isSecretName: (name: string) => boolean = (name) => secretName.test(name),
): ShellState {
  // The texts are latin1, one character a byte; a secret is looked for in what they mean.
  const isPlain = (text: string) => {
    const meant = Buffer.from(text, 'latin1').toString('utf8');
    return mask(meant) === meant;
  };
  const isOpen = ([name, text]: readonly [string, string]) => !isSecretName(name) && isPlain(text);
  const open = (texts: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(texts).filter(isOpen));
  const functions = Object.fromEntries(Object.entries(state.functions).filter(([, text]) => isPlain(text)));
  const names = Object.entries(state.variables)
    .filter((one) => !isOpen(one))
    .map(([name]) => name);
  const withheld = [...new Set([...(state.withheld ?? []), ...names])];
  const { withheld: _before, ...rest } = state;
  return {
    ...rest,
    variables: open(state.variables),
    functions,
    exportedFunctions: state.exportedFunctions.filter((name) => name in functions),
    aliases: isPlain(state.aliases) ? state.aliases : '',
    positional: state.positional.every(isPlain) ? state.positional : [],
    stack: state.stack.every(isPlain) ? state.stack : [],
    ...(withheld.length > 0 ? { withheld } : {}),
  };
}
