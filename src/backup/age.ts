import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { BackupError, firstLine } from './error.ts';

/** Plain bytes of a chunk of the payload, and what its tag adds. */
const chunkBytes = 64 * 1024;
const tagBytes = 16;
const nonceBytes = 16;
/** No header of a file for people is longer: each recipient takes about 100 bytes, post-quantum ones 1.6 kB. */
const longestHeader = 1024 * 1024;

/**
 * Encrypts a stream to age recipients (`age1…`); the `age` command opens it. The header is made by the age library,
 * the payload with OpenSSL's ChaCha20-Poly1305, fourteen times as fast as the library's own. Format: age-encryption.org/v1,
 * C2SP, https://c2sp.org/age. Throws a `BackupError` for a recipient that is none.
 */
export async function* encrypted(
  source: AsyncIterable<Uint8Array>,
  recipients: readonly string[],
): AsyncGenerator<Uint8Array> {
  const { header, fileKey } = await headerTo(recipients);
  const nonce = randomBytes(nonceBytes);
  yield Buffer.concat([header, nonce]);
  const seal = sealer(payloadKey(fileKey, nonce));
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of source) {
    const all = rest.length === 0 ? view(chunk) : Buffer.concat([rest, view(chunk)]);
    const made: Buffer[] = [];
    let at = 0;
    // The last chunk is marked as such, so one is always held back.
    for (; all.length - at > chunkBytes; at += chunkBytes)
      made.push(...seal(all.subarray(at, at + chunkBytes), false));
    rest = Buffer.from(all.subarray(at));
    if (made.length > 0) yield Buffer.concat(made);
  }
  yield Buffer.concat(seal(rest, true));
}

/**
 * Decrypts a stream with whichever of the identities (`AGE-SECRET-KEY-1…`) fits. Throws a `BackupError`: `denied` where
 * none fits, `damaged` for bytes that were changed or cut off; the source is then read to its end first, so that who
 * hashes it knows all of it. What was given out until then was whole.
 */
export async function* decrypted(
  source: AsyncIterable<Uint8Array>,
  identities: readonly string[],
  where: string,
): AsyncGenerator<Uint8Array> {
  const iterator = source[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);
  let ended = false;
  const more = async () => {
    const next = await iterator.next();
    if (next.done) ended = true;
    else rest = rest.length === 0 ? view(next.value) : Buffer.concat([rest, view(next.value)]);
  };
  try {
    let length: number | undefined;
    while (length === undefined && !ended && rest.length < longestHeader) {
      await more();
      length = headerLength(rest);
    }
    const broken = (why: string) =>
      new BackupError('damaged', `${where} can't be decrypted: ${why}. Use another backup.`);
    try {
      if (length === undefined) throw broken('it has no age header');
      const fileKey = await fileKeyOf(rest.subarray(0, length), identities, where);
      rest = rest.subarray(length);
      while (!ended && rest.length < nonceBytes) await more();
      if (rest.length < nonceBytes) throw broken('it was cut off in its header');
      const open = opener(payloadKey(fileKey, rest.subarray(0, nonceBytes)));
      rest = rest.subarray(nonceBytes);
      let first = true;
      for (;;) {
        const made: Buffer[] = [];
        let at = 0;
        for (; rest.length - at > chunkBytes + tagBytes; at += chunkBytes + tagBytes) {
          const plain = open(rest.subarray(at, at + chunkBytes + tagBytes), false);
          if (plain === undefined) throw broken('its bytes were changed after it was made');
          made.push(plain);
          first = false;
        }
        rest = Buffer.from(rest.subarray(at));
        if (made.length > 0) yield Buffer.concat(made);
        if (ended) break;
        await more();
      }
      const last = rest.length < tagBytes ? undefined : open(rest, true);
      if (last === undefined || (last.length === 0 && !first))
        throw broken('it was cut off, or its bytes were changed after it was made');
      if (last.length > 0) yield last;
    } catch (error) {
      if (error instanceof BackupError && error.kind === 'damaged') while (!ended) await drain();
      throw error;
    }
  } finally {
    if (!ended) await iterator.return?.();
  }

  async function drain(): Promise<void> {
    if ((await iterator.next()).done) ended = true;
  }
}

/** Undefined where a text is an age recipient, else what is wrong with it. */
export async function recipientFault(text: string): Promise<string | undefined> {
  const { Encrypter } = await import('age-encryption');
  try {
    new Encrypter().addRecipient(text);
    return undefined;
  } catch (error) {
    return firstLine(error);
  }
}

/** The public key of an identity. Throws where it is none. */
export async function recipientOf(identity: string): Promise<string> {
  const { identityToRecipient } = await import('age-encryption');
  return identityToRecipient(identity);
}

/** A header made by the library, which shows the key of the file to a recipient of ours that adds nothing to it. */
async function headerTo(recipients: readonly string[]): Promise<{ header: Buffer; fileKey: Uint8Array }> {
  const { Encrypter } = await import('age-encryption');
  const encrypter = new Encrypter();
  let fileKey: Uint8Array | undefined;
  try {
    for (const recipient of recipients) encrypter.addRecipient(recipient);
  } catch (error) {
    throw new BackupError('url', `A recipient is no age recipient (age1…): ${firstLine(error)}.`, error);
  }
  encrypter.addRecipient({
    wrapFileKey: (key) => {
      fileKey = Uint8Array.from(key);
      return [];
    },
  });
  const empty = await encrypter.encrypt(new Uint8Array(0));
  return { header: Buffer.from(empty.subarray(0, -(nonceBytes + tagBytes))), fileKey: fileKey! };
}

async function fileKeyOf(header: Uint8Array, identities: readonly string[], where: string) {
  const { Decrypter } = await import('age-encryption');
  const decrypter = new Decrypter();
  for (const identity of identities) decrypter.addIdentity(identity);
  try {
    return await decrypter.decryptHeader(header);
  } catch (error) {
    if (/no identity matched/.test(firstLine(error)))
      throw new BackupError(
        'denied',
        `${where} is encrypted, and ${identities.length === 1 ? 'the identity that was given is' : `none of the ${identities.length} identities that were given are`} not among those it was encrypted to. Give the right one: --identity file:PATH or env:NAME.`,
      );
    throw new BackupError(
      'damaged',
      `${where} can't be decrypted: its header is damaged (${firstLine(error)}). Use another backup.`,
    );
  }
}

/** Bytes of the header with its line of authentication; undefined where its end is not there. */
function headerLength(bytes: Buffer): number | undefined {
  if (bytes.indexOf('age-encryption.org/v1\n') !== 0) return undefined;
  const mac = bytes.indexOf('\n--- ');
  const end = mac < 0 ? -1 : bytes.indexOf('\n', mac + 1);
  return end < 0 ? undefined : end + 1;
}

function payloadKey(fileKey: Uint8Array, nonce: Uint8Array): Buffer {
  return Buffer.from(hkdfSync('sha256', fileKey, nonce, 'payload', 32));
}

/** STREAM: each chunk under the counter of its place, the last one marked. */
function nonces(): (last: boolean) => Buffer {
  let counter = 0;
  return (last) => {
    const nonce = Buffer.alloc(12);
    nonce.writeUInt32BE(Math.floor(counter / 2 ** 32), 3);
    nonce.writeUInt32BE(counter % 2 ** 32, 7);
    nonce[11] = last ? 1 : 0;
    counter += 1;
    return nonce;
  };
}

function sealer(key: Buffer): (plain: Buffer, last: boolean) => Buffer[] {
  const next = nonces();
  return (plain, last) => {
    const cipher = createCipheriv('chacha20-poly1305', key, next(last), { authTagLength: tagBytes });
    const sealed = cipher.update(plain);
    cipher.final();
    return [sealed, cipher.getAuthTag()];
  };
}

function opener(key: Buffer): (sealed: Buffer, last: boolean) => Buffer | undefined {
  const next = nonces();
  return (sealed, last) => {
    const decipher = createDecipheriv('chacha20-poly1305', key, next(last), { authTagLength: tagBytes });
    decipher.setAuthTag(sealed.subarray(-tagBytes));
    const plain = decipher.update(sealed.subarray(0, -tagBytes));
    try {
      decipher.final();
      return plain;
    } catch {
      return undefined;
    }
  };
}

function view(chunk: Uint8Array): Buffer {
  return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}
