import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RunSummary } from '../journal/glance.ts';
import { ageInDays, type CatalogueEntry } from '../runbook/catalogue-entry.ts';
import { folders } from '../settings/folders.ts';
import { type LibraryCache, openLibraryCache } from './library-cache.ts';
import type { Document } from './library-document.ts';
import type { LibraryReader } from './library-reader.ts';
import { markdownFiles, type Skipped, whyNot } from './library-walk.ts';
import { version } from './version.ts';

/** In bytes. More than any runbook; also the limit of one that is opened by its name. */
const largest = 64 * 1024 * 1024;

/** So many documents are worth a thread of their own. */
const worthAThread = 20;

/** A runbook as a list shows it. */
export interface LibraryEntry {
  readonly path: string;
  readonly title: string;
  readonly severity?: string;
  /** Minutes, as text. */
  readonly estimate?: string;
  readonly procedures: number;
  readonly owner?: string;
  /** The day of the last update that the document names, `YYYY-MM-DD`, and how many days ago that is. */
  readonly updated?: string;
  readonly age?: number;
  readonly findings: number;
  /** When it was run last (UTC, ISO 8601), and how that ended. Previews do not count. */
  readonly lastRun?: string;
  readonly lastOutcome?: string;
  /** What `searchCatalogue` looks through. */
  readonly catalogue: CatalogueEntry;
}

export interface LibraryOptions {
  /** The folder of the cache; without it, that of the settings. */
  readonly cache?: string;
  /** Names the program that reads: what another one has cached does not count. Without it, found out. */
  readonly reading?: string;
  /** The runs of this machine, newest first: for the last run of each runbook. */
  readonly runs?: readonly RunSummary[] | Promise<readonly RunSummary[]>;
  /** What ages are counted to. */
  readonly now?: Date;
  /** Stops the reading between two documents, and the one that is being read. */
  readonly signal?: AbortSignal;
  /** Is told what could not be read. Documents without procedures are not told: they are no runbooks. */
  readonly onSkip?: (skipped: Skipped) => void;
}

/** How a reading went. */
export interface LibraryReading {
  /** Documents that were parsed, and those that were known by their content. */
  readonly parsed: number;
  readonly known: number;
}

/** Where the runbooks that ship with Drillbook are: beside the bundle, or in the checkout. */
export function shippedRunbooks(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  // From dist/, dist/chunks/ or src/cli/.
  const up = here.endsWith('dist') ? '..' : join('..', '..');
  return join(here, up, 'runbooks');
}

/**
 * The runbooks of some folders (or files); `onEntry` gets each as soon as it is known, so that a list can fill while
 * the rest is read. What an earlier reading knew comes first; documents are known by the hash of their bytes, never
 * by their time, because a checkout sets times anew and a restored file keeps old ones. The others are compiled in
 * threads. Folders that are not there have no runbooks; a file that cannot be read is told and left out.
 */
export async function readLibrary(
  places: readonly string[],
  onEntry: (entry: LibraryEntry) => void,
  options: LibraryOptions = {},
): Promise<LibraryReading> {
  const { signal, onSkip = () => {}, now = new Date() } = options;
  const [cache, runs] = await Promise.all([
    Promise.resolve(options.reading ?? readingName()).then((reading) =>
      openLibraryCache(options.cache ?? folders(process.env).cache, reading),
    ),
    Promise.resolve(options.runs ?? []).catch(() => []),
  ]);
  const lastRuns = lastRunsOf(runs);
  const offer = (path: string, { catalogue, findings }: Document) => {
    if (catalogue.procedures.length > 0 && !signal?.aborted)
      onEntry(entryOf(path, catalogue, findings, lastRuns.get(resolve(path)), now));
  };
  const unknown: string[] = [];
  let known = 0;
  for await (const paths of batches(places, onSkip)) {
    if (signal?.aborted) break;
    const looked = await Promise.all(paths.map((path) => look(path, cache, onSkip)));
    // All of a batch in one turn, so that a screen repaints once for it.
    looked.forEach((document, index) => {
      if (document === 'skipped') return;
      if (document === 'unknown') unknown.push(paths[index]!);
      else {
        known++;
        offer(paths[index]!, document);
      }
    });
    await new Promise(setImmediate);
  }
  const parsed = await parseAll(
    unknown,
    signal,
    (path, document) => {
      cache.put(document);
      offer(path, document);
    },
    onSkip,
  );
  await cache.save(now);
  return { parsed, known };
}

/** Files of all places, some at a time. */
async function* batches(
  places: readonly string[],
  onSkip: (skipped: Skipped) => void,
): AsyncGenerator<readonly string[]> {
  const seen = new Set<string>();
  let batch: string[] = [];
  for (const place of places)
    for await (const path of markdownFiles(place, seen, onSkip)) {
      batch.push(path);
      if (batch.length < 32) continue;
      yield batch;
      batch = [];
    }
  yield batch;
}

async function look(
  path: string,
  cache: LibraryCache,
  onSkip: (skipped: Skipped) => void,
): Promise<Document | 'unknown' | 'skipped'> {
  try {
    const { size } = await stat(path);
    if (size > largest) {
      onSkip({ path, why: `it has ${size} bytes: that is no runbook` });
      return 'skipped';
    }
    return cache.get(await hashOf(path)) ?? 'unknown';
  } catch (error) {
    onSkip({ path, why: whyNot(error) });
    return 'skipped';
  }
}

/** SHA-256 (hex) of a file, read in pieces: a large one holds nothing up. */
async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path)) hash.update(piece);
  return hash.digest('hex');
}

async function parseAll(
  paths: readonly string[],
  signal: AbortSignal | undefined,
  onDocument: (path: string, document: Document) => void,
  onSkip: (skipped: Skipped) => void,
): Promise<number> {
  if (paths.length === 0 || signal?.aborted) return 0;
  const { givesWay, openLibraryReader } = await import('./library-reader.ts');
  const waiting = [...paths].reverse();
  let parsed = 0;
  const readers: LibraryReader[] = [];
  const stop = () => {
    waiting.length = 0;
    for (const reader of readers) void reader.close();
  };
  signal?.addEventListener('abort', stop, { once: true });
  const work = async () => {
    const reader = openLibraryReader();
    readers.push(reader);
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      const result = await reader.read(path);
      if (signal?.aborted) break;
      if (result.kind === 'failed') onSkip({ path, why: result.why });
      else {
        parsed++;
        onDocument(path, result.document);
      }
    }
    await reader.close();
  };
  // Each gives way to the screen, where the system lets a thread do that; elsewhere one processor is left to it.
  const processors = givesWay ? availableParallelism() : availableParallelism() - 1;
  // A few documents are read sooner than a second thread has loaded what reads them.
  const threads = Math.max(1, Math.min(4, processors, Math.ceil(paths.length / worthAThread)));
  await Promise.all(Array.from({ length: threads }, work));
  signal?.removeEventListener('abort', stop);
  return parsed;
}

/**
 * Names the program that makes entries of documents: what it reads otherwise than the one before must not come from
 * its cache. The bundle's files are named after their content; of a checkout, the sources' times tell.
 */
async function readingName(): Promise<string> {
  const here = fileURLToPath(import.meta.url);
  if (version !== 'development') return `${version} ${basename(here)} ${(await stat(here)).mtimeMs}`;
  const rooms = ['syntax', 'runbook', 'effects', 'lint', 'lint/rules', 'cli'].map((room) =>
    join(dirname(here), '..', room),
  );
  const files = await Promise.all(
    rooms.map(async (room) => (await readdir(room)).map((name) => join(room, name))),
  );
  const times = await Promise.all(files.flat().map(async (path) => (await stat(path)).mtimeMs));
  return `${version} ${times.length} ${Math.max(...times)}`;
}

interface LastRun {
  /** UTC, ISO 8601. */
  readonly lastRun: string;
  readonly lastOutcome: string;
}

/** The newest run of each runbook, by its absolute path. */
export function lastRunsOf(runs: readonly RunSummary[]): ReadonlyMap<string, LastRun> {
  const last = new Map<string, LastRun>();
  for (const { runbook, mode, startedAt, outcome, status } of runs) {
    if (runbook === undefined || startedAt === undefined || mode === 'preview') continue;
    const before = last.get(runbook);
    if (!before || before.lastRun < startedAt)
      last.set(runbook, { lastRun: startedAt, lastOutcome: outcome ?? status });
  }
  return last;
}

function entryOf(
  path: string,
  catalogue: CatalogueEntry,
  findings: number,
  lastRun: LastRun | undefined,
  now: Date,
): LibraryEntry {
  const { title, severity, estimate, owner, updated } = catalogue;
  return {
    path,
    title: title || path,
    procedures: catalogue.procedures.length,
    findings,
    ...(severity && { severity }),
    ...(estimate && { estimate: minutes(estimate.min, estimate.max) }),
    ...(owner && { owner }),
    ...(updated && { updated, age: ageInDays(updated, now) }),
    ...lastRun,
    catalogue,
  };
}

function minutes(min: number, max: number): string {
  const low = Math.round(min / 60);
  const high = Math.round(max / 60);
  return low === high ? `${high} min` : `${low}–${high} min`;
}
