import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { BackupError } from '../../../src/backup/error.ts';
import type { ObjectStore } from '../../../src/backup/object-store.ts';
import { openObjects, openStore } from '../../../src/backup/stores/open.ts';
import { type Bucket, type Fault, startBucket } from '../../support/bucket.ts';

let bucket: Bucket;
let objects: ObjectStore;
const large = randomBytes(12_000_000);

beforeAll(async () => {
  bucket = await startBucket();
});
let turn = 0;
let place: string;
beforeEach(async () => {
  turn += 1;
  place = `some/where-${turn}`;
  objects = await openObjects(bucket.address(place), bucket.environment);
});
afterEach(() => {
  objects.close();
  bucket.clear();
});
afterAll(() => bucket?.stop());

async function* pieces(bytes: Buffer, size = 300_000): AsyncGenerator<Uint8Array> {
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

async function keys(options?: Parameters<ObjectStore['list']>[0]): Promise<string[]> {
  const found: string[] = [];
  for await (const one of objects.list(options)) found.push(one.key);
  return found;
}

test('a large stream goes up in parts and comes back whole, or the part that is asked for', async () => {
  expect(await objects.putNew('large', pieces(large))).toEqual({ bytes: large.length });
  expect(bucket.seen.filter((line) => line.includes('partNumber')).length).toBe(3);
  expect((await whole(await objects.get('large'))).equals(large)).toBe(true);
  expect(
    (await whole(await objects.get('large', { range: { from: 100, to: 149 } }))).equals(
      large.subarray(100, 150),
    ),
  ).toBe(true);
  expect(
    (await whole(await objects.get('large', { range: { from: large.length - 10 } }))).equals(
      large.subarray(-10),
    ),
  ).toBe(true);
  await objects.delete('large');
  await objects.delete('large');
  expect(await keys()).toEqual([]);
  expect((await failure(objects.get('large'))).kind).toBe('not-found');
});

test('with the checksums that Amazon itself wants', async () => {
  const strict = await openObjects(bucket.address(place, '&checksums=when-supported'), bucket.environment);
  await strict.putNew('strict', pieces(large));
  await strict.putNew('small', 'x');
  expect((await whole(await strict.get('strict'))).equals(large)).toBe(true);
});

test.each([0, 1, 5 * 1024 * 1024 - 1, 5 * 1024 * 1024, 5 * 1024 * 1024 + 1, 10 * 1024 * 1024])(
  '%i bytes, at the edges of a part',
  async (length) => {
    expect(await objects.putNew('edge', pieces(large.subarray(0, length)))).toEqual({ bytes: length });
    const parts = bucket.seen.filter((line) => line.includes('partNumber')).length;
    expect(parts).toBe(length <= 5 * 1024 * 1024 ? 0 : Math.ceil(length / (5 * 1024 * 1024)));
    expect((await whole(await objects.get('edge'))).equals(large.subarray(0, length))).toBe(true);
  },
);

test('nothing is replaced, neither small nor large; put does replace', async () => {
  await objects.putNew('once', 'first');
  expect((await failure(objects.putNew('once', 'second'))).kind).toBe('already-there');
  expect((await failure(objects.putNew('once', pieces(large)))).kind).toBe('already-there');
  expect((await whole(await objects.get('once'))).toString()).toBe('first');
  await objects.put('once', 'third');
  expect((await whole(await objects.get('once'))).toString()).toBe('third');
  await objects.delete('once');
});

test('of two writers at the same moment one wins, and the other is told', async () => {
  // Both look before either writes: only the condition of the write itself can tell them apart.
  bucket.fail(/^HEAD .*race/, { answer: 404, code: 'NotFound' }, 2);
  const results = await Promise.allSettled(
    ['a', 'b'].map((text) => objects.putNew('race', pieces(Buffer.from(text.repeat(6_000_000))))),
  );
  expect(results.map((one) => one.status).sort()).toEqual(['fulfilled', 'rejected']);
  const lost = results.find((one) => one.status === 'rejected')!;
  expect(lost.reason).toMatchObject({ kind: 'already-there' });
  const won = results.findIndex((one) => one.status === 'fulfilled');
  expect((await whole(await objects.get('race')))[0]).toBe('ab'.charCodeAt(won));
  expect(bucket.openUploads()).toBe(0);
  await objects.delete('race');
});

test('a listing goes over its pages, from any key on, and leaves out what stands deeper', async () => {
  const names = Array.from({ length: 12 }, (_, n) => `n-${String(n).padStart(2, '0')}`);
  await Promise.all([...names, 'deep/er'].map((name) => objects.putNew(name, name)));
  expect(await keys()).toEqual(['deep/er', ...names]);
  expect(await keys({ flat: true })).toEqual(names);
  expect(await keys({ prefix: 'n-1' })).toEqual(['n-10', 'n-11']);
  expect(await keys({ after: 'n-09' })).toEqual(['n-10', 'n-11']);
  const store = await openStore(bucket.address(place), bucket.environment);
  expect((await store.list()).map((one) => one.file)).toEqual(names);
  for (const name of [...names, 'deep/er']) await objects.delete(name);
});

describe('what passes is tried again', () => {
  test.each<[string, RegExp, Fault]>([
    ['500 on a part', /partNumber=2/, { answer: 500, code: 'InternalError' }],
    ['503 on a part', /partNumber=1/, { answer: 503, code: 'SlowDown' }],
    ['a cut connection on a part', /partNumber=3/, 'cut'],
    ['a cut connection at the beginning', /POST .*uploads/, 'cut'],
    ['500 at the end', /POST .*uploadId/, { answer: 500, code: 'InternalError' }],
  ])('%s', async (_, match, fault) => {
    bucket.fail(match, fault, 2);
    await objects.putNew('again', pieces(large));
    expect((await whole(await objects.get('again'))).equals(large)).toBe(true);
    await objects.delete('again');
  });

  test('a download that is cut goes on where it broke', async () => {
    await objects.putNew('cut', pieces(large));
    bucket.fail(/GET .*cut/, { cutBody: 3_000_000 }, 3);
    expect((await whole(await objects.get('cut'))).equals(large)).toBe(true);
    const gets = bucket.seen.filter((line) => line.startsWith('GET'));
    expect(gets.length).toBe(4);
    await objects.delete('cut');
  });

  test('an answer that was lost after the write was done is not taken for a failure', async () => {
    bucket.fail(/PUT .*lost/, 'cut after', 1);
    expect(await objects.putNew('lost', 'ours')).toEqual({ bytes: 4 });
    bucket.fail(/POST .*lost-large.*uploadId/, 'cut after', 1);
    expect(await objects.putNew('lost-large', pieces(large))).toEqual({ bytes: large.length });
    expect((await whole(await objects.get('lost-large'))).equals(large)).toBe(true);
    await objects.delete('lost');
    await objects.delete('lost-large');
  });

  test('a listing', async () => {
    await objects.putNew('listed', 'x');
    bucket.fail(/list-type/, { answer: 503, code: 'SlowDown' }, 2);
    expect(await keys()).toEqual(['listed']);
    await objects.delete('listed');
  });
});

describe('what does not pass is named, and nothing is left', () => {
  const always = 100;
  test.each<[string, RegExp, Fault, string, RegExp]>([
    [
      '500',
      /partNumber/,
      { answer: 500, code: 'InternalError' },
      'store',
      /failed 3 times to write s3:\/\/backups\/some\/where-\d+\/named/,
    ],
    ['slow down', /partNumber/, { answer: 503, code: 'SlowDown' }, 'store', /asked to slow down/],
    ['cut', /partNumber/, 'cut', 'unreachable', /connection to http.* failed while it was to write/],
    ['403', /partNumber/, { answer: 403, code: 'AccessDenied' }, 'denied', /s3:PutObject/],
    [
      '412 at the end',
      /POST .*uploadId/,
      { answer: 412, code: 'PreconditionFailed' },
      'already-there',
      /is there already/,
    ],
    ['no bucket', /uploads/, { answer: 404, code: 'NoSuchBucket' }, 'store', /There is no bucket backups/],
    ['expired token', /uploads/, { answer: 400, code: 'ExpiredToken' }, 'denied', /have expired/],
    [
      'wrong key',
      /uploads/,
      { answer: 403, code: 'SignatureDoesNotMatch' },
      'denied',
      /does not accept the credentials/,
    ],
    [
      'wrong region',
      /uploads/,
      { answer: 301, code: 'PermanentRedirect', headers: { 'x-amz-bucket-region': 'eu-west-3' } },
      'store',
      /in the region eu-west-3.*region=eu-west-3/,
    ],
    [
      'signed for another region',
      /uploads/,
      { answer: 400, code: 'AuthorizationHeaderMalformed', extra: '<Region>eu-north-1</Region>' },
      'store',
      /region=eu-north-1/,
    ],
    ['wrong clock', /uploads/, { answer: 403, code: 'RequestTimeTooSkewed' }, 'denied', /clock is wrong/],
    [
      'upload gone',
      /POST .*uploadId/,
      { answer: 404, code: 'NoSuchUpload' },
      'store',
      /thrown away by the store/,
    ],
  ])('%s', async (_, match, fault, kind, words) => {
    bucket.fail(match, fault, always);
    const error = await failure(objects.putNew('named', pieces(large)));
    expect(error.message).toMatch(words);
    expect(error.kind).toBe(kind);
    bucket.clear();
    expect(await keys()).toEqual([]);
    expect(bucket.openUploads()).toBe(0);
  });

  test('reading and listing', async () => {
    await objects.putNew('here', pieces(large));
    bucket.fail(/GET .*here/, { answer: 403, code: 'InvalidObjectState' }, always);
    expect((await failure(objects.get('here'))).message).toMatch(/archive class/);
    bucket.clear();
    bucket.fail(/GET .*here/, { cutBody: 0 }, always);
    expect((await failure(whole(await objects.get('here')))).message).toMatch(/broke at byte 0 of 12000000/);
    bucket.clear();
    bucket.fail(/list-type/, { answer: 403, code: 'AccessDenied' }, always);
    expect((await failure(keys())).message).toMatch(/s3:ListBucket/);
    bucket.clear();
    await objects.delete('here');
  });

  test('a service that nobody answers for, credentials that are not there', async () => {
    const gone = await openObjects(
      's3://backups?endpoint=http://127.0.0.1:1&credentials=STORE&attempts=2',
      bucket.environment,
    );
    expect(await failure(gone.putNew('x', 'x'))).toMatchObject({
      kind: 'unreachable',
      message: expect.stringMatching(/ECONNREFUSED/),
    });
    const unknown = await openObjects(bucket.address(''), {});
    expect(await failure(unknown.putNew('x', 'x'))).toMatchObject({
      kind: 'denied',
      message: expect.stringMatching(/STORE_ACCESS_KEY_ID/),
    });
  });
});

describe('what is stopped leaves nothing', () => {
  test('the source fails: its own words come out, the parts go', async () => {
    async function* broken() {
      yield* pieces(large);
      throw new BackupError('dump', 'pg_dump failed (exit code 1)');
    }
    expect((await failure(objects.putNew('broken', broken()))).message).toBe('pg_dump failed (exit code 1)');
    expect(await keys()).toEqual([]);
    expect(bucket.openUploads()).toBe(0);
  });

  test('the signal aborts, in the middle and while the source stands still', async () => {
    const stop = new AbortController();
    async function* still() {
      yield* pieces(large);
      stop.abort();
      await new Promise(() => {});
    }
    expect((await failure(objects.putNew('stopped', still(), { signal: stop.signal }))).kind).toBe('aborted');
    expect(await keys()).toEqual([]);
    expect(bucket.openUploads()).toBe(0);
  });
});

test('a service that does not know the condition is written to all the same, and looked at before', async () => {
  bucket.fail(/PUT .*simple/, { answer: 501, code: 'NotImplemented' }, 1);
  expect(await objects.putNew('simple', 'x')).toEqual({ bytes: 1 });
  expect((await failure(objects.putNew('simple', 'y'))).kind).toBe('already-there');
  await objects.delete('simple');
});
