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

/** Reads the rest of the words as the command; `skip` operands stand before it. `alone`: what it does without one. */
export function through(skip = 0, alone = 'reads' as 'reads' | 'changes' | 'unknown', external = true) {
  return (call: Call) => {
    const { words, environment } = assignments(call.operands.slice(skip), call.environment);
    if (words.length === 0) return call.reader.add(alone, call.name, call.span);
    call.reader.command(words, { span: call.span, stdin: call.stdin, environment, external });
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

/** `op run cmd`, `doppler run cmd`, `sops exec-env FILE 'cmd'`: what stands behind their own words. */
function afterRun(call: Call): readonly Word[] {
  const [verb, ...rest] = call.operands;
  switch (verb?.text) {
    case 'run':
      return rest.filter((word, i) => i > 0 || !word.text.startsWith('-'));
    case 'exec':
    case 'exec-env':
    case 'exec-file':
      return rest.slice(1);
    default:
      return [];
  }
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
      // With -u the words are a command, whose options are its own.
      if (call.name === 'runuser' && call.options.has('-u'))
        return call.reader.command([wordOf('sudo', call.span), ...call.args], { ...call, external: true });
      return su(call);
    },
  },
  { names: 'gosu su-exec envdir setuidgid chpst', stopAtOperand: true, read: through(1) },
  { names: 'chroot', stopAtOperand: true, valued: '--userspec --groups', read: through(1, 'unknown') },
  { names: 'env', valued: '-u --unset -C --chdir -S --split-string', stopAtOperand: true, read: env },
  {
    names: 'time',
    valued: '-f --format -o --output',
    stopAtOperand: true,
    read: (call) => {
      const file = call.options.value('-o', '--output');
      if (file && !call.options.has('-a', '--append')) call.reader.writes(file);
      // A keyword of the shell: functions count behind it.
      return through(0, 'reads', false)(call);
    },
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
  {
    names: 'strace ltrace',
    valued: '-e -o -p -s -u -P',
    stopAtOperand: true,
    read: (call) => {
      const output = call.options.value('-o');
      if (output && /^[|!]/.test(output.text))
        call.reader.shell({ ...output, text: output.text.slice(1), offset: -1 }, { span: call.span });
      else if (output) call.reader.writes(output);
      return through()(call);
    },
  },
  {
    names: 'start-stop-daemon sg hyperfine',
    valued:
      '-p --pidfile -u --user -g --group -c --chuid -d --chdir -r --chroot -a --startas -x --exec -n --name -k --umask -N --nicelevel -P --procsched -I --iosched -s --signal -R --retry -w --warmup --runs --prepare --cleanup --setup --export-json --export-markdown --export-csv -L --parameter-list --conclude',
    stopAtOperand: true,
    read: (call) => {
      for (const started of call.options.values('-x', '--exec', '-a', '--startas'))
        call.reader.command([started, ...call.operands], { span: call.span, external: true });
      if (call.name === 'sg' || call.name === 'hyperfine')
        for (const word of call.operands)
          if (word.text !== '-c') call.reader.shell(word, { span: call.span });
      if (call.name === 'hyperfine')
        for (const text of call.options.values(
          '-p',
          '--prepare',
          '-c',
          '--cleanup',
          '-s',
          '--setup',
          '--conclude',
        ))
          call.reader.shell(text, { span: call.span });
      return through(call.name === 'sg' ? 1 : 0, 'unknown')(call);
    },
  },
  { names: 'coproc', stopAtOperand: true, read: through(0, 'reads', false) },
  { names: 'exec', valued: '-a', stopAtOperand: true, read: exec },
  { names: 'command', stopAtOperand: true, read: builtinCommand },
  { names: 'then do else noglob nocorrect', stopAtOperand: true, read: through(0, 'reads', false) },
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
  {
    names:
      'dotenv with-env aws-vault op doppler chamber infisical teller saml2aws direnv envchain sops vault-env dotenvx',
    valued: '-e -f',
    stopAtOperand: true,
    read: (call) => {
      const separator = call.args.findIndex((word) => word.text === '--');
      const words =
        separator < 0
          ? /^(dotenv|with-env|dotenvx)$/.test(call.name)
            ? call.operands
            : afterRun(call)
          : call.args.slice(separator + 1);
      if (words.length === 0) return call.reader.add('unknown', call.name, call.span);
      const [only] = words;
      if (words.length === 1 && only && /\s/.test(only.text))
        return call.reader.shell(only, { span: call.span });
      return call.reader.command(words, { span: call.span, stdin: call.stdin, external: true });
    },
  },
];
