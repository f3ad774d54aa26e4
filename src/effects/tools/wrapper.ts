import type { Call } from '../call.ts';
import { type Word, wordOf } from '../word.ts';
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

function xargs(call: Call): undefined {
  const { operands, options, reader, span } = call;
  if (operands.length === 0) return reader.add('reads', 'echoes its input', span);
  const replace =
    options.value('-I', '--replace', '-J') ?? (options.has('-i') ? wordOf('{}', span) : undefined);
  const input = call.stdin?.kind === 'text' && call.stdin.text.known ? call.stdin.text : undefined;
  const items = input?.text.split(/\s+/).filter(Boolean) ?? [];
  const added =
    items.length > 0 && items.length <= 200
      ? items.map((item) => wordOf(item, span))
      : [wordOf('$items', span, false)];
  const words = replace
    ? operands.map((word) => substituted(word, replace.text, added))
    : [...operands, ...added];
  reader.command(words, { span, stdin: { kind: 'nothing' }, environment: call.environment, external: true });
}

/** `{}` in a word becomes the item, where there is one only; else it stays something unknown. */
function substituted(word: Word, mark: string, items: readonly Word[]): Word {
  if (!mark || !word.text.includes(mark)) return word;
  const [only] = items;
  if (items.length === 1 && only?.known)
    return { ...word, text: word.text.replaceAll(mark, only.text), offset: -1 };
  return { ...word, text: word.text.replaceAll(mark, '$item'), known: false, offset: -1 };
}

function parallel(call: Call): undefined {
  const separator = call.args.findIndex((word) => /^:::+\+?$/.test(word.text));
  const own =
    separator < 0
      ? call.operands
      : call.operands.slice(
          0,
          call.operands.findIndex((word) => /^:::/.test(word.text)),
        );
  const items = separator < 0 ? [] : call.args.slice(separator + 1);
  if (own.length === 0) {
    for (const item of items) call.reader.shell(item, { span: call.span });
    if (items.length === 0) runsInput(call, 'runs the commands it is given');
    return;
  }
  const text = own
    .map((word) => word.text)
    .join(' ')
    .replaceAll(/\{[./%#]*\}/g, '"$item"');
  call.reader.shell(
    {
      ...wordOf(
        `${text} "$item"`,
        call.span,
        own.every((w) => w.known),
      ),
    },
    { span: call.span },
  );
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
export function quoted(word: Word): string {
  if (!word.known) return `"${word.text.replaceAll('"', '')}"`;
  return /^[\w@%+=:,./-]+$/.test(word.text) ? word.text : `'${word.text.replaceAll("'", "'\\''")}'`;
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

function exec(call: Call): undefined {
  if (call.operands.length === 0)
    return call.reader.add('reads', 'changes where this shell reads and writes', call.span);
  through()(call);
}

function builtinCommand(call: Call): undefined {
  if (call.options.has('-v', '-V')) return call.reader.add('reads', 'asks what a command is', call.span);
  through()(call);
}

function find(call: Call): undefined {
  const { args, reader, span } = call;
  const start = args.findIndex((word) => /^[-(!]/.test(word.text));
  const roots =
    args
      .slice(0, start < 0 ? args.length : start)
      .map((word) => word.text)
      .join(' ') || '.';
  reader.add('reads', `looks through ${roots}`, span);
  for (let i = 0; i < args.length; i++) {
    const text = args[i]!.text;
    if (text === '-delete')
      reader.add('destroys', `deletes what it finds in ${roots}`, span, { kind: 'path', name: roots });
    else if (/^-(exec|execdir|ok|okdir)$/.test(text)) {
      const rest = args.slice(i + 1);
      const end = rest.findIndex((word) => word.text === ';' || word.text === '+');
      const words = rest
        .slice(0, end < 0 ? rest.length : end)
        .map((word) => substituted(word, '{}', [wordOf(`what it finds in ${roots}`, span, false)]));
      reader.command(words, { span, stdin: { kind: 'nothing' }, external: true });
      i += words.length + 1;
    } else if (/^-(fprint0?|fprintf|fls)$/.test(text) && args[i + 1]) reader.writes(args[i + 1]!);
  }
}

/** Runs one text, or words, again and again. */
function watch(call: Call): undefined {
  call.reader.mark({ interactive: true, longRunning: true });
  repeated(call);
}

function repeated(call: Call): undefined {
  if (call.operands.length === 0) return call.reader.add('reads', call.name, call.span);
  const [only] = call.operands;
  if (call.operands.length === 1 && only) return call.reader.shell(only, { span: call.span });
  const known = call.operands.every((word) => word.known);
  if (call.options.has('-x', '--exec'))
    return call.reader.command(call.operands, { span: call.span, external: true });
  call.reader.shell(wordOf(call.operands.map((word) => word.text).join(' '), call.span, known), {
    span: call.span,
  });
}

/** Commands whose arguments are a command. */
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
    names: 'bash sh dash zsh ksh ash rbash',
    valued: '-o -O +o +O --rcfile --init-file',
    stopAtOperand: true,
    read: shell,
  },
  { names: 'eval', stopAtOperand: true, read: evaluates },
  { names: 'source .', stopAtOperand: true, read: source },
  { names: 'trap', stopAtOperand: true, read: trap },
  {
    names: 'xargs',
    valued:
      '-I -J -n --max-args -P --max-procs -d --delimiter -a --arg-file -L --max-lines -s --max-chars -E --replace',
    stopAtOperand: true,
    read: xargs,
  },
  {
    names: 'parallel',
    valued: '-j --jobs -a --arg-file --colsep -S --sshlogin --delay --timeout --joblog --results -n -N -L',
    stopAtOperand: true,
    read: parallel,
  },
  { names: 'find gfind', singleDash: true, read: find },
  { names: 'watch', valued: '-n --interval', stopAtOperand: true, read: watch },
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
