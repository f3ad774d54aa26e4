import { dumpChanges } from './dump-changed.ts';
import type { ReportedBackup } from './event.ts';
import { simpleCommands } from './simple-command.ts';
import type { Attempt, RunState } from './state.ts';

/** A backup of this run as `drillbook backup` reported it, and what stands against it. */
export type Reported =
  | { readonly is: 'verified' }
  | { readonly is: 'unverified'; readonly why: string }
  | { readonly is: 'none' };

/**
 * The best backup of the target's database that was reported in this run. It is verified by the newest word on the same
 * file, as long as no command that ran after that word may have changed, moved or removed it.
 */
export function reportedBackup(state: RunState): Reported {
  const database = state.started.target?.database;
  // What was only seen in a command's text is judged by that text, elsewhere.
  const reported = state.backups.filter(({ seen }) => !seen);
  let why: string | undefined;
  for (const made of reported.filter(({ action }) => action === 'created')) {
    const fault =
      database && made.database && made.database !== database
        ? `${made.name} is a backup of the database ${made.database}, not of ${database}`
        : faultOf(made, reported, state);
    if (fault === undefined) return { is: 'verified' };
    // The newest one is the one that somebody is asked about.
    why = fault;
  }
  return why === undefined ? { is: 'none' } : { is: 'unverified', why };
}

function faultOf(
  made: RunState['backups'][number],
  reported: RunState['backups'],
  state: RunState,
): string | undefined {
  const last = reported.findLast((one) => one.verified !== undefined && isSame(one, made));
  if (last === undefined)
    return `nothing has read ${made.name} to its end: drillbook backup verify ${made.name}`;
  if (!last.verified) return `${made.name} did not pass its verification`;
  const by = changedBy(made.location, last.time, state);
  return by === undefined ? undefined : `${made.name} may have been changed after it was verified: ${by}`;
}

function isSame(one: ReportedBackup, made: ReportedBackup): boolean {
  const sameBytes = !one.sha256 || !made.sha256 || one.sha256 === made.sha256;
  return one.name === made.name && one.location === made.location && sameBytes;
}

/** The command that ran after a moment (UTC ISO 8601) and may have changed the file there; undefined where none did. */
function changedBy(location: string, since: string, state: RunState): string | undefined {
  const path = location.replace(/^file:\/\//, '');
  for (const attempt of Object.values(state.parts).flatMap((part) => part.attempts)) {
    if (endOf(attempt) < since) continue;
    const commands = simpleCommands(attempt.text);
    const changes = dumpChanges(state, attempt.text, commands);
    // Of the text that verified it, only what stands behind that counts.
    const during = attempt.startedAt <= since;
    const from = during ? commands.findLastIndex(({ tool }) => /(^|\/)drillbook$/.test(tool)) + 1 : 0;
    const found = commands.slice(from).find((command) => changes(command, path));
    if (found) return attempt.text.slice(found.start, found.end);
  }
  return undefined;
}

/** Of one that has not finished nobody knows when it will: `9` stands behind every year. */
function endOf({ finished }: Attempt): string {
  return finished?.time ?? '9';
}
