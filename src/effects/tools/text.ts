import type { Call } from '../call.ts';
import { destroyerIn } from '../destroyer.ts';
import { wordOf } from '../word.ts';
import { sed } from './sed.ts';
import { changes, reads, type Tool } from './tool.ts';

/** Stream editors and languages: their arguments are programs. */
export const text: readonly Tool[] = [
  sed,
  {
    names: 'awk gawk mawk nawk',
    valued: '-F --field-separator -v --assign -f --file -e --source -E --exec -i --include -l --load',
    stopAtOperand: true,
    read: awk,
  },
  {
    names:
      'perl ruby node deno bun php python python2 python3 lua Rscript java groovy osascript expect tclsh guile',
    valued: '-c -e -E -r -m -I -M -W -X -l',
    stopAtOperand: true,
    read: language,
  },
  { names: 'patch', rules: [reads('', { has: '--dry-run' }), changes('', { why: 'patches files' })] },
  { names: 'dos2unix unix2dos', rules: [changes()] },
  {
    names: 'sponge',
    read: (call) => {
      for (const path of call.operands) call.reader.writes(path);
      if (call.operands.length === 0) call.reader.add('reads', 'copies its input', call.span);
    },
  },
];

/** awk starts commands by `system("…")`, `"…" | getline` and `print | "…"`, and writes by `print > "…"`. */
function awk(call: Call): undefined {
  const { options, operands, reader, span } = call;
  if (options.has('-f', '--file', '-E', '--exec', '-i', '--include', '-l', '--load'))
    reader.add('unknown', 'runs an awk program from a file', span);
  const source = options.value('-e', '--source');
  const program =
    (source ?? (options.has('-f', '--file', '-E', '--exec') ? undefined : operands[0]))?.text ?? '';
  let commands = 0;
  for (const [, command] of program.matchAll(/(?:\bsystem\s*\(|\|&?)\s*"((?:[^"\\]|\\.)*)"/g)) {
    commands += 1;
    reader.shell(wordOf(command!.replace(/\\(.)/g, '$1'), span), { span });
  }
  for (const [, command] of program.matchAll(/"((?:[^"\\]|\\.)*)"\s*\|&?\s*getline/g)) {
    commands += 1;
    reader.shell(wordOf(command!.replace(/\\(.)/g, '$1'), span), { span });
  }
  const plain = program.replace(/"(?:[^"\\]|\\.)*"/g, '""').replace(/\/(?:[^/\\\n]|\\.)*\//g, '""');
  const starts = (plain.match(/\bsystem\s*\(|\|&?\s*getline|\|\s*(?!\|)(?=["\w$(])/g) ?? []).length;
  const composed = /\bsystem\s*\((?!\s*""\s*\))|\|\s*""\s*[^\s;})]/.test(plain.replaceAll('||', ''));
  if (starts > commands || composed) {
    const destroyer = destroyerIn(program);
    if (destroyer) return reader.add('destroys', `awk starts commands, with ${destroyer} in them`, span);
    return reader.add('unknown', 'awk starts commands that it puts together', span);
  }
  for (const [, path] of program.matchAll(/\bprintf?\b[^;{}\n]*>{1,2}\s*"((?:[^"\\]|\\.)*)"/g))
    reader.writes(wordOf(path!, span));
  if (/\bprintf?\b[^;{}\n]*>{1,2}\s*[^"\s>=\d]/.test(plain.replace(/\([^()]*\)/g, '')))
    reader.add('changes', 'writes files that it names itself', span);
  if (/@(load|include)\b/.test(plain)) reader.add('unknown', 'awk loads code', span);
  return reader.add('reads', 'reads a stream', span);
}

const harmlessModules = new Set(['json.tool', 'site', 'this', 'platform', 'calendar', 'base64', 'timeit']);

/** Code of another language: unknown, unless a destroying word stands in it. */
function language(call: Call): undefined {
  const { options, operands, reader, span, name, stdin } = call;
  if (
    options.has('--version', '-V', '--help') ||
    (options.has('-v') && operands.length === 0 && /^(node|bun|deno|php|ruby|perl)$/.test(name))
  )
    return reader.add('reads', `${name} shows its version`, span);
  const module = options.value('-m');
  if (module && /^python/.test(name)) {
    if (harmlessModules.has(module.text)) return reader.add('reads', `${name} -m ${module.text}`, span);
    if (module.text === 'http.server') reader.mark({ longRunning: true });
    if (/^(venv|pip)$/.test(module.text)) return reader.add('changes', `${name} -m ${module.text}`, span);
    return reader.add('unknown', `runs the module ${module.text}`, span);
  }
  const code = options.value('-c', '-e', '-E', '-r');
  const shown = code?.text ?? (operands.length === 0 && stdin?.kind === 'text' ? stdin.text.text : undefined);
  if (shown !== undefined) {
    const destroyer = destroyerIn(shown) ?? /\b(rmtree|rmSync|unlinkSync|os\.remove)\b/.exec(shown)?.[0];
    if (destroyer) return reader.add('destroys', `${name} code with ${destroyer} in it`, span);
    return reader.add('unknown', `what this ${name} code does is not read`, span);
  }
  const [file] = operands;
  if (file)
    return reader.add('unknown', `runs ${file.text}, which was not read`, span, {
      kind: 'path',
      name: file.text,
    });
  if (!stdin) reader.mark({ interactive: true });
  return reader.add('unknown', `runs ${name}`, span);
}
