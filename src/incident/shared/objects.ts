import type { ObjectStore } from '../../backup/object-store.ts';

/** A whole object; undefined where there is none. Other errors of the store pass through. */
export async function readObject(store: ObjectStore, key: string): Promise<Buffer | undefined> {
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of await store.get(key)) chunks.push(chunk);
    return Buffer.concat(chunks);
  } catch (error) {
    if ((error as { kind?: unknown }).kind === 'not-found') return undefined;
    throw error;
  }
}

/** Creates an object; false where the key is taken. */
export async function createObject(
  store: ObjectStore,
  key: string,
  content: string | Uint8Array,
): Promise<boolean> {
  try {
    await store.putNew(key, content);
    return true;
  } catch (error) {
    if ((error as { kind?: unknown }).kind === 'already-there') return false;
    throw error;
  }
}
