import type { Call } from '../call.ts';
import { wordOf } from '../word.ts';
import { changes, type Tool } from './tool.ts';

/** Editors: what they are told to do by options may start commands. */
export const editors: readonly Tool[] = [
  {
    names: 'vi vim nvim view vimdiff gvim',
    valued: '-c --cmd -S -u -U -w -W -i -t -T --servername --remote-send --remote-expr',
    read: vi,
    rules: [changes('', { why: 'opens {all} in an editor', interactive: true, hits: ['path', '{0}'] })],
  },
  {
    names: 'nano pico',
    runs: '-s --speller',
    loads: '-f --rcfile',
    valued: '-T -r -C --backupdir -Q -Y',
    rules: [changes('', { why: 'opens {all} in an editor', interactive: true, hits: ['path', '{0}'] })],
  },
  {
    names: 'emacs emacsclient',
    loads: '-l --load --script',
    valued: '-f --funcall -e --eval -L -s --socket-name -a --alternate-editor',
    read: (call) => {
      for (const code of call.options.values('-f', '--funcall', '-e', '--eval')) {
        const command = /(?:shell-command|call-process)\s+"((?:[^"\\]|\\.)*)"/.exec(code.text)?.[1];
        if (command) call.reader.shell(wordOf(command, call.span), { span: call.span });
        call.reader.add('unknown', `runs ${code.text} in the editor`, call.span);
      }
      return false;
    },
    rules: [changes('', { why: 'opens {all} in an editor', interactive: true, hits: ['path', '{0}'] })],
  },
  {
    names: 'code',
    rules: [changes('', { why: 'opens {all} in an editor', interactive: true, hits: ['path', '{0}'] })],
  },
  { names: 'ed ex red', valued: '-p -c', read: lines },
];

/** Ex commands that look, move, set up or leave. */
const plain =
  /^:*\s*(\d+|\/.*|\?.*|q|qa|qall|q!|qa!|quit|quit!|wq|wqa|x|xa|w|wa|write|n|next|set\s+(?!.*(shell|prg|expr)).*|syntax\s+\w+|number|noh\w*|normal\s+[gG]+|e|edit|split|vsplit|vs|sp|tabnew|[%\d,.$]*s(.).*\3.*\3[gciIne&]*|[\d,.$%]*(d|delete)|\$|\.)\s*$/;

function vi(call: Call): boolean {
  const { args, options, reader, span } = call;
  const typed = [
    ...options.values('-c', '--cmd', '--remote-send', '--remote-expr'),
    ...args
      .filter((word) => /^\+./.test(word.text))
      .map((word) => ({ ...word, text: word.text.slice(1), offset: -1 })),
  ];
  for (const command of typed) {
    const shell = /!(?!=)\s*([^!\s][\s\S]*)$/.exec(command.text)?.[1];
    const called = /system\(\s*["']((?:[^"'\\]|\\.)*)["']/.exec(command.text)?.[1];
    if (shell && !plain.test(command.text)) reader.shell(wordOf(shell, span, command.known), { span });
    else if (called) reader.shell(wordOf(called, span), { span });
    if ((called || !plain.test(command.text)) && !(shell && command.known && /^:*\s*!/.test(command.text)))
      reader.add('unknown', `runs ${command.text} in the editor`, span);
  }
  // In ex mode the letter means silence.
  const typedIn = args.findIndex((word) => word.text === '-s');
  const scripts = typedIn < 0 || options.has('-e') ? [] : args.slice(typedIn + 1, typedIn + 2);
  for (const file of [...options.values('-S', '-u', '-U'), ...scripts])
    if (!/^(NONE|NORC|DEFAULTS|\/dev\/null)$/.test(file.text))
      reader.add('unknown', `runs the editor's commands of ${file.text}`, span);
  for (const file of options.values('-w', '-W')) reader.writes(file);
  return false;
}

/** ed and ex take their commands from standard input: `!command`, `r !command`, `w !command`. */
function lines(call: Call): undefined {
  const { operands, options, reader, span, stdin } = call;
  const [file] = operands;
  if (file?.text.startsWith('!')) reader.shell(wordOf(file.text.slice(1), span, file.known), { span });
  const text =
    call.name === 'ex' ? options.value('-c')?.text : stdin?.kind === 'text' ? stdin.text.text : undefined;
  const given = text ?? (stdin?.kind === 'text' ? stdin.text.text : undefined);
  for (const line of (given ?? '').split('\n')) {
    const command = /^[\d,.$%]*\s*(?:[rwe]\s*)?!(.+)$/.exec(line.trim())?.[1];
    if (command) reader.shell(wordOf(command, span), { span });
  }
  const what = operands.map((word) => word.text).join(' ');
  if (given === undefined && stdin)
    reader.add('unknown', `runs an editor's commands that were not read on ${what}`, span);
  if (!stdin) reader.mark({ interactive: true });
  reader.add('changes', `edits ${what}`, span, file ? { kind: 'path', name: file.text } : undefined);
}
