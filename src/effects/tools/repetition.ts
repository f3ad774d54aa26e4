import type { Call } from '../call.ts';
import { unescapeAnsi, type Word, wordOf } from '../word.ts';
import { runsInput } from './shells.ts';
import type { Tool } from './tool.ts';

function xargs(call: Call): undefined {
  const { operands, options, reader, span } = call;
  if (operands.length === 0) return reader.add('reads', 'echoes its input', span);
  const replace =
    options.value('-I', '--replace', '-J') ?? (options.has('-i') ? wordOf('{}', span) : undefined);
  const input = call.stdin?.kind === 'text' && call.stdin.text.known ? call.stdin.text : undefined;
  const items = input ? itemsOf(input.text, call, replace !== undefined) : [];
  const added =
    items.length > 0 && items.length <= 200
      ? items.map((item) => wordOf(item, span))
      : [wordOf('$items', span, false)];
  const around = { span, stdin: { kind: 'nothing' }, environment: call.environment, external: true } as const;
  if (replace)
    return reader.command(
      operands.map((word) => substituted(word, replace.text, added)),
      around,
    );
  reader.command([...operands, ...added], around);
  // It may start the command once for each few of them: `xargs -n 1 sh -c` takes each for a script.
  const few = options.has('-n', '--max-args', '-L', '--max-lines', '-l', '-s', '--max-chars', '-x', '-P');
  if (few) for (const item of added.slice(1)) reader.command([...operands, item], around);
}

/** The items that xargs makes of its input. After "xargs" of POSIX: blanks part them, quotes and backslashes keep. */
function itemsOf(text: string, { options }: Call, lines: boolean): readonly string[] {
  const delimiter = options.has('-0', '--null')
    ? '\0'
    : unescapeAnsi(options.value('-d', '--delimiter')?.text ?? (lines ? '\n' : ''));
  const items = delimiter
    ? text.split(delimiter)
    : (text.match(/(?:'[^'\n]*'|"[^"\n]*"|\\[\s\S]|[^\s'"\\]|['"])+/g) ?? []).map((item) =>
        item.replace(/'([^']*)'|"([^"]*)"|\\([\s\S])/g, '$1$2$3'),
      );
  return items.filter((item) => item.trim());
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

/** Commands that start another one again and again. */
export const repetition: readonly Tool[] = [
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
];
