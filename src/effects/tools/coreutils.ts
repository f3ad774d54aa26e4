import type { Call } from '../call.ts';
import { readStartedFile } from '../started-file.ts';
import { wordOf } from '../word.ts';
import { changes, destroys, reads, type Tool } from './tool.ts';

const show = (names: string, valued = ''): Tool => ({ names, valued, rules: [reads()] });

/** Files and folders, and the small commands of every system. */
export const coreutils: readonly Tool[] = [
  show('ls dir stat file du df pwd basename dirname realpath readlink tree exa eza lsblk blkid findmnt'),
  show('cat zcat bzcat xzcat zstdcat tac nl od hexdump strings wc cksum b2sum cmp diff comm vdiff zdiff'),
  show('md5sum sha1sum sha224sum sha256sum sha384sum sha512sum shasum md5', '-a -b -c'),
  show('head column cut paste join fold fmt expand unexpand tr rev numfmt pr tsort'),
  { names: 'xxd uniq', valued: '-f -s -w -c -g -l -o -n', read: secondFile },
  show('grep egrep fgrep zgrep zegrep pgrep'),
  { names: 'rg ag ack', runs: '--pre --hostname-bin --pager', rules: [reads()] },
  show(
    'cal uptime uname hostid arch nproc free vmstat iostat mpstat lscpu lsof whoami id groups users who w last tty logname getent locale printenv',
  ),
  show('expr seq yes factor sleep usleep which whereis type help whatis apropos'),
  show('ps pstree pidof'),
  show('ping ping6 traceroute tracepath mtr dig host nslookup whois netstat', '-c -i -W -w'),
  { names: 'ss arp', rules: [changes('', { has: '-K --kill -d -s', why: '{call}' }), reads()] },
  {
    names: 'date',
    valued: '-d --date -r --reference -s --set -f --file -I',
    rules: [changes('', { has: '-s --set', why: "sets this machine's clock" }), reads()],
  },
  { names: 'fd fdfind', read: finder },
  show('pv jq bc base32 envsubst getconf'),
  {
    names: 'yq base64 iconv xmllint',
    valued: '-o --output -i --input -f -t --from-code --to-code',
    read: (call) => {
      const output = call.name === 'yq' ? undefined : call.options.value('-o', '--output');
      if (output) call.reader.writes(output);
      else if (call.name === 'yq' && call.options.has('-i', '--inplace', '--in-place', '-s', '--split-exp'))
        call.reader.add('changes', 'edits files in place', call.span);
      else call.reader.add('reads', call.name, call.span);
      if (call.options.has('--shell')) call.reader.add('unknown', 'opens a shell of its own', call.span);
    },
  },
  { names: 'dc', loads: '-f --file', valued: '-e --expression', read: dc },
  { names: 'lesspipe lesspipe.sh', rules: [reads()] },
  {
    names: 'tail',
    valued: '-n -c --lines --bytes --pid',
    rules: [reads('', { has: '-f -F --follow', longRunning: true, why: 'follows {all}' }), reads()],
  },
  {
    names: 'less more most zless zmore bat delta',
    runs: '--pager',
    loads: '-k --lesskey-file --lesskey-src',
    valued: '-o -O --log-file --LOG-FILE -p -t -T -x -y -z -j -b',
    read: pager,
  },
  {
    names: 'man',
    runs: '-P --pager -H --html -p --preprocessor',
    loads: '-C --config-file',
    valued: '-M -S -s -L -m -E -T -l',
    rules: [reads()],
  },
  { names: 'info', loads: '--init-file --restore', rules: [reads()] },
  {
    names: 'top htop atop btop iotop glances',
    valued: '-d -n -p -u -b',
    rules: [reads('', { has: '-b' }), reads('', { interactive: true, longRunning: true })],
  },
  {
    names: 'rm',
    rules: [
      destroys('', { has: '-r -R --recursive', why: 'deletes {all} and all in it', hits: ['path', '{all}'] }),
      destroys('', { why: 'deletes {all}', hits: ['path', '{all}'] }),
    ],
  },
  {
    names: 'rmdir',
    rules: [destroys('', { why: 'deletes the empty folder {all}', hits: ['path', '{all}'] })],
  },
  {
    names: 'unlink shred srm wipe',
    valued: '-n -s',
    rules: [destroys('', { why: 'deletes {all}', hits: ['path', '{all}'] })],
  },
  {
    names: 'truncate',
    valued: '-s --size -r --reference',
    rules: [destroys('', { why: 'cuts {all}', hits: ['path', '{all}'] })],
    read: (call) => {
      const fresh =
        call.operands.length > 0 && call.operands.every((path) => call.reader.exists(path) === false);
      if (!fresh) return false;
      for (const path of call.operands) call.reader.writes(path);
      return undefined;
    },
  },
  {
    names: 'mkdir mkfifo mknod touch',
    valued: '-m --mode -d -r -t',
    rules: [changes('', { why: 'makes {all}', hits: ['path', '{all}'] })],
  },
  { names: 'mktemp', valued: '-p -t --suffix', rules: [changes('', { why: 'makes a temporary file' })] },
  {
    names: 'chmod chown chgrp chattr setfacl chcon restorecon',
    valued: '--reference',
    rules: [changes('', { why: '{call}', hits: ['path', '{last}'] })],
  },
  { names: 'getfacl lsattr', rules: [reads()] },
  {
    names: 'tee',
    rules: [changes('', { has: '-a --append', why: 'appends to {all}', hits: ['path', '{all}'] })],
    read: (call) => {
      if (call.options.has('-a', '--append')) {
        for (const path of call.operands) readStartedFile(path, call.reader);
        return false;
      }
      if (call.operands.length === 0) return call.reader.add('reads', 'copies its input', call.span);
      for (const path of call.operands) call.reader.writes(path);
      return undefined;
    },
  },
  {
    names: 'sort',
    valued:
      '-k --key -t --field-separator -o --output -S --buffer-size -T --parallel --files0-from --batch-size',
    runs: '--compress-program',
    read: (call) => {
      const output = call.options.value('-o', '--output');
      if (output) call.reader.writes(output);
      else call.reader.add('reads', 'sorts', call.span);
    },
  },
  {
    names: 'split csplit',
    runs: '--filter',
    valued: '-b -l -n -a -C --bytes --lines',
    rules: [changes('', { why: 'splits {0} into files' })],
  },
  {
    names: 'dd',
    read: (call) => {
      const output = call.args.find((word) => word.text.startsWith('of='));
      if (!output) return call.reader.add('reads', 'copies to standard output', call.span);
      const path = { ...output, text: output.text.slice(3), offset: -1 };
      if (/^\/dev\/(null|stdout)$/.test(path.text))
        return call.reader.add('reads', 'reads to its end', call.span);
      const hits = { kind: 'path' as const, name: path.text };
      const fresh = call.reader.exists(path) === false;
      if (fresh && !path.text.startsWith('/dev/'))
        return call.reader.add('changes', `writes the new file ${path.text}`, call.span, hits);
      return call.reader.add('destroys', `dd overwrites ${path.text}`, call.span, hits);
    },
  },
];

/** `uniq in out`, `xxd in out`: the second file is written. */
function secondFile(call: Call): undefined {
  const output = call.operands[1];
  if (output) call.reader.writes(output);
  else call.reader.add('reads', call.name, call.span);
}

/** `fd … -x command`: one for each file that it finds. */
function finder(call: Call): undefined {
  const { args, reader, span } = call;
  reader.add('reads', 'looks for files', span);
  const at = args.findIndex((word) => /^(-x|-X|--exec|--exec-batch)$/.test(word.text));
  if (at < 0) return;
  const end = args.findIndex((word, index) => index > at && word.text === ';');
  const words = args.slice(at + 1, end < 0 ? undefined : end);
  reader.command([...words, wordOf('$found', span, false)], { span, external: true });
}

/** A line of dc that begins with an exclamation mark is a command. */
function dc(call: Call): undefined {
  const { options, reader, span, stdin } = call;
  reader.add('reads', 'reckons', span);
  const texts = options.values('-e', '--expression').map((word) => word.text);
  if (stdin?.kind === 'text') texts.push(stdin.text.text);
  for (const text of texts)
    for (const line of text.split('\n')) {
      const command = /!(?![<>=])\s*(.+)$/.exec(line)?.[1];
      if (command) reader.shell(wordOf(command, span), { span });
    }
}

/** `less +!command`: what stands behind the plus is typed first. */
function pager(call: Call): undefined {
  const { args, options, reader, span, name } = call;
  const log = /less/.test(name) ? options.value('-o', '-O', '--log-file', '--LOG-FILE') : undefined;
  if (log) reader.writes(log);
  for (const word of args) {
    const typed = /^\+{1,2}([\s\S]*)$/.exec(word.text)?.[1];
    if (typed === undefined) continue;
    const command = /^[^!]*!([\s\S]+)$/.exec(typed)?.[1];
    if (command) {
      if (!word.known) reader.add('unknown', `${name} starts ${command}`, span);
      reader.shell(wordOf(command, span, word.known), { span });
    } else if (/^[|vs:]/.test(typed)) reader.add('unknown', `${name} starts with ${typed}`, span);
  }
  if (call.stdin === undefined || args.length > 0) reader.mark({ interactive: true });
  return reader.add('reads', `${[name, ...args.map((word) => word.text)].join(' ')}`, span);
}
