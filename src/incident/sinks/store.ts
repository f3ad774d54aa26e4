import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ObjectStore } from '../../backup/object-store.ts';
import { type Head, hashLine, journalName } from '../../journal/line.ts';
import { type Message, SinkError, type World } from './sink.ts';

/** Where the heads of a run's chain are kept in a store. */
export function headPrefix(run: string): string {
  return `entries/${run}/`;
}

/**
 * Keeps a run in an object store: entry, journal, recording, and last the head of the chain, each under a key that
 * names the run and how far its journal went. Keys are only ever created: what is there stays what it was, so a head
 * in it proves later that nothing was cut off. A try that got half-way is gone on with.
 */
export async function toStore(store: ObjectStore, message: Message, world: World): Promise<void> {
  const { folder, run, head } = message;
  const key = (name: string) => `${headPrefix(run)}${String(head.seq).padStart(6, '0')}-${name}`;
  const journal = await journalUpTo(folder, head);
  await keep(store, key(journalName), journal, 'application/x-ndjson', true, world);
  for (const [name, type] of [
    ['entry.md', 'text/markdown'],
    ['entry.json', 'application/json'],
    ['run.cast', 'application/x-asciicast'],
  ] as const) {
    const content = await readFile(join(folder, name)).catch(() => undefined);
    if (content) await keep(store, key(name), content, type, false, world);
  }
  const proof = `${JSON.stringify({ schema: 1, run, seq: head.seq, hash: head.hash, writtenAt: message.at })}\n`;
  await keep(store, key('head.json'), proof, 'application/json', true, world);
}

/** The journal's lines up to a head, proved to end with it. */
async function journalUpTo(folder: string, head: Head): Promise<Buffer> {
  const bytes = await readFile(join(folder, journalName));
  let end = 0;
  let start = 0;
  for (let line = 0; line < head.seq; line++) {
    start = end;
    const at = bytes.indexOf(10, start);
    if (at === -1) throw new SinkError(`the journal has no line ${head.seq} any more: it was cut off`);
    end = at + 1;
  }
  if (head.seq > 0 && hashLine(bytes.subarray(start, end - 1)) !== head.hash)
    throw new SinkError(`line ${head.seq} of the journal is not what it was when this was to be sent`);
  return bytes.subarray(0, end);
}

async function keep(
  store: ObjectStore,
  key: string,
  content: Uint8Array | string,
  contentType: string,
  mustBeSame: boolean,
  { signal }: World,
): Promise<void> {
  try {
    await store.putNew(key, content, { contentType, signal });
  } catch (error) {
    if (!isThere(error)) throw error;
    if (!mustBeSame) return;
    const there: Buffer[] = [];
    for await (const chunk of await store.get(key, { signal })) there.push(chunk);
    if (!Buffer.concat(there).equals(Buffer.from(content)))
      throw new SinkError(
        `${store.locate(key)} is there already and says something else; it was left as it is`,
      );
  }
}

/** True for the error of a store whose key is taken. */
export function isThere(error: unknown): boolean {
  return (error as { kind?: unknown } | null)?.kind === 'already-there';
}
