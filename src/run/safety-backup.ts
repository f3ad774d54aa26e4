import type { Connection } from '../effects/effect.ts';
import { parseArguments } from '../effects/options.ts';
import { readEffects } from '../effects/read.ts';
import { wordOf } from '../effects/word.ts';
import { type Node, parseShell } from '../syntax/shell.ts';
import { otherServers, pointsOf } from './elsewhere.ts';
import { knownValues } from './known-values.ts';
import { planned, plannedParts } from './plan.ts';
import type { Attempt, RunState } from './state.ts';

/** Whether this run has a backup to go back to: `verified` where it was also read to its end. */
export type SafetyBackup = 'none' | 'unverified' | 'verified';

/**
 * Looks for a backup of the target's whole database that was made and verified in this run: as `drillbook backup`
 * reported it, or as a `pg_dump` to a file that a later `pg_restore` to /dev/null has read whole. Listing an archive
 * verifies nothing. What is made of a part of the database, or of another one, is `unverified` at best.
 */
export function safetyBackup(state: RunState): SafetyBackup {
  const found = [reportedBackup(state), plainBackup(state)];
  if (found.includes('verified')) return 'verified';
  return found.includes('unverified') ? 'unverified' : 'none';
}

function reportedBackup(state: RunState): SafetyBackup {
  const database = state.started.target?.database;
  // What was only seen in a command's text is judged by that text, below.
  const reported = state.backups.filter(({ seen }) => !seen);
  const made = reported.filter(({ action }) => action === 'created');
  const verified = made
    .filter((backup) => !database || !backup.database || backup.database === database)
    .some((backup) => {
      // The newest word on the same file counts: damage may be found after it was verified once.
      const words = reported.filter(
        ({ name, location, sha256, verified }) =>
          name === backup.name &&
          location === backup.location &&
          verified !== undefined &&
          (!sha256 || !backup.sha256 || sha256 === backup.sha256),
      );
      return words.at(-1)?.verified === true;
    });
  if (verified) return 'verified';
  return made.length > 0 ? 'unverified' : 'none';
}

/** A file that a dump went to: `part` where it does not hold the target's whole database. */
type Dumped = 'part' | 'whole' | 'read';

function plainBackup(state: RunState): SafetyBackup {
  const files = new Map<string, Dumped>();
  for (const [attempt, counts] of attemptsInOrder(state)) {
    forget(files, attempt);
    if (!counts) continue;
    for (const command of simpleCommands(attempt.text)) {
      if (attempt.finished?.verdict === 'succeeded') follow(state, attempt, command, files);
      // It may have written over the file before it failed.
      else if (command.tool === 'pg_dump') files.delete(dumpOf(command.words).file ?? '');
    }
  }
  const found = [...files.values()];
  if (found.includes('read')) return 'verified';
  return found.length > 0 ? 'unverified' : 'none';
}

function follow(state: RunState, attempt: Attempt, command: Simple, files: Map<string, Dumped>): undefined {
  const { tool, words } = command;
  if (tool === 'pg_dump') {
    const { file, whole } = dumpOf(words);
    if (file) files.set(file, whole && ofTarget(state, attempt.text, command) ? 'whole' : 'part');
  } else if (tool === 'mv') {
    // Dumped under another name first: the final name is the backup.
    const [from = '', to] = words.filter((word) => !word.startsWith('-'));
    const dumped = files.get(from);
    if (!dumped || !to) return;
    files.delete(from);
    files.set(to, dumped);
  } else if (tool === 'pg_restore' && command.decides) {
    const file = fileReadWhole(words);
    if (file !== undefined && files.get(file) === 'whole') files.set(file, 'read');
  }
}

/** A name as written means another file once its variable, or for a relative one the folder, has changed. */
function forget(files: Map<string, Dumped>, { finished }: Attempt): undefined {
  for (const [file, dumped] of [...files]) {
    const changed = finished!.changed.some((name) => {
      if (name === '(folder)') return !/^["']?[/$~]/.test(file);
      // Functions are told as `name()`.
      return /^\w+$/.test(name) && new RegExp(`\\$\\{?${name}\\b`).test(file);
    });
    if (!changed) continue;
    files.delete(file);
    files.set(`${file} before ${finished!.seq}`, dumped);
  }
}

/** Every finished attempt of the run as they ended, and whether it belongs to a safety-backup step. */
function attemptsInOrder(state: RunState): readonly (readonly [Attempt, boolean])[] {
  const commands = new Set(
    planned(state.started.procedure.items, state.options)
      .flatMap((item) => (item.kind === 'step' && item.phase === 'safety-backup' ? [item] : []))
      .flatMap((step) => plannedParts(step.parts, state.options))
      .flatMap((part) => (part.kind === 'command' ? [part.id] : [])),
  );
  return Object.entries(state.parts)
    .flatMap(([id, part]) => part.attempts.map((attempt) => [attempt, commands.has(id)] as const))
    .filter(([attempt]) => attempt.finished)
    .sort(([a], [b]) => a.finished!.seq - b.finished!.seq);
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

/** What a `pg_dump` with these words writes, and whether that is the whole of a database. */
export function dumpOf(words: readonly string[]): {
  readonly file: string | undefined;
  readonly whole: boolean;
  readonly format: string | undefined;
} {
  const { options, operands } = argumentsOf(words, valuedInDump);
  const databases = operands.length + (options.has('-d', '--dbname') ? 1 : 0);
  return {
    file: options.value('-f', '--file')?.text,
    format: options.value('-F', '--format')?.text,
    whole: options.names().every((name) => wholeDump.has(name)) && databases <= 1,
  };
}

const wholeRead = new Set(
  '-f --file -F --format -v --verbose -O --no-owner -x --no-privileges --no-acl -c --clean --if-exists -C --create -e --exit-on-error'.split(
    ' ',
  ),
);
const valuedInRead = new Set(['-f', '--file', '-F', '--format']);

/** The archive that a `pg_restore` reads to its end without restoring it. */
export function fileReadWhole(words: readonly string[]): string | undefined {
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

function ofTarget(state: RunState, text: string, { start, end }: Simple): boolean {
  const target = state.started.target;
  if (!target) return true;
  const known = knownValues(state);
  const reading = readEffects(text, 'shell', { variables: known.values, functions: known.functions });
  const connections = reading.connections.filter((one) => start <= one.start && one.end <= end);
  if (otherServers(state, { ...reading, connections }).length > 0) return false;
  return connections.every((connection) => {
    const database = databaseOf(connection, known.values);
    return database === undefined || database === target.database;
  });
}

function databaseOf(
  { database, url }: Connection,
  values: Readonly<Record<string, string>>,
): string | undefined {
  if (database !== undefined) return database;
  const variable = url && /^\$\{?(\w+)\}?$/.exec(url)?.[1];
  return pointsOf((variable ? values[variable] : url) ?? '')?.database;
}

export interface Simple {
  readonly tool: string;
  /** As written, without the quotes around a whole word. */
  readonly words: readonly string[];
  readonly start: number;
  readonly end: number;
  /** The whole text would have failed if it had. */
  readonly decides: boolean;
}

function simpleCommands(text: string): readonly Simple[] {
  const tree = parseShell(text);
  const found: Simple[] = [];
  const visit = (node: Node, decides: boolean): void => {
    // What stands in a function runs when it is called, if ever.
    if (node.type === 'function_definition') return;
    if (node.type === 'command') found.push(simple(node, decides));
    const children = node.namedChildren.filter((child) => child && child.type !== 'comment');
    const background = node.children.at(-1)?.type === '&';
    for (const [index, child] of children.entries()) {
      const last = index === children.length - 1 && !background;
      visit(child!, decides && passesOn(node, child!, last));
    }
  };
  visit(tree.rootNode, true);
  tree.delete();
  return found;
}

/** Whether a failure of this part is a failure of the whole. A pipeline's hidden failure is one of its own. */
function passesOn(node: Node, child: Node, last: boolean): boolean {
  switch (node.type) {
    case 'program':
    case 'subshell':
    case 'compound_statement':
      return last;
    case 'list':
      return node.children.every((each) => each?.type !== '||');
    case 'pipeline':
      return true;
    case 'redirected_statement':
      return child.id === node.childForFieldName('body')?.id;
    default:
      return false;
  }
}

/** A simple command of a tree as its tool and words. */
export function simple(node: Node, decides: boolean): Simple {
  const [tool = '', ...words] = node.namedChildren
    .filter((child) => child && child.type !== 'variable_assignment')
    .map((child) => unquoted(child!.text));
  const name = tool.slice(tool.lastIndexOf('/') + 1);
  return { tool: name, words, start: node.startIndex, end: node.endIndex, decides };
}

function unquoted(word: string): string {
  return word.replace(/^(["'])(.*)\1$/s, '$2');
}
