import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { loadState } from '../execution/shell-state.ts';
import type { CommandFinished, RunEvent } from '../run/event.ts';
import { type SeenBackup, seenBackups } from '../run/seen-backup.ts';
import type { RunState } from '../run/state.ts';

/** What is needed of the run to find the files that its commands wrote. */
export interface Place {
  readonly stateFolder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

/**
 * The backups that a command of the run has made or read to its end, as facts, with what the files themselves say:
 * size and place. `state` has the command's end already. For one that did not succeed there are none. Never rejects.
 */
export async function eventsOfSeenBackups(
  state: RunState,
  { command, attempt: number, verdict, durationMs, output }: CommandFinished,
  place: Place,
): Promise<readonly RunEvent[]> {
  const attempt = state.parts[command]?.attempts.find((one) => one.attempt === number);
  if (!attempt || verdict !== 'succeeded') return [];
  try {
    const seen = seenBackups(state, attempt.text);
    if (seen.length === 0) return [];
    const { folder = place.cwd, variables } = await loadState(place.stateFolder);
    const environment = { ...place.environment, ...valuesOf(variables) };
    const began = Date.parse(attempt.startedAt);
    const events = await Promise.all(
      seen.map((one) =>
        eventOf(one, resolve(place.cwd, folder), began, durationMs, state, { ...place, environment }),
      ),
    );
    // The command may go on after a dump that failed (`|| true`): which of several it was nobody can tell.
    const failed = dumpFailed.test(output.tail);
    // An empty file is no backup, whatever made it.
    return events.filter(({ backup: { action, bytes } }) => bytes !== 0 && !(failed && action === 'created'));
  } catch {
    return [];
  }
}

/** What PostgreSQL's programs say before they give up, from version 12 on and before it. */
const dumpFailed =
  /^(?:pg_dump|pg_dumpall|pg_basebackup): (?:\[[^\]]*\] |error:|fatal:|(?!warning:).*(?:failed|could not))/m;

/** Plain values among what bash printed of its variables (`declare -- NAME="value"`); the texts are latin1. */
function valuesOf(variables: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).flatMap(([name, text]) => {
      const value = /^declare -\S+ \w+="([^"\\$`]*)"\s*$/.exec(text)?.[1];
      return value === undefined ? [] : [[name, Buffer.from(value, 'latin1').toString('utf8')]];
    }),
  );
}

async function eventOf(
  { action, file, format }: SeenBackup,
  folder: string,
  began: number,
  durationMs: number,
  state: RunState,
  { environment }: Place,
): Promise<Extract<RunEvent, { type: 'backup-reported' }>> {
  const named = file.replaceAll(/\$\{?(\w+)\}?/g, (whole, name: string) => environment[name] ?? whole);
  const location = await whichFile(resolve(folder, named), began);
  const bytes = location === undefined ? undefined : await sizeOf(location);
  const created = action === 'created';
  const database = state.started.target?.database;
  return {
    type: 'backup-reported',
    backup: {
      action,
      name: basename(location ?? named),
      location: location ?? named,
      seen: true,
      ...(created
        ? {
            kind: format === undefined ? 'pg_dump' : `pg_dump, ${format}`,
            durationMs,
            // The snapshot is taken as the dump begins.
            takenAt: new Date(began).toISOString(),
            ...(database === undefined ? {} : { database }),
          }
        : { verified: true }),
      ...(bytes === undefined ? {} : { bytes }),
    },
  };
}

/**
 * The file that a name means in which something stands that only the shell knew (`$(date +%F)`): the one of that form
 * which was written since the command began. Undefined where none or several were.
 */
async function whichFile(path: string, began: number): Promise<string | undefined> {
  const name = basename(path);
  const open = /\$\([^()]*\)|`[^`]*`|\$\{?\w+\}?/g;
  if (!open.test(path)) return path;
  if (dirname(path).includes('$') || name.includes('/')) return undefined;
  const literal = name.split(open).map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  const form = new RegExp(`^${literal.join('.*')}$`, 's');
  const fitting = (await readdir(dirname(path)))
    .filter((one) => form.test(one))
    .map((one) => join(dirname(path), one));
  const fresh: string[] = [];
  for (const one of fitting) if ((await stat(one)).mtimeMs >= began - 1000) fresh.push(one);
  return fresh.length === 1 ? fresh[0] : undefined;
}

/** Bytes of a file, or of the files of a dump in directory format. */
async function sizeOf(path: string): Promise<number | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isDirectory()) return found?.size;
  const parts = await Promise.all((await readdir(path)).map((name) => stat(join(path, name))));
  return parts.reduce((sum, part) => sum + part.size, 0);
}
