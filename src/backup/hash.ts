import { createHash } from 'node:crypto';

/** Passes bytes on and counts and hashes them (SHA-256). `sum` is good after the last byte. */
export function hashing(source: AsyncIterable<Uint8Array>, onBytes?: (bytes: number) => void) {
  const hash = createHash('sha256');
  let bytes = 0;
  async function* pass(): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) {
      hash.update(chunk);
      bytes += chunk.length;
      onBytes?.(bytes);
      yield chunk;
    }
  }
  return {
    bytes: pass(),
    sum: () => ({ sha256: hash.digest('hex'), bytes }),
  };
}
