import { z } from 'zod';
import type { ObjectStore } from '../backup/object-store.ts';
import { handoverOf } from './shared/keys.ts';
import { readObject } from './shared/objects.ts';
import { headPrefix } from './sinks/store.ts';
import type { KeptHead } from './verify.ts';

const kept = z.object({ run: z.string(), seq: z.number(), hash: z.string() });
const given = z.object({ run: z.string(), head: z.object({ seq: z.number(), hash: z.string() }) });

/**
 * The heads of a run's chain that a store keeps: those beside its entries, and those of its handovers. What is no head
 * is left out; errors of the store pass through.
 */
export async function storedHeads(store: ObjectStore, run: string): Promise<readonly KeptHead[]> {
  const heads: KeptHead[] = [];
  for await (const { key } of store.list({ prefix: headPrefix(run) })) {
    if (!key.endsWith('-head.json')) continue;
    const found = kept.safeParse(await jsonAt(store, key));
    if (found.success && found.data.run === run)
      heads.push({ seq: found.data.seq, hash: found.data.hash, place: store.locate(key) });
  }
  for await (const { key } of store.list({ prefix: `runs/${run}/` })) {
    if (handoverOf(key) === undefined) continue;
    const found = given.safeParse(await jsonAt(store, key));
    if (found.success && found.data.run === run) heads.push({ ...found.data.head, place: store.locate(key) });
  }
  return heads;
}

async function jsonAt(store: ObjectStore, key: string): Promise<unknown> {
  try {
    return JSON.parse((await readObject(store, key))?.toString('utf8') ?? '');
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
