import type { Call } from '../call.ts';
import { type Word, wordOf } from '../word.ts';
import { runsInput } from './shells.ts';
import type { Tool } from './tool.ts';

/** Drops `NAME=value` words from the front and keeps them as the inner command's environment. */
function assignments(words: readonly Word[], environment: ReadonlyMap<string, Word>) {
  const set = new Map(environment);
  let at = 0;
  for (; at < words.length; at++) {
    const found = /^([A-Za-z_]\w*)=([\s\S]*)$/.exec(words[at]!.text);
    if (!found) break;
    set.set(found[1]!, { ...words[at]!, text: found[2]!, offset: -1 });
  }
  return { words: words.slice(at), environment: set };
}

/** The rest of the words is the command; `skip` operands stand before it. */
function through(skip = 0, alone = 'reads' as 'reads' | 'changes' | 'unknown') {
  return (call: Call) => {
    const { words, environment } = assignments(call.operands.slice(skip), call.environment);
    if (words.length === 0) return call.reader.add(alone, call.name, call.span);
    call.reader.command(words, { span: call.span, stdin: call.stdin, environment, external: true });
  };
}

function sudo(call: Call): undefined {
  const { options, reader, span } = call;
  if (
    options.has('-l', '--list', '-v', '--validate', '-k', '-K', '-V', '--version') &&
    call.operands.length === 0
  )
    return reader.add('reads', call.name, span);
  if (options.has('-e', '--edit')) {
    reader.mark({ interactive: true });
    return reader.add('changes', `edits ${call.operands.map((w) => w.text).join(' ')}`, span);
  }
  const { words, environment } = assignments(call.operands, call.environment);
  if (words.length > 0)
    return reader.command(words, { span, stdin: call.stdin, environment, external: true });
  runsInput(call, `opens a shell as ${options.value('-u', '--user')?.text ?? 'root'}`);
}

function su(call: Call): undefined {
  const script = call.options.value('-c', '--command');
  if (script) return call.reader.shell(script, { span: call.span, stdin: call.stdin });
  runsInput(call, `opens a shell as ${call.operands.find((word) => word.text !== '-')?.text ?? 'root'}`);
}

function env(call: Call): undefined {
  const split = call.options.value('-S', '--split-string');
  if (split) {
    const rest = call.operands.map((word) => quoted(word)).join(' ');
    return call.reader.shell(wordOf(`${split.text} ${rest}`, call.span, split.known), {
      span: call.span,
      stdin: call.stdin,
    });
  }
  through()(call);
}

/** A word as the shell would have to write it. */
function quoted(word: Word): string {
  if (!word.known) return `"${word.text.replaceAll('"', '')}"`;
  return /^[\w@%+=:,./-]+$/.test(word.text) ? word.text : `'${word.text.replaceAll("'", "'\\''")}'`;
}

function exec(call: Call): undefined {
  if (call.operands.length === 0)
    return call.reader.add('reads', 'changes where this shell reads and writes', call.span);
  through()(call);
}

function builtinCommand(call: Call): undefined {
  if (call.options.has('-v', '-V')) return call.reader.add('reads', 'asks what a command is', call.span);
  through()(call);
}

/** Commands whose words are a command. */
export const wrappers: readonly Tool[] = [
  {
    names: 'sudo doas pkexec',
    valued: '-u --user -g --group -h --host -p --prompt -C -r --role -t --type -T -U -D --chdir -R --chroot',
    stopAtOperand: true,
    read: sudo,
  },
  {
    names: 'su runuser',
    valued: '-c --command -s --shell -g -G -u',
    read: (call) => {
      if (call.name === 'runuser' && call.options.has('-u')) return through()(call);
      return su(call);
    },
  },
  { names: 'gosu su-exec envdir setuidgid chpst', stopAtOperand: true, read: through(1) },
  { names: 'chroot', stopAtOperand: true, valued: '--userspec --groups', read: through(1, 'unknown') },
  { names: 'env', valued: '-u --unset -C --chdir -S --split-string', stopAtOperand: true, read: env },
  { names: 'time', valued: '-f --format -o --output', stopAtOperand: true, read: through() },
  {
    names: 'nohup setsid nice ionice chrt taskset stdbuf unbuffer busybox caffeinate chronic coproc builtin',
    valued: '-n --adjustment -c --class -p -i -o -e --input --output --error -t',
    stopAtOperand: true,
    read: (call) => through(['chrt', 'taskset'].includes(call.name) ? 1 : 0)(call),
  },
  {
    names: 'timeout gtimeout flock',
    valued: '-k --kill-after -s --signal -w --timeout -E -c --command',
    stopAtOperand: true,
    read: (call) => {
      const script = call.name === 'flock' ? call.options.value('-c', '--command') : undefined;
      if (script) return call.reader.shell(script, { span: call.span, stdin: call.stdin });
      const late = call.operands.findIndex((word) => word.text === '-c');
      if (call.name === 'flock' && late === 1 && call.operands[2])
        return call.reader.shell(call.operands[2], { span: call.span, stdin: call.stdin });
      return through(1)(call);
    },
  },
  { names: 'strace ltrace', valued: '-e -o -p -s -u -P', stopAtOperand: true, read: through() },
  { names: 'exec', valued: '-a', stopAtOperand: true, read: exec },
  { names: 'command', stopAtOperand: true, read: builtinCommand },
  { names: 'then do else noglob nocorrect', stopAtOperand: true, read: through() },
  {
    names: 'script',
    valued: '-c --command',
    read: (call) => {
      const inner = call.options.value('-c', '--command');
      if (inner) return call.reader.shell(inner, { span: call.span, stdin: call.stdin });
      call.reader.mark({ interactive: true });
      return call.reader.add('unknown', 'opens a recorded shell', call.span);
    },
  },
  { names: 'retry', valued: '-t -d --times --delay', stopAtOperand: true, read: through() },
  {
    names: 'dotenv with-env aws-vault',
    valued: '-e -f',
    stopAtOperand: true,
    read: (call) => {
      const separator = call.args.findIndex((word) => word.text === '--');
      const words =
        separator < 0 ? (call.name === 'aws-vault' ? [] : call.operands) : call.args.slice(separator + 1);
      if (words.length === 0) return call.reader.add('unknown', call.name, call.span);
      return call.reader.command(words, { span: call.span, stdin: call.stdin, external: true });
    },
  },
];
