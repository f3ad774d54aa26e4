/** A shell's state as bash printed it. Texts are latin1: one character a byte, so that nothing is lost. */
export interface ShellDump {
  readonly status: number;
  readonly pipeStatus: readonly number[];
  /** An EXIT trap of the user's own runs after the dump. */
  readonly trapped: boolean;
  readonly folder: string;
  readonly umask: string;
  /** `$!`: the last process that the shell started in the background, if any. */
  readonly lastBackground?: number;
  /** Output of `set +o` and `shopt -p`. */
  readonly options: string;
  readonly shopt: string;
  readonly aliases: string;
  /** The directory stack, the current folder first. */
  readonly stack: readonly string[];
  readonly positional: readonly string[];
  /** Functions that were being called when the shell ended, innermost first. */
  readonly frames: readonly string[];
  /** Name to the output of `declare -p` or `declare -f`. */
  readonly variables: ReadonlyMap<string, string>;
  readonly functions: ReadonlyMap<string, string>;
  readonly exportedFunctions: ReadonlySet<string>;
}

/** Reads what the prelude's dump wrote. Undefined where it was cut off, for the state before it then still holds. */
export function parseDump(bytes: Buffer): ShellDump | undefined {
  const fields = bytes.toString('latin1').split('\0');
  const single = new Map<string, string>();
  const variables = new Map<string, string>();
  const functions = new Map<string, string>();
  const stack: string[] = [];
  const positional: string[] = [];
  const frames: string[] = [];
  let complete = false;
  for (let at = 0; at + 2 < fields.length; at += 3) {
    const kind = fields[at]!;
    const name = fields[at + 1]!;
    const text = fields[at + 2]!;
    if (kind === 'end') complete = true;
    else if (kind === 'variable') {
      if (text !== '') variables.set(name, text);
    } else if (kind === 'function') functions.set(name, text);
    else if (kind === 'stacked') stack.push(text);
    else if (kind === 'argument') positional.push(text);
    else if (kind === 'frame') {
      if (!text.startsWith('__drillbook_')) frames.push(text);
    } else single.set(kind, text);
  }
  if (!complete) return undefined;
  const attributes = single.get('function-attributes') ?? '';
  const exported = attributes.split('\n').flatMap((line) => /^declare -f\w*x\w* (.+)$/.exec(line)?.[1] ?? []);
  return {
    status: Number(single.get('status')),
    pipeStatus: (single.get('pipe') ?? '').split(' ').filter(Boolean).map(Number),
    trapped: single.get('trap') === 'set',
    folder: single.get('folder') ?? '',
    ...(single.get('background') ? { lastBackground: Number(single.get('background')) } : {}),
    umask: (single.get('umask') ?? '').trim(),
    options: single.get('options') ?? '',
    shopt: single.get('shopt') ?? '',
    aliases: single.get('aliases') ?? '',
    stack,
    positional,
    frames,
    variables,
    functions,
    exportedFunctions: new Set(exported),
  };
}
