import type { Call } from '../call.ts';
import type { Input } from '../input.ts';
import { wordOf } from '../word.ts';
import { changes, reads, type Tool } from './tool.ts';

/** What the shell does itself. */
export const builtins: readonly Tool[] = [
  {
    names:
      ': cd pushd popd dirs set shopt wait disown bg fg jobs hash umask ulimit break continue return exit logout suspend enable history times caller compgen complete bind let help local declare typeset export readonly shift getopts',
    rules: [reads()],
  },
  {
    names: 'read mapfile readarray',
    valued: '-p -t -n -N -d -u -i -a -s',
    read: (call) => {
      const array = call.options.value('-a');
      for (const word of [...call.operands, ...(array ? [array] : [])]) call.reader.forget(word.text);
      // Nobody feeds it, so a person does. A descriptor of its own was opened on something.
      if (isTerminal(call.stdin) && !call.options.has('-u')) call.reader.mark({ interactive: true });
      call.reader.add(
        'reads',
        `reads into ${call.operands.map((word) => word.text).join(' ') || 'REPLY'}`,
        call.span,
      );
    },
  },
  { names: 'alias', read: alias },
  { names: 'unalias', rules: [reads()] },
  {
    names: 'printf',
    read: (call) => {
      const [flag, variable] = call.args;
      if (flag?.text === '-v' && variable) call.reader.forget(variable.text);
      call.reader.add('reads', 'prints', call.span);
    },
  },
  { names: 'sleep', rules: [reads()] },
  {
    names: 'screen tmux',
    valued: '-S -s -t -d -c',
    rules: [
      reads('ls|list-sessions'),
      changes('', { why: 'opens a terminal of its own', interactive: true }),
    ],
    read: (call) => {
      if (call.name === 'tmux' && /^(new|new-session|send-keys|send)$/.test(call.operands[0]?.text ?? '')) {
        const script = call.operands.slice(1).filter((word) => !/^(Enter|C-m)$/.test(word.text));
        if (script.length > 0) {
          call.reader.add('changes', 'runs in a tmux session', call.span);
          for (const each of script) call.reader.shell(each, { span: call.span });
          return undefined;
        }
      }
      if (call.name === 'screen' && call.operands.length > 0) {
        call.reader.command(call.operands, { span: call.span, external: true });
        call.reader.mark({ interactive: true });
        return undefined;
      }
      return false;
    },
  },
];

/** Whether what a command reads would be typed. */
function isTerminal(stdin: Input | undefined): boolean {
  return stdin === undefined || (stdin.kind === 'file' && stdin.path.text === '/dev/tty');
}

/** An alias is a function whose arguments follow its text. */
function alias(call: Call): undefined {
  for (const word of call.operands) {
    const found = /^([^=\s]+)=([\s\S]*)$/.exec(word.text);
    if (found) call.reader.define(found[1]!, wordOf(`${found[2]} "$@"`, call.span, word.known));
  }
  return call.reader.add('reads', 'sets or shows aliases', call.span);
}
