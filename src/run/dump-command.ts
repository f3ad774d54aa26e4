import { parseArguments } from '../effects/options.ts';
import { wordOf } from '../effects/word.ts';
import { type SimpleCommand, unquoted } from './simple-command.ts';

/** A `pg_dump` to a file, as its text tells it. */
export interface DumpCommand {
  readonly file: string;
  /** Why it does not hold the whole database for certain; undefined where it does. */
  readonly partly: string | undefined;
  /** Through something that has another environment or another network: sudo, a container, a pod. */
  readonly through: 'sudo' | 'a container' | 'a pod' | undefined;
  /** It is SQL text, whose end is a line of its own, and no archive that pg_restore could read. */
  readonly text: boolean;
}

/** The dump that a command makes into a file of this machine; undefined where it makes none. */
export function dumpOf(command: SimpleCommand): DumpCommand | undefined {
  const inner = unwrapped(command.tool, command.words);
  if (inner?.tool !== 'pg_dump') return undefined;
  const { file: named, format, partly } = argumentsOfDump(inner.words);
  // What a container is told to write stands in the container.
  const here = inner.through === undefined || inner.through === 'sudo';
  const file = here ? (named ?? command.output) : command.output;
  if (file === undefined || (named !== undefined && file !== named)) return undefined;
  return { file, partly: partly ?? inner.fault, through: inner.through, text: isText(format) };
}

/** True for a `pg_dump` that makes SQL text and names no file for it. */
export function isPlainDump(command: SimpleCommand): boolean {
  const inner = unwrapped(command.tool, command.words);
  if (inner?.tool !== 'pg_dump') return false;
  const { file, format } = argumentsOfDump(inner.words);
  return file === undefined && isText(format);
}

function isText(format: string | undefined): boolean {
  // pg_dump takes the name in any case, and the shell takes the quotes off.
  return format === undefined || /^["']?p(?:lain)?["']?$/i.test(format);
}

/** File and format of a `pg_dump`, and why it need not hold the whole of its database; each undefined where there is none. */
export function argumentsOfDump(words: readonly string[]): {
  readonly file: string | undefined;
  readonly format: string | undefined;
  readonly partly: string | undefined;
} {
  const { options, operands } = argumentsOf(words, valuedInDump);
  const strange = options.names().find((name) => !wholeDump.has(name));
  const databases = operands.length + (options.has('-d', '--dbname') ? 1 : 0);
  const several = databases > 1 ? 'it names more than one database' : undefined;
  return {
    file: options.value('-f', '--file')?.text,
    format: options.value('-F', '--format')?.text,
    partly: strange ? `${strange} may leave something of the database out` : several,
  };
}

/** A word against a `pg_dump` that no file is proven of: "goes through gzip". */
export function unprovenDump(command: SimpleCommand): string | undefined {
  const inner = unwrapped(command.tool, command.words);
  if (inner?.tool !== 'pg_dump') return undefined;
  if (command.piped)
    return 'the dump goes through another command: write it with pg_dump --file, then it can be read to its end';
  if (inner.through === undefined) return undefined;
  return `the dump stays in ${inner.through}: write it with > to a file here`;
}

interface Unwrapped {
  readonly tool: string;
  readonly words: readonly string[];
  readonly through: DumpCommand['through'];
  readonly fault?: string;
}

const wrappers: Readonly<Record<string, { readonly valued: string; readonly skip?: number }>> = {
  sudo: { valued: '-u --user -g --group -h --host -p --prompt -C -r -t -T -U -D --chdir -R' },
  time: { valued: '' },
  nice: { valued: '-n --adjustment' },
  ionice: { valued: '-c -n -p --class' },
  timeout: { valued: '-k --kill-after -s --signal', skip: 1 },
  env: { valued: '-u --unset -C --chdir' },
};
const inContainer = '-e --env --env-file -u --user -w --workdir --detach-keys --index';
const ofCompose = '-f --file -p --project-name --project-directory --env-file --profile --context -H --host';
const ofKubectl = '-n --namespace --context --cluster --kubeconfig -s --server --user -c --container';

/** The command behind `sudo`, `docker exec` and their kin. */
function unwrapped(
  tool: string,
  words: readonly string[],
  through?: DumpCommand['through'],
  fault?: string,
): Unwrapped | undefined {
  const wrapper = wrappers[tool];
  if (wrapper) {
    const { options, operands } = stopping(words, wrapper.valued);
    const rest = operands
      .slice(wrapper.skip ?? 0)
      .filter((word, index, all) => !(assigns(word) && all.slice(0, index).every(assigns)));
    const [inner, ...after] = rest;
    if (inner === undefined) return undefined;
    const own = tool === 'sudo' && !options.has('-E', '--preserve-env') ? 'sudo' : through;
    return unwrapped(nameOf(inner), after, through ?? own, fault);
  }
  if (/^(docker|podman|nerdctl|docker-compose|podman-compose)$/.test(tool)) {
    const before = stopping(words, ofCompose).operands;
    const composed = before[0] === 'compose' || tool.endsWith('-compose');
    const [verb, ...rest] = before[0] === 'compose' ? stopping(before.slice(1), ofCompose).operands : before;
    if (verb !== 'exec') return undefined;
    const { options, operands } = stopping(rest, inContainer);
    const [, inner = '', ...after] = operands;
    const terminal = composed ? !options.has('-T', '--no-TTY', '--no-tty') : options.has('-t', '--tty');
    return unwrapped(nameOf(inner), after, 'a container', terminal ? terminalFault : fault);
  }
  if (/^(kubectl|oc)$/.test(tool)) {
    const separator = words.indexOf('--');
    const { options, operands } = stopping(words.slice(0, Math.max(0, separator)), ofKubectl, false);
    if (separator < 0 || operands[0] !== 'exec') return undefined;
    const [inner = '', ...after] = words.slice(separator + 1);
    return unwrapped(nameOf(inner), after, 'a pod', options.has('-t', '--tty') ? terminalFault : fault);
  }
  return { tool, words, through, ...(fault !== undefined && { fault }) };
}

const terminalFault =
  'a terminal in between changes line ends: give -T to docker compose exec, and no -t to others';

const nameOf = (word: string) => word.slice(word.lastIndexOf('/') + 1);
const assigns = (word: string) => /^\w+=/.test(word);

function stopping(words: readonly string[], valued: string, stopAtOperand = true) {
  const { options, operands } = parseArguments(
    words.map((word) => wordOf(word, { start: 0, end: 0 })),
    { valued: new Set(valued.split(' ')), stopAtOperand },
  );
  return { options, operands: operands.map((word) => word.text) };
}

// What leaves nothing of the database out; every other option, known or not, may.
const wholeDump = new Set(
  '-F --format -f --file -v --verbose -j --jobs -Z --compress -d --dbname -h --host -p --port -U --username -w --no-password -W --password -O --no-owner -x --no-privileges --no-acl -c --clean -C --create --if-exists -E --encoding --lock-wait-timeout --no-sync --serializable-deferrable --quote-all-identifiers --role -b --blobs --large-objects --no-comments --no-tablespaces --no-toast-compression'.split(
    ' ',
  ),
);
const valuedInDump = new Set(
  '-F --format -f --file -j --jobs -Z --compress -d --dbname -h --host -p --port -U --username -E --encoding --lock-wait-timeout --role'.split(
    ' ',
  ),
);
const wholeRead = new Set(
  '-f --file -F --format -v --verbose -O --no-owner -x --no-privileges --no-acl -c --clean --if-exists -C --create -e --exit-on-error'.split(
    ' ',
  ),
);
const valuedInRead = new Set(['-f', '--file', '-F', '--format']);

/** The archive that a command reads to its end without restoring it. */
export function fileReadWhole({ tool, words }: SimpleCommand): string | undefined {
  const inner = unwrapped(tool, words);
  if (inner?.tool !== 'pg_restore' || (inner.through !== undefined && inner.through !== 'sudo'))
    return undefined;
  return archiveReadWhole(inner.words);
}

/** The archive that a `pg_restore` with these words reads to its end without restoring it. */
export function archiveReadWhole(words: readonly string[]): string | undefined {
  const { options, operands } = argumentsOf(words, valuedInRead);
  const whole = options.names().every((name) => wholeRead.has(name)) && operands.length === 1;
  return whole && options.value('-f', '--file')?.text === '/dev/null' ? operands[0]!.text : undefined;
}

function argumentsOf(words: readonly string[], valued: ReadonlySet<string>) {
  const parsed = parseArguments(
    words.map((word) => wordOf(word, { start: 0, end: 0 })),
    { valued },
  );
  for (const word of parsed.options.values('-f', '--file'))
    parsed.options.put('--file', { ...word, text: unquoted(word.text) });
  return parsed;
}
