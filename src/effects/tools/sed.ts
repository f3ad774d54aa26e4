import type { Call } from '../call.ts';
import { type Word, wordOf } from '../word.ts';
import type { Tool } from './tool.ts';

export const sed: Tool = {
  names: 'sed gsed ssed',
  valued: '-e --expression -f --file -l --line-length',
  read,
};

function read(call: Call): undefined {
  const { options, operands, reader, span, args } = call;
  const scripts = options.values('-e', '--expression');
  const files = options.values('-f', '--file');
  const given = scripts.length > 0 || files.length > 0;
  const texts: (Word | undefined)[] = given ? [...scripts] : [operands[0]];
  for (const file of files) {
    const text = reader.fileText(file);
    if (text === undefined)
      reader.add('unknown', `runs the sed script ${file.text}, which was not read`, span);
    else texts.push(wordOf(text, span));
  }
  const program = texts.map((word) => word?.text ?? '').join('\n');
  const inPlace = args.some((word) => /^(-[nrEsuz]*i|--in-place)/.test(word.text));
  const edited = (given ? operands : operands.slice(1)).map((word) => word.text).join(' ');
  if (!options.has('--sandbox')) {
    const known = texts.every((word) => word?.known ?? true);
    for (const act of actsOf(program)) {
      if (act.does === 'writes') reader.writes(wordOf(act.what, span, known));
      else if (act.what) reader.shell(wordOf(act.what, span, known), { span });
      else reader.add('unknown', 'sed runs what a line holds', span);
    }
  }
  if (inPlace)
    return reader.add('changes', `edits ${edited || 'files'} in place`, span, { kind: 'path', name: edited });
  return reader.add('reads', 'edits a stream', span);
}

/** Something that a sed script does beyond its stream. A command of which nothing is known is an empty text. */
interface Act {
  readonly does: 'writes' | 'runs';
  readonly what: string;
}

/**
 * Commands and files of a sed script: `e`, `w`, `W` and the flags `e` and `w` of `s`. After "sed scripts" of GNU sed's
 * manual. Never fails: letters that it does not know are passed over.
 */
export function actsOf(script: string): readonly Act[] {
  const found: Act[] = [];
  let at = 0;
  const line = () => {
    const end = script.indexOf('\n', at);
    const text = script.slice(at, end < 0 ? script.length : end);
    at = end < 0 ? script.length : end;
    return text.trim();
  };
  /** What stands up to an unescaped delimiter, outside brackets. */
  const part = (delimiter: string) => {
    let text = '';
    let bracket = false;
    for (; at < script.length; at++) {
      const c = script[at]!;
      if (c === '\\') {
        text += script[at + 1] === delimiter ? delimiter : script.slice(at, at + 2);
        at += 1;
        continue;
      }
      if (bracket) bracket = c !== ']';
      else if (c === '[' && script.indexOf(']', at + 2) > 0) {
        bracket = true;
        if (script[at + 1] === ']') {
          text += c;
          at += 1;
        }
      } else if (c === delimiter) {
        at += 1;
        return text;
      }
      text += script[at];
    }
    return text;
  };
  while (at < script.length) {
    const c = script[at]!;
    at += 1;
    if (c === '/') part('/');
    else if (c === '\\' && at < script.length) part(script[at++]!);
    else if (c === '#' || /[aicrRbtT:]/.test(c)) {
      // Their text goes on behind a backslash at the end of the line; labels end at a semicolon, too.
      const text = /[btT:]/.test(c) ? /^[^;}\n]*/.exec(script.slice(at))![0] : '';
      if (text || /[btT:]/.test(c)) at += text.length;
      else while (line().endsWith('\\')) at += 1;
    } else if (c === 'w' || c === 'W') found.push({ does: 'writes', what: line() });
    else if (c === 'e') found.push({ does: 'runs', what: line().replace(/^[;}\s]+$/, '') });
    else if (c === 'y' || c === 's') {
      const delimiter = script[at++] ?? '';
      part(delimiter);
      const replacement = part(delimiter);
      if (c === 'y') continue;
      const flags = /^[gpiImM0-9e]*/.exec(script.slice(at))![0];
      at += flags.length;
      // A replacement without references is the whole command where the pattern was the whole line.
      if (flags.includes('e'))
        found.push({ does: 'runs', what: /\\\d|&/.test(replacement) ? '' : replacement });
      if (flags.includes('e') && !/\\\d|&/.test(replacement)) found.push({ does: 'runs', what: '' });
      if (script[at] === 'w') {
        at += 1;
        found.push({ does: 'writes', what: line() });
      }
    }
  }
  return found;
}
