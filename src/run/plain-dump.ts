import { type DumpCommand, dumpOf, isPlainDump } from './dump-command.ts';
import type { SimpleCommand } from './simple-command.ts';

/** `pg_dump` writes it last: without it a text dump is cut off, wherever that happened. */
const trailer = 'PostgreSQL database dump complete';

/** Commands that pack what they are fed, and nothing else. */
const packers = /^(?:gzip|pigz|zstd|xz|bzip2|lz4)$/;

/** Each program that prints a packed file whole, by what its options must say. */
const unpackers: readonly (readonly [RegExp, RegExp])[] = [
  [/^(?:zcat|gzcat|zstdcat|xzcat|bzcat|lz4cat|cat)$/, /^$/],
  [/^(?:gunzip|unpigz|unzstd|unxz|bunzip2|unlz4)$/, /^(?:-c|--stdout|--to-stdout)$/],
  [/^(?:gzip|pigz|zstd|xz|bzip2|lz4)$/, /^(?:-dc|-cd|-d -c|-c -d|--decompress --stdout)$/],
];

/** The commands of a text by their pipelines; one that stands alone is a pipeline of one. */
export function pipelines(commands: readonly SimpleCommand[]): readonly (readonly SimpleCommand[])[] {
  const found: SimpleCommand[][] = [];
  let open: SimpleCommand[] = [];
  for (const command of commands) {
    open.push(command);
    if (command.piped) continue;
    found.push(open);
    open = [];
  }
  return open.length > 0 ? [...found, open] : found;
}

/** `pg_dump … | gzip > FILE`: a text dump that goes packed into a file of this machine. */
export function packedDump([first, ...rest]: readonly SimpleCommand[]): DumpCommand | undefined {
  const last = rest.at(-1);
  if (!first || last?.output === undefined || !isPlainDump(first)) return undefined;
  const packing = rest.every(
    ({ tool, words }) =>
      packers.test(tool) &&
      words.every((word) => /^-(?:[0-9qcv]+|T\d+|-(?:fast|best|stdout|quiet))$/.test(word)),
  );
  return packing ? dumpOf({ ...first, output: last.output }) : undefined;
}

/**
 * The text dump whose end a pipeline has looked for and which it has read whole for that: `tail -n 5 FILE | grep -q
 * 'PostgreSQL database dump complete'`, packed ones by way of `gunzip -c FILE |`. Without `-q` a search that finds
 * nothing is an answer and no failure, so that it proves nothing.
 */
export function trailerRead(pipeline: readonly SimpleCommand[]): string | undefined {
  const [grep, tail, unpack, ...more] = pipeline.toReversed();
  if (!grep || !tail || more.length > 0 || pipeline.some(({ decides }) => !decides)) return undefined;
  if (!isSearch(grep) || tail.tool !== 'tail') return undefined;
  const [, file] =
    /^(?:(?:-n ?\d{1,3}|-\d{1,3}|--lines[= ]\d{1,3}) ?)?(\S*)$/.exec(tail.words.join(' ')) ?? [];
  if (file === undefined) return undefined;
  if (!unpack) return file || undefined;
  const named = unpack.words.filter((word) => !word.startsWith('-'));
  const options = unpack.words.filter((word) => word.startsWith('-')).join(' ');
  const whole = unpackers.some(([tool, wanted]) => tool.test(unpack.tool) && wanted.test(options));
  return file === '' && whole && named.length === 1 ? named[0] : undefined;
}

function isSearch({ tool, words }: SimpleCommand): boolean {
  const options = words.filter((word) => word.startsWith('-'));
  const patterns = words.filter((word) => !word.startsWith('-'));
  return (
    tool === 'grep' &&
    options.some((word) => /^(?:-[FEG]*q[FEG]*|--quiet|--silent)$/.test(word)) &&
    options.every((word) => /^(?:-[FEGq]+|--quiet|--silent|--fixed-strings)$/.test(word)) &&
    patterns.length === 1 &&
    patterns[0]!.replace(/^\^?(?:-- )?|\$$/g, '') === trailer
  );
}

/** What would prove a text dump whole, to be said where nothing has. */
export function trailerCheck(file: string): string {
  const search = `tail -n 5 ${file} | grep -q '${trailer}'`;
  const packed: Readonly<Record<string, string>> = {
    gz: 'gunzip -c',
    zst: 'zstd -dc',
    xz: 'xz -dc',
    bz2: 'bzip2 -dc',
    lz4: 'lz4 -dc',
  };
  const unpack = packed[/\.(\w+)["']?$/.exec(file)?.[1] ?? ''];
  return unpack ? `${unpack} ${file} | tail -n 5 | grep -q '${trailer}'` : search;
}
