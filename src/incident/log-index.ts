import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { makeFolder, replaceFile } from '../journal/disk.ts';
import { type RunSummary, summaryOf } from '../journal/glance.ts';
import { journalName } from '../journal/line.ts';
import { runFolder, runIds } from '../journal/runs.ts';
import { loadEntry } from './archive.ts';
import { type Hit, linesOf } from './search.ts';
import type { Entry } from './shape.ts';
import { type StatsEntry, statsEntry } from './stats.ts';

/*
 * What searching and counting need of every entry, in one file in the cache folder: reading thousands of entries
 * again for each question would take longer than anybody waits. A run is read again when its journal or its entry has
 * changed (size or time); the file can be removed at any time. First line: JSON; behind it: the texts.
 */

const version = 3;
const fileName = 'log-index';

/** A run as the log lists, counts and searches it. */
export interface IndexedRun {
  readonly summary: RunSummary;
  /** Absent where there is no entry to be had; then `fault` says why. */
  readonly stats?: StatsEntry;
  readonly followUps?: string;
  readonly fault?: string;
  /** The lines that a search looks at. */
  lines(): readonly Hit[];
  /** Whether all the words are somewhere in it: quicker than `lines`. They must be in lower case. */
  mayHold(words: readonly string[]): boolean;
}

interface Row {
  readonly stamp: string;
  readonly summary: RunSummary;
  readonly stats?: StatsEntry;
  readonly followUps?: string;
  readonly fault?: string;
  /** Bytes of its text. */
  readonly length: number;
}

interface Held {
  readonly row: Row;
  readonly text: Buffer;
}

/**
 * Every run of this machine, newest first. `onWork` hears how many must be read anew, where that takes a while. A cache
 * that cannot be written costs time, nothing else.
 */
export async function readLogIndex(
  stateFolder: string,
  cacheFolder: string,
  onWork: (runs: number) => void = () => {},
): Promise<readonly IndexedRun[]> {
  const file = join(cacheFolder, fileName);
  const ids = await runIds(stateFolder);
  const known = await load(file, stateFolder);
  const held: Held[] = [];
  const stale: string[] = [];
  for (const id of ids) {
    const found = known.get(id);
    if (found?.row.stamp === stampOf(runFolder(stateFolder, id))) held.push(found);
    else stale.push(id);
  }
  if (stale.length > 200) onWork(stale.length);
  held.push(...(await readAll(stateFolder, stale)));
  held.sort((a, b) => newestFirst(a.row.summary, b.row.summary));
  if (stale.length > 0 || known.size !== ids.length)
    await store(file, cacheFolder, stateFolder, held).catch(() => undefined);
  return held.map(indexed);
}

function newestFirst(a: RunSummary, b: RunSummary): number {
  const [x, y] = [a.startedAt ?? a.id, b.startedAt ?? b.id];
  return x < y ? 1 : x > y ? -1 : a.id < b.id ? 1 : -1;
}

/** Synchronous on purpose: ten thousand of these one after the other are done before as many promises are made. */
function stampOf(folder: string): string {
  const one = (name: string): string => {
    const found = statSync(join(folder, name), { throwIfNoEntry: false });
    return found ? `${found.size}@${found.mtimeMs}` : '-';
  };
  return `${one(journalName)} ${one('entry.json')}`;
}

async function load(file: string, stateFolder: string): Promise<ReadonlyMap<string, Held>> {
  const found = new Map<string, Held>();
  try {
    const bytes = await readFile(file);
    const first = bytes.indexOf(10);
    const head = JSON.parse(bytes.toString('utf8', 0, first));
    if (head.version !== version || head.stateFolder !== stateFolder) return found;
    let at = first + 1;
    for (const row of head.rows as readonly Row[]) {
      found.set(row.summary.id, { row, text: bytes.subarray(at, at + row.length) });
      at += row.length;
    }
    return at === bytes.length ? found : new Map();
  } catch {
    return new Map();
  }
}

async function store(
  file: string,
  cacheFolder: string,
  stateFolder: string,
  held: readonly Held[],
): Promise<void> {
  await makeFolder(cacheFolder);
  const head = JSON.stringify({ version, stateFolder, rows: held.map(({ row }) => row) });
  await replaceFile(file, Buffer.concat([Buffer.from(`${head}\n`), ...held.map(({ text }) => text)]));
}

async function readAll(stateFolder: string, ids: readonly string[]): Promise<readonly Held[]> {
  const left = [...ids];
  const found: Held[] = [];
  const worker = async (): Promise<void> => {
    for (let id = left.pop(); id !== undefined; id = left.pop()) {
      found.push(await readOne(stateFolder, id));
      // Keys and repaints have their turn.
      if (found.length % 8 === 0) await setImmediate();
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  return found;
}

async function readOne(stateFolder: string, id: string): Promise<Held> {
  const folder = runFolder(stateFolder, id);
  // Before it is read: what changes meanwhile is read again the next time.
  const stamp = stampOf(folder);
  const summary = await summaryOf(folder, id);
  const loaded = await loadEntry(folder, new Date()).catch((error: Error) => ({
    kind: 'unreadable' as const,
    reason: error.message,
  }));
  if (loaded.kind === 'unreadable')
    return { row: { stamp, summary, fault: loaded.reason, length: 0 }, text: Buffer.alloc(0) };
  const text = Buffer.from(textOf(loaded.entry));
  const followUps = loaded.entry.questions.find((question) => question.id === 'follow-ups')?.answer;
  return {
    row: {
      stamp,
      summary,
      stats: statsEntry(loaded.entry),
      ...(followUps ? { followUps } : {}),
      length: text.length,
    },
    text,
  };
}

function textOf(entry: Entry): string {
  return linesOf(entry)
    .map(({ time = '', text }) => `${time}\t${text.replaceAll('\n', ' ')}\n`)
    .join('');
}

function indexed({ row, text }: Held): IndexedRun {
  const { summary, stats, followUps, fault } = row;
  return {
    summary,
    ...(stats ? { stats } : {}),
    ...(followUps === undefined ? {} : { followUps }),
    ...(fault === undefined ? {} : { fault }),
    lines: () =>
      text
        .toString('utf8')
        .split('\n')
        .slice(0, -1)
        .map((line) => {
          const tab = line.indexOf('\t');
          return tab === 0
            ? { text: line.slice(1) }
            : { time: line.slice(0, tab), text: line.slice(tab + 1) };
        }),
    mayHold: (words) => {
      const whole = text.toString('utf8').toLocaleLowerCase();
      return words.every((word) => whole.includes(word));
    },
  };
}
