import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunEvent } from '../run/event.ts';
import { journalName } from './line.ts';
import { runFolder, runIds } from './runs.ts';

/** How long a command took before, of those times that it succeeded; milliseconds. */
export interface Typical {
  readonly count: number;
  readonly median: number;
  readonly shortest: number;
  readonly longest: number;
  /** The longest time in which it printed nothing; none where that was never worth a word. */
  readonly silent?: number;
}

/** What is longer ago says little about today's data. */
const mostRuns = 50;

/**
 * How long commands took in earlier runs on this machine, by their text as it was given to the shell. Looks at the
 * newest runs without proving their journals; one that cannot be read tells nothing. `without` is the run that asks.
 */
export async function typicalDurations(
  stateFolder: string,
  { without }: { readonly without?: string } = {},
): Promise<ReadonlyMap<string, Typical>> {
  const ids = (await runIds(stateFolder)).filter((id) => id !== without).slice(0, mostRuns);
  const times = new Map<string, Time[]>();
  for (const id of ids) {
    const file = join(runFolder(stateFolder, id), journalName);
    for (const [text, time] of durationsIn(await readFile(file, 'utf8').catch(() => ''))) {
      const known = times.get(text);
      if (known) known.push(time);
      else times.set(text, [time]);
    }
  }
  return new Map([...times].map(([text, all]) => [text, typical(all)]));
}

/** Milliseconds from a command's start to its end, and of its longest silence. */
interface Time {
  readonly ms: number;
  readonly silent: number;
}

/** Text and times of every command that succeeded, of the lines of a journal. */
function durationsIn(journal: string): readonly (readonly [string, Time])[] {
  const started = new Map<string, string>();
  const found: [string, Time][] = [];
  for (const line of journal.split('\n')) {
    // Parsing is what costs: most lines, and the longest of them, are of other kinds.
    if (!line.includes('"command-started"') && !line.includes('"command-finished"')) continue;
    const event = parsed(line);
    if (event?.type === 'command-started' && typeof event.text === 'string')
      started.set(`${event.command} ${event.attempt}`, event.text);
    if (event?.type !== 'command-finished' || event.verdict !== 'succeeded') continue;
    const text = started.get(`${event.command} ${event.attempt}`);
    if (text === undefined || typeof event.durationMs !== 'number') continue;
    const silent = typeof event.silentMs === 'number' ? event.silentMs : 0;
    found.push([text, { ms: event.durationMs, silent }]);
  }
  return found;
}

function parsed(line: string): Partial<RunEvent> | undefined {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function typical(all: readonly Time[]): Typical {
  const times = all.map(({ ms }) => ms).sort((a, b) => a - b);
  const silent = Math.max(...all.map((time) => time.silent));
  const middle = times.length / 2;
  const median =
    times.length % 2 === 1
      ? times[Math.floor(middle)]!
      : Math.round((times[middle - 1]! + times[middle]!) / 2);
  return {
    count: times.length,
    median,
    shortest: times[0]!,
    longest: times.at(-1)!,
    ...(silent > 0 ? { silent } : {}),
  };
}
