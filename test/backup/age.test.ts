import { execFile, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decrypted, encrypted } from '../../src/backup/age.ts';
import { BackupError } from '../../src/backup/error.ts';
import { readKeys, readRecipients } from '../../src/backup/keys.ts';

const run = promisify(execFile);
const hasAge = spawnSync('age', ['--version']).status === 0;
if (!hasAge) console.warn('The age command is not here: what is shown with it is skipped.');

let folder: string;
let identity: string;
let recipient: string;
let other: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'age-'));
  identity = await generateX25519Identity();
  recipient = await identityToRecipient(identity);
  other = await generateX25519Identity();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function whole(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function failure(task: Promise<unknown>): Promise<BackupError> {
  const error = await task.then(
    () => undefined,
    (thrown) => thrown,
  );
  expect(error).toBeInstanceOf(BackupError);
  return error;
}

/** Around the edges of a chunk of 64 KiB, where formats of chunks go wrong. */
const lengths = [0, 1, 65_535, 65_536, 65_537, 131_072, 131_073, 1_000_000];

describe.each(lengths)('%i bytes', (length) => {
  const plain = randomBytes(length);

  test('come back, however the pieces fall', async () => {
    const sealed = await whole(encrypted(pieces(plain, 7_919), [recipient]));
    for (const size of [13_001, 65_552, sealed.length])
      expect((await whole(decrypted(pieces(sealed, size), [other, identity], 'x'))).equals(plain)).toBe(true);
  });

  test('as the library makes them are read as well', async () => {
    const encrypter = new Encrypter();
    encrypter.addRecipient(recipient);
    const sealed = await encrypter.encrypt(plain);
    expect((await whole(decrypted(pieces(sealed, 10_000), [identity], 'x'))).equals(plain)).toBe(true);
  });

  test.skipIf(!hasAge)('the age command opens ours, and we open its', async () => {
    const key = join(folder, `key-${length}.txt`);
    const file = join(folder, `${length}.age`);
    await writeFile(key, `# created: long ago\n${identity}\n`);
    await writeFile(file, await whole(encrypted(pieces(plain, 50_000), [recipient])));
    const { stdout } = await run('age', ['-d', '-i', key, file], { encoding: 'buffer', maxBuffer: 1 << 24 });
    expect(stdout.equals(plain)).toBe(true);
    await writeFile(`${file}.plain`, plain);
    await run('age', ['-r', recipient, '-o', `${file}.theirs`, `${file}.plain`]);
    const theirs = await readFile(`${file}.theirs`);
    expect((await whole(decrypted(pieces(theirs, 9_999), [identity], 'x'))).equals(plain)).toBe(true);
  });
});

test('every flipped bit and every cut is found, and the source is read to its end all the same', async () => {
  const plain = randomBytes(200_000);
  const sealed = await whole(encrypted(pieces(plain, 50_000), [recipient]));
  const places = Array.from({ length: 60 }, (_, n) => Math.floor(((n + 0.37) * sealed.length) / 60));
  for (const place of [0, 1, sealed.length - 1, ...places]) {
    const flipped = Buffer.from(sealed);
    flipped[place]! ^= 1 << (place % 8);
    let read = 0;
    async function* counted() {
      for await (const piece of pieces(flipped, 10_000)) {
        read += piece.length;
        yield piece;
      }
    }
    const error = await failure(whole(decrypted(counted(), [identity], 'the backup')));
    // A bit of the part that is for our key alone makes it nobody's.
    expect(['damaged', 'denied'], `flip at ${place}`).toContain(error.kind);
    if (error.kind === 'damaged') expect(read, `flip at ${place}`).toBe(sealed.length);
    const cut = await failure(whole(decrypted(pieces(sealed.subarray(0, place), 10_000), [identity], 'x')));
    expect(cut.kind, `cut at ${place}`).toBe('damaged');
  }
});

test('a file cut exactly between two chunks is not whole', async () => {
  const sealed = await whole(encrypted(pieces(randomBytes(131_072), 50_000), [recipient]));
  const one = sealed.subarray(0, sealed.length - 65_536 - 16);
  expect((await failure(whole(decrypted(pieces(one, 10_000), [identity], 'x')))).kind).toBe('damaged');
});

test('a wrong key is named as one', async () => {
  const sealed = await whole(encrypted(pieces(Buffer.from('x'), 1), [recipient]));
  const error = await failure(whole(decrypted(pieces(sealed, 100), [other], 's3://b/shop.dump.age')));
  expect(error.kind).toBe('denied');
  expect(error.message).toMatch(
    /^s3:\/\/b\/shop\.dump\.age is encrypted, and the identity .* not among those/,
  );
});

test('what the source throws comes out', async () => {
  async function* broken() {
    yield randomBytes(100_000);
    throw new BackupError('dump', 'pg_dump failed');
  }
  expect((await failure(whole(encrypted(broken(), [recipient])))).message).toBe('pg_dump failed');
});

describe('keys by reference', () => {
  test('from a file, a variable, and a variable that names a file', async () => {
    const path = join(folder, 'keys.txt');
    await writeFile(path, `# public key: ${recipient}\n${identity}\n\n${other}\n`);
    expect(await readKeys(`file:${path}`, {})).toEqual({ identities: [identity, other] });
    expect(await readKeys('env:KEY', { KEY: identity })).toEqual({ identities: [identity] });
    expect(await readKeys('env:KEY', { KEY: `file:${path}` })).toEqual({ identities: [identity, other] });
    await writeFile(path, `# who may read\n${recipient}\n`);
    const second = await identityToRecipient(other);
    expect(await readRecipients([`file:${path}`, second, recipient], {})).toEqual([recipient, second]);
    expect(await readRecipients(['env:TO'], { TO: `${recipient},file:${path}` })).toEqual([recipient]);
  });

  test('what is none is refused, without the key in the words', async () => {
    const path = join(folder, 'other.txt');
    await writeFile(path, '-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n');
    const refusals: [() => Promise<unknown>, RegExp][] = [
      [() => readKeys(identity, {}), /command line is seen by everybody/],
      [() => readKeys('keys.txt', {}), /file:PATH or env:NAME/],
      [() => readKeys('env:KEY', {}), /KEY is not set/],
      [() => readKeys('env:KEY', { KEY: `${identity}X` }), /identity 1 is no age identity/],
      [() => readKeys(`file:${path}`, {}), /SSH keys and plug-ins are not known/],
      [() => readKeys('env:KEY', { KEY: '# nothing' }), /holds no identity/],
      [() => readRecipients([identity], {}), /is secret; a recipient is its public half/],
      [() => readRecipients(['age1nonsense'], {}), /age1nonsense is no age recipient/],
      [() => readRecipients([`file:${join(folder, 'none')}`], {}), /cannot be read \(ENOENT\)/],
    ];
    for (const [task, words] of refusals) {
      const { message } = await failure(task());
      expect(message).toMatch(words);
      expect(message).not.toContain(identity.slice(20, 40));
    }
  });
});

test('the same bytes are encrypted to another file each time', async () => {
  const sums = await Promise.all(
    [1, 2].map(async () =>
      createHash('sha256')
        .update(await whole(encrypted(pieces(Buffer.from('x'), 1), [recipient])))
        .digest('hex'),
    ),
  );
  expect(sums[0]).not.toBe(sums[1]);
});
