import type { Call } from '../call.ts';
import { wordOf } from '../word.ts';
import { readSshOptions } from './copy.ts';
import { runsInput } from './shells.ts';
import type { Tool } from './tool.ts';
import { changes, destroys, reads, unknown } from './tool.ts';

const sshValued = '-b -c -D -E -e -F -I -i -J -L -l -m -O -o -p -Q -R -S -W -w -B -P';

/** Other machines. */
export const remote: readonly Tool[] = [
  {
    names: 'ssh autossh mosh dbclient',
    runs: '--ssh',
    loads: '-I',
    valued: sshValued,
    stopAtOperand: true,
    read: (call) => remoteShell(call, 0),
  },
  {
    names: 'knife',
    valued: '-C --concurrency -x -i -c',
    rules: [
      reads('node show|node list|search|status|role show'),
      destroys('node delete|client delete|role delete'),
      unknown(),
    ],
    read: (call) => {
      const [verb, , script] = call.operands;
      if (verb?.text !== 'ssh' || !script) return false;
      call.reader.shell(script, { span: call.span, place: 'on many hosts' });
      return undefined;
    },
  },
  {
    names: 'sshpass',
    valued: '-p -f -P -d',
    stopAtOperand: true,
    read: (call) =>
      call.reader.command(call.operands, { span: call.span, stdin: call.stdin, external: true }),
  },
  {
    names: 'pdsh pssh parallel-ssh dsh clush',
    valued: '-w -g -h -H -l -t -p -o -e -f',
    stopAtOperand: true,
    read: (call) => scriptOn(call, 'on many hosts', 0),
  },
  {
    names: 'sftp ftp lftp',
    valued: '-b -P -i -o -e -c -u -F -J -D',
    runs: '-S',
    read: (call) => {
      readSshOptions(call);
      const text =
        call.options.value('-c', '-e')?.text ?? (call.stdin?.kind === 'text' ? call.stdin.text.text : '');
      for (const [, command] of text.matchAll(/(?:^|[;\n])\s*!\s*([^\n;]+)/g))
        call.reader.shell(wordOf(command!, call.span), { span: call.span });
      if (/(?:^|[;\n])\s*-?(rm|mrm|rmdir|delete|mdelete)\b/.test(text))
        call.reader.add('destroys', 'deletes files over there', call.span);
      return false;
    },
    rules: [unknown('', { why: 'opens a session for files', interactive: true })],
  },
  {
    names: 'ssh-keygen',
    valued: '-f -t -b -C -N -P -R -F',
    rules: [reads('', { has: '-l -F -y -L' }), changes()],
  },
  {
    names: 'ssh-keyscan ssh-add ssh-copy-id',
    loads: '-s -S',
    valued: '-o',
    read: (call) => {
      readSshOptions(call);
      return false;
    },
    rules: [reads('', { has: '-l -L' }), changes()],
  },
  {
    names: 'ssh-agent',
    valued: '-a -E -P -t -O',
    stopAtOperand: true,
    read: (call) => {
      if (call.operands.length === 0)
        return call.reader.add('changes', 'starts or ends an agent for keys', call.span);
      return call.reader.command(call.operands, { span: call.span, stdin: call.stdin, external: true });
    },
  },
  {
    names: 'telnet nc ncat netcat socat',
    runs: '-e -c --sh-exec --exec',
    valued: '-w -p',
    rules: [
      reads('', { has: '-z' }),
      unknown('', { why: 'speaks to {all}: what it sends is not known', interactive: true }),
    ],
  },
];

function remoteShell(call: Call, at: number): undefined {
  const { options, operands, reader, span } = call;
  const host = operands[at];
  readSshOptions(call);
  if (options.has('-V', '-Q', '-G')) return reader.add('reads', 'ssh shows something', span);
  if (options.has('-N', '-O', '-W')) {
    if (options.has('-N')) reader.mark({ longRunning: true, background: options.has('-f') });
    return reader.add('reads', `opens a tunnel through ${host?.text ?? 'a host'}`, span);
  }
  if (options.has('-f')) reader.mark({ background: true });
  return scriptOn(call, `on host ${host?.text ?? ''}`.trim(), at + 1);
}

/** ssh joins its words by blanks and gives them to the shell over there, which reads them once more. */
function scriptOn(call: Call, place: string, skip: number): undefined {
  const given = call.operands.slice(skip);
  const words = given[0]?.text === '--' ? given.slice(1) : given;
  const [only] = words;
  if (!only) return runsInput(call, `opens a session ${place}`, [], place);
  const script =
    words.length === 1
      ? only
      : {
          ...only,
          text: words.map((word) => word.text).join(' '),
          known: words.every((word) => word.known),
          offset: -1,
          end: words.at(-1)!.end,
        };
  if (!script.known && words.length === 1 && /^"?\$/.test(script.text))
    call.reader.add('unknown', `which command ${script.text} is, is known only when it runs`, call.span);
  call.reader.shell(script, { span: call.span, stdin: call.stdin, place });
}
