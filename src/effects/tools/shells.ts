import type { Call } from '../call.ts';
import { type Word, wordOf } from '../word.ts';
import type { Tool } from './tool.ts';

/** bash, sh and their kin: a script given by -c, by a file, by standard input, or a session. */
function shell(call: Call): undefined {
  const { options, operands, reader, span } = call;
  if (options.has('--version', '--help')) return reader.add('reads', `${call.name} shows its version`, span);
  if (options.has('-n') && operands.length > 0 && !options.has('-c'))
    return reader.add('reads', 'checks a script without running it', span);
  if (options.has('-c')) {
    const [script, , ...positional] = operands;
    if (!script) return reader.add('unknown', `${call.name} -c without a script`, span);
    return runs(call, script, positional);
  }
  const [file, ...positional] = operands;
  if (file && !options.has('-s')) {
    const text = reader.fileText(file);
    if (text !== undefined) return runs(call, { ...file, text, offset: -1 }, positional);
    return reader.add('unknown', `runs the script ${file.text}, which was not read`, span, {
      kind: 'path',
      name: file.text,
    });
  }
  runsInput(call, `opens a shell`, operands);
}

function runs(call: Call, script: Word, positional: readonly Word[]): undefined {
  if (
    !script.known &&
    /^"?[$`]/.test(script.text) &&
    !/[;&|\n\s]/.test(script.text.replace(/\$[({][\s\S]*[)}]/, ''))
  )
    call.reader.add('unknown', `which commands ${script.text} holds is known only when it runs`, call.span);
  call.reader.shell(script, { span: call.span, stdin: call.stdin, positional });
}

/** A shell without a script runs what stands at its standard input. */
export function runsInput(
  call: Pick<Call, 'reader' | 'span' | 'stdin'>,
  session: string,
  positional: readonly Word[] = [],
  place?: string,
): undefined {
  const { reader, span, stdin } = call;
  switch (stdin?.kind) {
    case undefined:
      reader.mark({ interactive: true });
      return reader.add('unknown', `${session}: what is typed there is not known`, span);
    case 'nothing':
      return reader.add('reads', session, span);
    case 'text':
      return reader.shell(stdin.text, { span, positional, place });
    case 'file': {
      const text = reader.fileText(stdin.path);
      if (text === undefined)
        return reader.add('unknown', `runs the script ${stdin.path.text}, which was not read`, span);
      return reader.shell(wordOf(text, span), { span, positional, place });
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
  call.reader.shell(script, { span: call.span, stdin: call.stdin, sourced: true });
}

function source(call: Call): undefined {
  const [file, ...positional] = call.args;
  if (!file) return call.reader.add('reads', 'source of nothing', call.span);
  const text = call.reader.fileText(file);
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
