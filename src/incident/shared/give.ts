import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { z } from 'zod';
import type { ObjectStore } from '../../backup/object-store.ts';
import { type Head, journalName } from '../../journal/line.ts';
import { readJournal } from '../../journal/read.ts';
import { fileKey, handoverKey, handoverOf, liveFileKey, liveFiles, liveKey } from './keys.ts';
import { createObject, readObject } from './objects.ts';
import { portableState } from './portable-state.ts';

/** What was given away, and how it must arrive. */
export interface Handover {
  readonly schema: 1;
  readonly run: string;
  readonly title: string;
  readonly from: string;
  readonly host: string;
  readonly to: string;
  readonly note?: string;
  /** UTC, ISO 8601. */
  readonly at: string;
  /** The line of the journal that says that it was given away; the run is taken by this number. */
  readonly seq: number;
  /** The journal's last line. */
  readonly head: Head;
  readonly files: readonly { readonly path: string; readonly bytes: number; readonly sha256: string }[];
}

const handover: z.ZodType<Handover> = z.object({
  schema: z.literal(1),
  run: z.string(),
  title: z.string(),
  from: z.string(),
  host: z.string(),
  to: z.string(),
  note: z.string().optional(),
  at: z.string(),
  seq: z.number(),
  head: z.object({ seq: z.number(), hash: z.string() }),
  files: z.array(z.object({ path: z.string(), bytes: z.number(), sha256: z.string() })),
}) as z.ZodType<Handover>;

/** What of a run's folder goes along, besides its output: no password files, no locks, no programs. */
const taken = [journalName, 'runbook.md', 'run.cast', 'entry.md', 'entry.json', 'head.json'];

/**
 * Puts a run that is handed over into a shared store: its journal, runbook, recording and output, and what its shell
 * held as far as it is certainly no secret. The notice comes last, so that half a run is never given. May be called
 * again after a failure. Throws a JournalFault or the store's error.
 */
export async function giveRun(
  store: ObjectStore,
  folder: string,
  mask: ((text: string) => string) | undefined,
): Promise<Handover> {
  const { events, head, broken } = await readJournal(folder);
  const [started] = events;
  const last = events.findLast(({ type }) => type === 'handed-over' || type === 'run-resumed');
  if (broken || started?.type !== 'run-started' || last?.type !== 'handed-over')
    throw new Error('the run is not one that was handed over');
  const host = events.findLast((event) => 'host' in event) as { host: string } | undefined;
  const contents = await contentsOf(folder, mask);
  const files: Handover['files'][number][] = [];
  for (const [path, bytes] of contents) {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    await store.put(fileKey(started.run, last.seq, path), bytes);
    files.push({ path, bytes: bytes.length, sha256 });
  }
  const made: Handover = {
    schema: 1,
    run: started.run,
    title: started.procedure.title,
    from: last.operator,
    host: host?.host ?? started.host,
    to: last.to,
    ...(last.note === undefined ? {} : { note: last.note }),
    at: last.time,
    seq: last.seq,
    head,
    files,
  };
  await mirrorJournal(store, started.run, folder);
  await createObject(store, handoverKey(started.run, last.seq), `${JSON.stringify(made, null, 2)}\n`);
  return made;
}

async function contentsOf(
  folder: string,
  mask: ((text: string) => string) | undefined,
): Promise<readonly (readonly [string, Buffer])[]> {
  const found: [string, Buffer][] = [];
  for (const name of taken) {
    const bytes = await readFile(join(folder, name)).catch(() => undefined);
    if (bytes) found.push([name, bytes]);
  }
  const output = await readdir(join(folder, 'output'), { recursive: true, withFileTypes: true }).catch(
    () => [],
  );
  for (const file of output.filter((one) => one.isFile())) {
    const path = join(file.parentPath, file.name);
    found.push([relative(folder, path).split(sep).join('/'), await readFile(path)]);
  }
  const shell = mask && (await portableState(join(folder, 'state'), mask));
  if (shell) found.push(['state/shell.json', Buffer.from(shell)]);
  return found;
}

/**
 * Puts a run that goes on where others can watch it, and go on with it should this machine be gone: what its shell holds
 * without secrets, its runbook, and last its journal. `known` is what the store has by now; resolves to what it has then.
 */
export async function mirrorRun(
  store: ObjectStore,
  run: string,
  folder: string,
  mask: ((text: string) => string) | undefined,
  known: ReadonlyMap<string, Buffer>,
): Promise<ReadonlyMap<string, Buffer>> {
  const now = new Map(known);
  for (const path of liveFiles) {
    const content = await liveFile(folder, path, mask);
    if (content === undefined || known.get(path)?.equals(content)) continue;
    await store.put(liveFileKey(run, path), content);
    now.set(path, content);
  }
  await mirrorJournal(store, run, folder);
  return now;
}

async function liveFile(
  folder: string,
  path: (typeof liveFiles)[number],
  mask: ((text: string) => string) | undefined,
): Promise<Buffer | undefined> {
  if (path === 'runbook.md') return readFile(join(folder, path)).catch(() => undefined);
  const shell = mask && (await portableState(join(folder, 'state'), mask));
  return shell === undefined ? undefined : Buffer.from(shell);
}

/** Puts the journal as it is now where others can watch it. Whole lines only. */
export async function mirrorJournal(store: ObjectStore, run: string, folder: string): Promise<void> {
  const bytes = await readFile(join(folder, journalName));
  await store.put(liveKey(run), bytes.subarray(0, bytes.lastIndexOf(10) + 1));
}

/** The newest handover of every run in a store, or of one. What is no handover is left out. */
export async function handovers(store: ObjectStore, run?: string): Promise<readonly Handover[]> {
  const newest = new Map<string, string>();
  for await (const { key } of store.list({ prefix: run === undefined ? 'runs/' : `runs/${run}/` })) {
    const found = handoverOf(key);
    // Keys come in order: a later line comes later.
    if (found) newest.set(found.run, key);
  }
  const all = await Promise.all([...newest.values()].map((key) => readHandover(store, key)));
  return all.flat();
}

async function readHandover(store: ObjectStore, key: string): Promise<readonly Handover[]> {
  try {
    return [handover.parse(JSON.parse((await readObject(store, key))?.toString('utf8') ?? ''))];
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return [];
    throw error;
  }
}
