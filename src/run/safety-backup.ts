import type { Connection } from '../effects/effect.ts';
import { readEffects } from '../effects/read.ts';
import { dumpChanges } from './dump-changed.ts';
import { type DumpCommand, dumpOf, fileReadWhole, unprovenDump } from './dump-command.ts';
import { otherServers, pointsOf } from './elsewhere.ts';
import { knownValues } from './known-values.ts';
import { packedDump, pipelines, trailerCheck, trailerRead } from './plain-dump.ts';
import { planned, plannedParts } from './plan.ts';
import { reportedBackup } from './reported-backup.ts';
import { type SimpleCommand, simpleCommands } from './simple-command.ts';
import type { Attempt, RunState } from './state.ts';

/** Whether this run has a backup to go back to: `verified` where it was also read to its end. */
export type SafetyBackup = 'none' | 'unverified' | 'verified';

/**
 * Looks for a backup of the target's whole database that was made and verified in this run: as `drillbook backup`
 * reported it, or as a `pg_dump` to a file (by --file or by `>`, also through sudo, a container or a pod where the text
 * names the target's server) that a later `pg_restore` to /dev/null has read whole; of one in SQL text, packed or not,
 * its last line must have been found at its end. Listing an archive verifies nothing.
 * What is made of a part of the database, or of another one, is `unverified` at best.
 */
export function safetyBackup(state: RunState): SafetyBackup {
  const found = [reportedBackup(state).is, statusOf(plainBackups(state).files)];
  if (found.includes('verified')) return 'verified';
  return found.includes('unverified') ? 'unverified' : 'none';
}

/** Why a backup of this run does not count, in words; undefined where nothing is known against one. */
export function safetyBackupFault(state: RunState): string | undefined {
  const reported = reportedBackup(state);
  if (reported.is === 'unverified') return reported.why;
  const { files, unproven } = plainBackups(state);
  for (const [file, dumped] of files)
    if (dumped.is === 'changed') return `${file} was changed after it was read to its end: ${dumped.by}`;
  for (const [file, dumped] of files) if (dumped.is === 'part') return `${file}: ${dumped.why}`;
  for (const [file, dumped] of files)
    if (dumped.is === 'whole')
      return dumped.text
        ? `nothing has read ${file} and found its last line there: ${trailerCheck(file)}`
        : `nothing has read ${file} to its end: pg_restore --file=/dev/null ${file}`;
  return unproven;
}

/** A file that a dump went to: `part` where it does not hold the target's whole database for certain. */
type Dumped =
  | { readonly is: 'whole'; readonly text: boolean }
  | { readonly is: 'read' }
  /** It was read to its end, and then a command may have changed, moved or removed it. */
  | { readonly is: 'changed'; readonly by: string }
  | { readonly is: 'part'; readonly why: string };

type Files = Map<string, Dumped>;

function statusOf(files: ReadonlyMap<string, Dumped>): SafetyBackup {
  const found = [...files.values()];
  if (found.some(({ is }) => is === 'read')) return 'verified';
  return found.length > 0 ? 'unverified' : 'none';
}

function plainBackups(state: RunState): { readonly files: Files; readonly unproven: string | undefined } {
  const files: Files = new Map();
  let unproven: string | undefined;
  for (const [attempt, counts] of attemptsInOrder(state)) {
    if (attempt.finished) forget(files, attempt);
    if (!counts && ![...files.values()].some(({ is }) => is === 'read')) continue;
    const commands = simpleCommands(attempt.text);
    const changes = dumpChanges(state, attempt.text, commands);
    for (const pipeline of pipelines(commands)) {
      const packed = packedDump(pipeline);
      const succeeded = attempt.finished?.verdict === 'succeeded';
      for (const [at, command] of pipeline.entries()) {
        for (const [file, { is }] of files)
          if (is === 'read' && !onlyRenamed(command, file, counts && succeeded) && changes(command, file))
            files.set(file, { is: 'changed', by: attempt.text.slice(command.start, command.end) });
        if (!counts) continue;
        const dump = (at === 0 ? packed : undefined) ?? dumpOf(command);
        if (succeeded) {
          follow(state, attempt, command, dump, files);
          if (!dump) unproven ??= unprovenDump(command);
        } else if (dump) files.delete(dump.file); // It may have written over the file before it failed.
      }
      const found = counts && succeeded ? trailerRead(pipeline) : undefined;
      const dumped = found === undefined ? undefined : files.get(found);
      if (dumped?.is === 'whole' && dumped.text) files.set(found!, { is: 'read' });
    }
  }
  return { files, unproven };
}

/** `mv FILE.partial FILE` after FILE.partial was read: the same bytes get the name that they were made for. */
function onlyRenamed({ tool, words }: SimpleCommand, file: string, succeeded: boolean): boolean {
  const [from = '', to = '', ...more] = words.filter((word) => !word.startsWith('-'));
  return (
    succeeded && tool === 'mv' && from === file && more.length === 0 && to !== '' && file.startsWith(`${to}.`)
  );
}

function follow(
  state: RunState,
  attempt: Attempt,
  command: SimpleCommand,
  dump: DumpCommand | undefined,
  files: Files,
): undefined {
  if (dump) {
    const why = dump.partly ?? notOfTarget(state, attempt.text, command, dump);
    files.set(dump.file, why === undefined ? { is: 'whole', text: dump.text } : { is: 'part', why });
  } else if (command.tool === 'mv') {
    // Dumped under another name first: the final name is the backup.
    const [from = '', to] = command.words.filter((word) => !word.startsWith('-'));
    const dumped = files.get(from);
    if (!dumped || !to || dumped.is === 'changed') return;
    files.delete(from);
    files.set(to, dumped);
  } else if (command.decides) {
    const file = fileReadWhole(command);
    if (file !== undefined && files.get(file)?.is === 'whole') files.set(file, { is: 'read' });
  }
}

/** A name as written means another file once its variable, or for a relative one the folder, has changed. */
function forget(files: Files, { finished }: Attempt): undefined {
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

/**
 * Every attempt of the run that has finished, or may have done something before nobody saw its end, in order, and
 * whether it belongs to a safety-backup step.
 */
function attemptsInOrder(state: RunState): readonly (readonly [Attempt, boolean])[] {
  const commands = new Set(
    planned(state.started.procedure.items, state.options)
      .flatMap((item) => (item.kind === 'step' && item.phase === 'safety-backup' ? [item] : []))
      .flatMap((step) => plannedParts(step.parts, state.options))
      .flatMap((part) => (part.kind === 'command' ? [part.id] : [])),
  );
  return Object.entries(state.parts)
    .flatMap(([id, part]) => part.attempts.map((attempt) => [attempt, commands.has(id)] as const))
    .sort(([a], [b]) =>
      a.finished && b.finished ? a.finished.seq - b.finished.seq : ended(a).localeCompare(ended(b)),
    );
}

function ended({ finished, startedAt }: Attempt): string {
  return finished?.time ?? startedAt;
}

/** Why the dump is not of the target for certain, by what its command connects to. */
function notOfTarget(
  state: RunState,
  text: string,
  { start, end }: SimpleCommand,
  { through }: DumpCommand,
): string | undefined {
  const target = state.started.target;
  if (!target) return undefined;
  const { values, functions, startings } = knownValues(state);
  const reading = readEffects(text, 'shell', { variables: values, functions, startings });
  const own = reading.connections.filter((one) => start <= one.start && one.end <= end);
  const local = /^(\/|localhost:|127\.|\[?::1)/.test(target.address);
  if (through !== undefined) {
    // sudo drops the variables that lead to the target; a container has a network of its own.
    const named = own.length > 0 && own.every(({ host, url }) => host !== undefined || url !== undefined);
    if (!named && !(through === 'sudo' && local))
      return `through ${through === 'sudo' ? 'sudo' : through} it names no server, which need not be ${target.address}`;
    if (through !== 'sudo' && local) return `${target.address} is another server in ${through}`;
  }
  const connections = own.map(({ within: _, ...connection }) =>
    through ? connection : { ...connection, ...(_ && { within: _ }) },
  );
  const [other] = otherServers(state, { ...reading, connections });
  if (other !== undefined) return `it is a dump of ${other}, not of ${target.address}`;
  for (const connection of connections) {
    const database = databaseOf(connection, values);
    if (database !== undefined && database !== target.database)
      return `it is a dump of the database ${database}, not of ${target.database}`;
  }
  return undefined;
}

function databaseOf(
  { database, url }: Connection,
  values: Readonly<Record<string, string>>,
): string | undefined {
  if (database !== undefined) return database;
  const variable = url && /^\$\{?(\w+)\}?$/.exec(url)?.[1];
  return pointsOf((variable ? values[variable] : url) ?? '')?.database;
}
