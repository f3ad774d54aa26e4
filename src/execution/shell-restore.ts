import type { ShellState } from './shell-state.ts';

/** Options that are the shell's business with its keyboard, or that would keep the command from running at all. */
const notCarried =
  /^(emacs|vi|history|histexpand|noexec|onecmd|privileged|interactive-comments|xtrace|verbose)$/;

/**
 * Shell code that brings a fresh bash into the given state, in latin1. Functions come before aliases, so that no
 * alias changes their words, and options come last, so that none of them changes the restoring.
 */
export function restoreScript(state: ShellState): string {
  const lines: string[] = ['shopt -s extglob'];
  for (const name of state.unsetFunctions) lines.push(`unset -f ${quote(name)}`);
  for (const text of Object.values(state.functions)) lines.push(`eval ${quote(text)}`);
  for (const name of state.exportedFunctions) lines.push(`export -f ${quote(name)}`);
  lines.push('shopt -u extglob');
  if (state.umask !== undefined) lines.push(`umask ${quote(state.umask)}`);
  for (const folder of [...state.stack].reverse()) lines.push(`builtin pushd -n ${quote(folder)} >/dev/null`);
  for (const name of state.unset) lines.push(`unset -v ${name}`);
  for (const [name, text] of Object.entries(state.variables)) {
    if (name !== 'IFS') lines.push(`unset -v ${name}; eval ${quote(text)}`);
  }
  lines.push(`set -- ${state.positional.map(quote).join(' ')}`);
  lines.push('shopt -s expand_aliases', `eval ${quote(state.aliases)}`);
  lines.push(
    ...state.shopt
      .split('\n')
      .filter((line) => line !== '' && !/ login_shell| restricted|-u compat/.test(line)),
  );
  for (const line of state.options.split('\n')) {
    const name = /^set [-+]o (\S+)$/.exec(line)?.[1];
    if (name !== undefined && !notCarried.test(name)) lines.push(line);
  }
  if (state.variables.IFS !== undefined) lines.push(`eval ${quote(state.variables.IFS)}`);
  else if (state.unset.includes('IFS')) lines.push('unset -v IFS');
  return `${lines.join('\n')}\n`;
}

/** Whether an option of `set -o` goes on to the next command. */
export function isCarried(option: string): boolean {
  return !notCarried.test(option) || option === 'xtrace' || option === 'verbose';
}

/** True where the state has the option on (`xtrace`, `verbose`, `pipefail` …). */
export function hasOption(state: ShellState, name: string): boolean {
  return state.options.includes(`set -o ${name}\n`);
}

/**
 * Shell code that makes `$?` and `PIPESTATUS` what the last command left, for the `if [ $? -ne 0 ]` that runbooks
 * write on the next line. Empty where both are what a fresh shell has. `&& :` keeps `set -e` from acting on it.
 */
export function statusScript(state: ShellState): string {
  const { status, pipeStatus } = state;
  const wanted = hasOption(state, 'pipefail')
    ? (pipeStatus.findLast((code) => code !== 0) ?? 0)
    : (pipeStatus.at(-1) ?? 0);
  const parts = pipeStatus.length > 1 && wanted === status ? pipeStatus : [status];
  if (parts.every((code) => code === 0) && parts.length === 1) return '';
  return parts.map((code) => `(exit ${code})`).join('|') + (status === 0 ? '' : ' && :');
}

/** Quotes a text as one word of bash. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
