import type { Call } from '../call.ts';
import { readEvaluated, readSubscripts } from '../evaluated.ts';
import type { Input } from '../input.ts';
import { type Span, type Word, wordOf } from '../word.ts';
import { changes, reads, type Tool, unknown } from './tool.ts';

/** What the shell does itself. */
export const builtins: readonly Tool[] = [
  {
    names:
      ': dirs shopt wait disown bg fg umask ulimit break continue return exit logout suspend times caller help local declare typeset export readonly getopts echo true false',
    read: evaluates,
    rules: [reads()],
  },
  {
    names: 'cd pushd popd',
    read: (call) => {
      evaluates(call);
      const [folder] = call.operands;
      call.reader.move(call.name === 'popd' ? undefined : folder);
      return false;
    },
    rules: [reads()],
  },
  { names: 'let test [', read: evaluates, rules: [reads()] },
  { names: 'set', read: set, rules: [reads()] },
  { names: 'shift', read: shift, rules: [reads()] },
  { names: 'hash', read: hash, rules: [reads()] },
  {
    names: 'enable',
    valued: '-f',
    rules: [unknown('', { has: '-f', why: 'loads a builtin from {-f}' }), reads()],
    read: (call) => {
      if (call.options.has('-f'))
        for (const word of call.operands)
          call.reader.define(word.text, wordOf('"$LOADED_BUILTIN"', call.span));
      return false;
    },
  },
  { names: 'bind', loads: '-f', runs: '-x', rules: [unknown('', { has: '-x' }), reads()] },
  {
    names: 'complete compgen',
    runs: '-C',
    valued: '-o -A -G -W -F -P -S -X',
    read: evaluates,
    rules: [reads()],
  },
  {
    names: 'fc',
    valued: '-e',
    rules: [reads('', { has: '-l' }), unknown('', { why: 'runs a command of before again' })],
  },
  { names: 'history', rules: [changes('', { has: '-c -d -w -a -r -n -s', why: '{call}' }), reads()] },
  {
    names: 'jobs',
    stopAtOperand: true,
    read: (call) => {
      if (!call.options.has('-x')) return call.reader.add('reads', 'shows jobs', call.span);
      return call.reader.command(call.operands, { span: call.span });
    },
  },
  {
    names: 'read mapfile readarray',
    valued: '-p -t -n -N -d -u -i -a -s -C -c -O',
    read: (call) => {
      evaluates(call);
      if (call.stdin?.kind === 'text') readSubscripts(call.stdin.text, call.reader, call.span);
      const array = call.options.value('-a');
      const callback = call.options.value('-C');
      if (callback)
        call.reader.shell({ ...callback, text: `${callback.text} 0 line`, offset: -1 }, { span: call.span });
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
      if (call.args[0]?.text.startsWith('-v')) {
        evaluates(call);
        for (const word of call.args) readSubscripts(word, call.reader, call.span);
      }
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
      reads(
        'ls|list-sessions|list-windows|list-panes|has-session|has|display-message|show-options|capture-pane',
      ),
      changes(
        'attach|attach-session|a|kill-session|kill-window|kill-pane|detach|rename-session|rename-window',
        {
          why: '{call}',
          interactive: true,
        },
      ),
      unknown('*'),
      changes('', { why: 'opens a terminal of its own', interactive: true }),
    ],
    read: (call) => {
      if (
        call.name === 'tmux' &&
        /^(new|new-session|send-keys|send|neww|new-window|splitw|split-window|respawn-pane|respawn-window|run|run-shell|if|if-shell|pipe-pane|popup|display-popup)$/.test(
          call.operands[0]?.text ?? '',
        )
      ) {
        const script = call.operands.slice(1).filter((word) => !/^(Enter|C-m)$/.test(word.text));
        if (script.length > 0) {
          call.reader.add('changes', 'runs in a tmux session', call.span);
          for (const each of script) call.reader.shell(each, { span: call.span });
          return undefined;
        }
      }
      if (call.name === 'screen' && call.options.has('-X')) {
        for (const each of call.operands.slice(1)) call.reader.shell(each, { span: call.span });
        return call.reader.add('unknown', 'types into a screen session', call.span);
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
    if (!found) continue;
    const [, name = '', text = ''] = found;
    // A keyword's new meaning would reach every statement behind it.
    if (keyword.test(name)) call.reader.shell(wordOf(text, call.span, word.known), { span: call.span });
    call.reader.define(name, aliasBody(name, { ...word, text }, call.span));
  }
  return call.reader.add('reads', 'sets or shows aliases', call.span);
}

/** What runs where an alias stands, its arguments behind it. In its own text the name is the command's. */
export function aliasBody(name: string, { text, known }: Word, span: Span): Word {
  const own = text.trimStart().split(/[\s;|&<>()]/)[0] === name ? 'command ' : '';
  return wordOf(`${own}${text} "$@"`, span, known);
}

const keyword =
  /^(if|then|else|elif|fi|for|while|until|do|done|case|esac|select|function|time|coproc|in|\[\[|\]\]|[{}!])$/;

/** Names of variables are expanded once more: `let 'a[$(…)]'`, `test -v 'a[$(…)]'`, `read 'a[$(…)]'`. */
function evaluates(call: Call): false {
  for (const word of call.args) if (word.text.includes('[')) readEvaluated(word, call.reader, call.span);
  if (call.name === 'compgen' || call.name === 'complete')
    for (const word of call.options.values('-W')) readEvaluated(word, call.reader, call.span);
  return false;
}

/** `set -- a b` gives `$1`, `$2` … new values. */
function set(call: Call): false {
  const at = call.args.findIndex((word) => word.text === '--' || !/^[-+]/.test(word.text));
  if (at < 0 || (at > 0 && /^[-+]o$/.test(call.args[at - 1]!.text))) return false;
  const words = call.args.slice(call.args[at]!.text === '--' ? at + 1 : at);
  for (const word of words) readSubscripts(word, call.reader, call.span);
  call.reader.rearrange(() => words);
  return false;
}

function shift(call: Call): false {
  const [count] = call.args;
  const by = count ? Number(count.text) : 1;
  call.reader.rearrange((before: readonly Word[]) => (Number.isInteger(by) ? before.slice(by) : undefined));
  return false;
}

/** `hash -p ./other ls`: the name is another file from here on. */
function hash(call: Call): false {
  const at = call.args.findIndex((word) => word.text === '-p');
  const [path, ...names] = at < 0 ? [] : call.args.slice(at + 1);
  for (const name of names)
    call.reader.define(name.text, wordOf(`${path!.text} "$@"`, call.span, path!.known));
  return false;
}
