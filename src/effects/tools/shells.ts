import type { Call } from '../call.ts';
import { type Word, wordOf } from '../word.ts';
import type { Tool } from './tool.ts';

/** bash, sh and their kin: a script given by -c, by a file, by standard input, or a session. */
function shell(call: Call): undefined {
  const { options, operands, reader, span } = call;
  if (options.has('--version', '--help')) return reader.add('reads', `${call.name} shows its version`, span);
  if (options.has('-n') && operands.length > 0 && !options.has('-c'))
    return reader.add('reads', 'checks a script without running it', span);
  const startup = options.value('--rcfile', '--init-file');
  if (startup) reader.add('unknown', `${call.name} runs ${startup.text} first, which was not read`, span);
  if (options.has('-c')) {
    const [script, zero, ...positional] = operands;
    if (!script) return reader.add('unknown', `${call.name} -c without a script`, span);
    return runs(call, script, positional, zero);
  }
  const [file, ...positional] = operands;
  if (file && !options.has('-s') && !isInput(file)) {
    const printed = printing(file);
    if (printed) return reader.shell(wordOf(`${printed} | bash`, span), { span, positional });
    const text = reader.fileText(file);
    if (text !== undefined) return runs(call, { ...file, text, offset: -1 }, positional);
    return reader.add('unknown', `runs the script ${file.text}, which was not read`, span, {
      kind: 'path',
      name: file.text,
    });
  }
  runsInput(call, `opens a shell`, file && isInput(file) ? positional : operands);
}

/** The commands of `<(…)`. */
export function printing(file: Word): string | undefined {
  return file.known ? undefined : /^<\(([\s\S]*)\)$/.exec(file.text)?.[1];
}

function isInput(file: Word): boolean {
  return /^(-|\/dev\/stdin|\/dev\/fd\/0|\/proc\/self\/fd\/0)$/.test(file.text);
}

function runs(call: Call, script: Word, positional: readonly Word[], zero?: Word): undefined {
  if (
    !script.known &&
    /^"?[$`]/.test(script.text) &&
    !/[;&|\n\s]/.test(script.text.replace(/\$[({][\s\S]*[)}]/, ''))
  )
    call.reader.add('unknown', `which commands ${script.text} holds is known only when it runs`, call.span);
  const { span, stdin } = call;
  const environment = new Map([...call.environment, ...(zero ? [['0', zero] as const] : [])]);
  call.reader.shell(script, { span, stdin, positional, environment });
}

/** A shell without a script runs what stands at its standard input. */
export function runsInput(
  call: Pick<Call, 'reader' | 'span' | 'stdin'> & Partial<Pick<Call, 'environment'>>,
  session: string,
  positional: readonly Word[] = [],
  place?: string,
): undefined {
  const { reader, span, stdin } = call;
  const environment = call.environment ?? new Map<string, Word>();
  switch (stdin?.kind) {
    case undefined:
      reader.mark({ interactive: true });
      return reader.add('unknown', `${session}: what is typed there is not known`, span);
    case 'nothing':
      return reader.add('reads', session, span);
    case 'text':
      return reader.shell(stdin.text, { span, positional, place, environment });
    case 'file': {
      const text = reader.fileText(stdin.path);
      if (text === undefined)
        return reader.add('unknown', `runs the script ${stdin.path.text}, which was not read`, span);
      return reader.shell(wordOf(text, span), { span, positional, place, environment });
    }
    case 'pipe':
      return reader.add('unknown', `runs the script that ${stdin.from} prints`, span);
    default:
      return stdin satisfies never;
  }
}

function evaluates(call: Call): undefined {
  if (call.args.length === 0) return call.reader.add('reads', 'eval of nothing', call.span);
  const [only] = call.args;
  const script =
    call.args.length === 1 && only
      ? only
      : wordOf(
          call.args.map((word) => word.text).join(' '),
          call.span,
          call.args.every((word) => word.known),
        );
  if (call.args.some((word) => !word.known))
    call.reader.add('unknown', `what eval runs is known only when it runs`, call.span);
  const { span, stdin, environment } = call;
  call.reader.shell(script, { span, stdin, environment, sourced: true });
}

/**
 * A file whose text is not at hand is unknown, and with it the whole command that it stands in. It does not make every
 * later command of a run unknown: nearly every runbook sources its variables first, and a caution at each command is one
 * that nobody reads. What a run's shell reports after it (functions, PATH, PAGER and their like that it set) does: those
 * names are unknown from there on.
 */
function source(call: Call): undefined {
  const [file, ...positional] = call.args;
  if (!file) return call.reader.add('reads', 'source of nothing', call.span);
  const printed = printing(file);
  if (printed)
    return call.reader.shell(wordOf(`${printed} | bash`, call.span), { span: call.span, sourced: true });
  const given = isInput(file) && call.stdin?.kind === 'text' ? call.stdin.text.text : undefined;
  const text = given ?? call.reader.fileText(file);
  if (text === undefined)
    return call.reader.add('unknown', `runs ${file.text} in this shell, and it was not read`, call.span, {
      kind: 'path',
      name: file.text,
    });
  call.reader.shell(
    { ...file, text, offset: -1 },
    { span: call.span, sourced: true, ...(positional.length > 0 && { positional }) },
  );
}

function trap(call: Call): undefined {
  const [action, ...signals] = call.args.filter((word) => word.text !== '--');
  if (
    !action ||
    action.text === '-' ||
    action.text === '' ||
    signals.length === 0 ||
    /^-[lp]$/.test(action.text)
  )
    return call.reader.add('reads', 'sets or shows traps', call.span);
  call.reader.shell(action, { span: call.span, sourced: true });
}

/** Shells, and what makes a shell read text as a script. */
export const shells: readonly Tool[] = [
  {
    names: 'bash sh dash zsh ksh ash rbash',
    valued: '-o -O +o +O --rcfile --init-file',
    stopAtOperand: true,
    read: shell,
  },
  { names: 'eval', stopAtOperand: true, read: evaluates },
  { names: 'source .', stopAtOperand: true, read: source },
  { names: 'trap', stopAtOperand: true, read: trap },
];
