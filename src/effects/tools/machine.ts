import type { Call } from '../call.ts';
import { wordOf } from '../word.ts';
import { runsInput } from './shells.ts';
import { changes, destroys, reads, type Tool } from './tool.ts';

/** `kill -9 -1` signals every process that it may; a first `-1` alone is a signal. */
function everything({ args, options, reader, span }: Call): boolean {
  const signalled = args.findLastIndex((word) => word.text === '-1');
  if (signalled > 0 && !options.has('-l', '-L', '-0') && !/^-[sn]$/.test(args[signalled - 1]!.text))
    reader.add('destroys', 'signals every process of this machine that it may', span);
  return false;
}

/** The machine itself: processes, users, the clock's tasks, its network. */
export const machine: readonly Tool[] = [
  {
    names: 'kill',
    valued: '-s -n',
    read: everything,
    rules: [
      reads('', { has: '-l -L -0' }),
      changes('', { why: 'signals the process {all}', hits: ['other', '{all}'] }),
    ],
  },
  {
    names: 'killall pkill skill',
    valued: '-s -u -t -P -g',
    rules: [
      reads('', { has: '-l -0' }),
      destroys('', { why: 'ends every process that matches {all}', hits: ['other', '{all}'] }),
    ],
  },
  {
    names: 'fuser',
    rules: [destroys('', { has: '-k --kill', why: 'ends the processes that use {all}' }), reads()],
  },
  { names: 'hostname hostnamectl', rules: [changes('', { operands: 1, why: '{call}' }), reads()] },
  { names: 'timedatectl localectl', rules: [changes('set-time|set-timezone|set-ntp|set-locale'), reads()] },
  {
    names: 'reboot shutdown poweroff halt',
    valued: '-t',
    rules: [
      changes('', { has: '-c', why: 'takes a shutdown back' }),
      destroys('', { why: 'stops this machine' }),
    ],
  },
  {
    names: 'useradd adduser usermod passwd groupadd chpasswd chage visudo gpasswd',
    rules: [changes('', { why: '{call}' })],
  },
  { names: 'userdel deluser groupdel delgroup', rules: [destroys('', { why: 'deletes {all}' })] },
  {
    names: 'crontab',
    valued: '-u',
    rules: [
      reads('', { has: '-l' }),
      destroys('', { has: '-r', why: 'deletes the crontab' }),
      changes('', { has: '-e', interactive: true, why: 'edits the crontab' }),
      changes('', { why: 'replaces the crontab' }),
    ],
    read: crontab,
  },
  {
    names: 'at batch',
    valued: '-f -q -t',
    rules: [reads('', { has: '-l -c -V' }), changes('', { has: '-d -r' })],
    read: (call) => {
      if (call.options.has('-l', '-c', '-V', '-d', '-r')) return false;
      const file = call.options.value('-f');
      return runsInput(
        file ? { ...call, stdin: { kind: 'file', path: file } } : call,
        'runs something later',
      );
    },
  },
  { names: 'logger wall write', rules: [changes('', { why: '{call}' })] },
  {
    names: 'iptables ip6tables nft ufw firewall-cmd ipset',
    rules: [
      reads('', { has: '-L -S --list --list-all --state --get-active-zones' }),
      reads('list|status'),
      destroys('', { has: '-F --flush -X', why: 'flushes firewall rules' }),
      destroys('flush|reset'),
      changes('', { why: 'changes the firewall' }),
    ],
  },
  {
    names: 'ip ifconfig route',
    read: (call) => {
      // Behind the name of a namespace all words are the command's, also those with a dash.
      const [group, verb, place] = call.operands;
      const command = place ? call.args.slice(call.args.indexOf(place) + 1) : [];
      if (call.options.has('-batch', '-b', '-force'))
        call.reader.add('unknown', 'runs commands of a file', call.span);
      if (!/^(netns|vrf)$/.test(group?.text ?? '') || verb?.text !== 'exec') return false;
      return call.reader.command(command, { span: call.span, stdin: call.stdin, external: true });
    },
    rules: [
      destroys(
        'addr flush|address flush|a flush|route flush|r flush|link delete|link del|netns delete|netns del',
        { why: '{call}' },
      ),
      reads('addr show|address show|a show|route show|link show|neigh show'),
      changes('', { operands: 2, why: '{call}' }),
      reads(),
    ],
  },
  { names: 'sysctl', rules: [changes('', { has: '-w -p --system --write' }), reads()] },
  { names: 'modprobe insmod rmmod', rules: [changes()] },
  {
    names: 'dmesg',
    rules: [
      destroys('', { has: '-C --clear -c --read-clear' }),
      reads('', { has: '-w --follow', longRunning: true }),
      reads(),
    ],
  },
];

/** `crontab -` and `crontab FILE`: what stands in it runs later. */
function crontab(call: Call): boolean {
  const { operands, options, reader, span, stdin } = call;
  const [file] = operands;
  if (!file || options.has('-l', '-r', '-e')) return false;
  const text =
    file.text === '-' ? (stdin?.kind === 'text' ? stdin.text.text : undefined) : reader.fileText(file);
  if (text === undefined)
    reader.add(
      'unknown',
      `schedules commands of ${file.text === '-' ? 'its input' : file.text}, which was not read`,
      span,
    );
  for (const line of (text ?? '').split('\n')) {
    const command = /^\s*(?:@\w+|(?:[^\s#]+\s+){5})\s*(\S.*)$/.exec(line)?.[1];
    if (command && !/^\s*#/.test(line)) reader.shell(wordOf(command, span), { span });
  }
  return false;
}
