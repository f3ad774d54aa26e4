import type { Around } from './call.ts';
import type { Input } from './input.ts';
import type { ShellReader } from './shell.ts';
import { unescapeAnsi, type Word } from './word.ts';

/** Commands that pass a dump of PostgreSQL on, whole or in another packing. */
const passing = new Set([
  'cat',
  'gzip',
  'gunzip',
  'zcat',
  'zstd',
  'zstdcat',
  'xz',
  'xzcat',
  'bzip2',
  'bzcat',
  'pv',
  'tee',
  'lz4',
  'pigz',
  'unpigz',
  'buffer',
  'mbuffer',
]);

/** What a command is known to print: the text of `echo`, `printf` and `cat <<EOF`, or a dump. */
export function outputOf(
  name: string,
  args: readonly Word[],
  around: Around,
  reader: ShellReader,
): Input | undefined {
  const { span, stdin } = around;
  switch (name) {
    case 'echo': {
      const shown = args.slice(args.findIndex((word) => !/^-[neE]+$/.test(word.text)));
      const escapes = args.some((word) => /^-[nE]*e/.test(word.text));
      const texts = args.length === 0 || shown.length === 0 ? [] : shown;
      return spoken(texts, ' ', '\n', span, escapes);
    }
    case 'printf': {
      const [format, ...values] = args;
      if (!format) return undefined;
      if (values.length === 0) return spoken([format], ' ', '', span, true);
      if (/^%s(\\n|\s)?$/.test(format.text)) return spoken(values, '\n', '\n', span, false);
      return spoken([format, ...values], '\n', '', span, true, false);
    }
    case 'cat':
    case 'tee': {
      const files = args.filter((word) => !word.text.startsWith('-') || word.text === '-');
      if (name === 'tee' || files.length === 0) return stdin;
      const [file] = files;
      if (files.length !== 1 || !file) break;
      if (file.text === '-') return stdin;
      const text = reader.fileText(file);
      if (text !== undefined) return { kind: 'text', text: { ...file, text, offset: -1 } };
      return { kind: 'file', path: file };
    }
    case 'pg_restore':
    case 'pg_dump':
    case 'pg_dumpall': {
      // Letters that take a value end a group of them: `-Fc` is a format.
      const cleans = args.some((word) => /^(--cl(e(an?)?)?|-[aAbBCeOlsvwWx1]*c\S*)$/.test(word.text));
      if (name === 'pg_restore' && !cleans) break;
      return { kind: 'pipe', from: name, dump: cleans ? 'cleaning' : 'plain' };
    }
    default:
      break;
  }
  if (passing.has(name) && stdin?.kind === 'pipe') return stdin;
  if (/^(z|gz|bz|xz|zstd)cat$|^(gunzip|gzip|unzip|bunzip2|unxz|zstd|pigz|unpigz)$/.test(name)) {
    const file = args.find((word) => !word.text.startsWith('-'));
    if (file) return { kind: 'file', path: { ...file, known: false } };
  }
  return { kind: 'pipe', from: name };
}

function spoken(
  words: readonly Word[],
  glue: string,
  end: string,
  span: { start: number; end: number },
  escapes: boolean,
  sure = true,
): Input {
  const [only] = words;
  const text = words.map((word) => word.text).join(glue);
  const unescaped = escapes ? unescapeAnsi(text) : text;
  const known = sure && words.every((word) => word.known);
  const exact = words.length === 1 && unescaped === text;
  return {
    kind: 'text',
    text: {
      text: unescaped + (exact ? '' : end),
      known,
      quoted: true,
      offset: exact ? only!.offset : -1,
      start: exact ? only!.start : span.start,
      end: exact ? only!.end : span.end,
    },
  };
}
