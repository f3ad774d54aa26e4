import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Document } from './library-document.ts';

/** What earlier readings made of documents, by the SHA-256 of their bytes. One file; nothing is lost with it. */
export interface LibraryCache {
  get(sha256: string): Document | undefined;
  put(document: Document): void;
  /** Writes what was added, together with what other processes have written meanwhile. Never throws: without a cache everything works, only slower. */
  save(now: Date): Promise<void>;
}

const file = 'library.ndjson';
/** Bounds of the file: it is read whole. What was used longest ago goes first. */
const mostLines = 5000;
const mostCharacters = 32_000_000;
/** Lines that are parsed before keys and repaints have their turn. */
const atOnce = 100;

const estimate = z.object({ min: z.number(), max: z.number() });
const text = z.string();
const line = z.object({
  /** The day on which it was used last, `YYYY-MM-DD`. */
  used: text,
  sha256: text.regex(/^[0-9a-f]{64}$/),
  findings: z.int().min(0),
  catalogue: z.object({
    title: text,
    procedures: z.array(z.object({ id: text, title: text, estimate: estimate.exactOptional() })).readonly(),
    headings: z.array(text).readonly(),
    commands: z.array(text).readonly(),
    severity: text.exactOptional(),
    estimate: estimate.exactOptional(),
    owner: text.exactOptional(),
    updated: text.exactOptional(),
  }),
});

type Line = z.infer<typeof line>;

/**
 * Opens the cache in a folder. `reading` names the program that reads: what another one has written is ignored, as
 * is a file that is damaged, line by line.
 */
export async function openLibraryCache(folder: string, reading: string): Promise<LibraryCache> {
  const path = join(folder, file);
  const header = JSON.stringify({ drillbook: 'library', reading });
  const known = await load(path, header);
  const used = new Set<string>();
  let added = false;
  return {
    get(sha256) {
      const found = known.get(sha256);
      if (found) used.add(sha256);
      return found;
    },
    put({ sha256, findings, catalogue }) {
      known.set(sha256, { sha256, findings, catalogue, used: '' });
      used.add(sha256);
      added = true;
    },
    async save(now) {
      const today = now.toISOString().slice(0, 10);
      if (!added && [...used].every((sha256) => known.get(sha256)?.used === today)) return;
      for (const sha256 of used) known.set(sha256, { ...known.get(sha256)!, used: today });
      for (const [sha256, other] of await load(path, header))
        if (!known.has(sha256)) known.set(sha256, other);
      added = false;
      await write(folder, header, [...known.values()]).catch(() => undefined);
    },
  };
}

async function load(path: string, header: string): Promise<Map<string, Line>> {
  const known = new Map<string, Line>();
  const found = await stat(path).catch(() => undefined);
  // Nothing that we wrote: a pipe would never end, a huge file would fill the memory.
  if (!found?.isFile() || found.size > 4 * mostCharacters) return known;
  const [first, ...lines] = (await readFile(path, 'utf8').catch(() => '')).split('\n');
  if (first !== header) return known;
  for (let at = 0; at < lines.length; at += atOnce) {
    for (const one of lines.slice(at, at + atOnce)) {
      const read = parse(one);
      if (read) known.set(read.sha256, read);
    }
    await new Promise(setImmediate);
  }
  return known;
}

function parse(text: string): Line | undefined {
  try {
    return line.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Whole or not at all, also beside another process that writes: each writes a file of its own and renames it. */
async function write(folder: string, header: string, lines: readonly Line[]): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await removeLeftovers(folder);
  const kept = [header];
  let length = 0;
  for (const one of [...lines]
    .sort((a, b) => (a.used < b.used ? 1 : a.used > b.used ? -1 : 0))
    .slice(0, mostLines)) {
    const written = JSON.stringify(one);
    length += written.length;
    if (length > mostCharacters) break;
    kept.push(written);
    if (kept.length % atOnce === 0) await new Promise(setImmediate);
  }
  const beside = join(folder, `${file}.${randomUUID()}.new`);
  try {
    // Runbooks may hold what only their readers may see.
    await writeFile(beside, `${kept.join('\n')}\n`, { mode: 0o600 });
    await rename(beside, join(folder, file));
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

/** What processes that were killed while they wrote have left. */
async function removeLeftovers(folder: string): Promise<void> {
  const hour = 3_600_000;
  for (const name of await readdir(folder)) {
    if (!name.startsWith(`${file}.`) || !name.endsWith('.new')) continue;
    const found = await stat(join(folder, name)).catch(() => undefined);
    if (found && found.mtimeMs < Date.now() - hour) await rm(join(folder, name), { force: true });
  }
}
