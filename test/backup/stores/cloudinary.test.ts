import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { BackupError } from '../../../src/backup/error.ts';
import type { ObjectStore } from '../../../src/backup/object-store.ts';
import { openObjects } from '../../../src/backup/stores/open.ts';
import { type Cloud, cloudEnvironment, startCloud } from '../../support/cloud.ts';

let cloud: Cloud;
let objects: ObjectStore;
const address = () =>
  `cloudinary://acme/backups/shop?endpoint=${encodeURIComponent(cloud.endpoint)}&attempts=3`;

beforeAll(async () => {
  cloud = await startCloud();
  objects = await openObjects(address(), cloudEnvironment);
});
beforeEach(() => cloud.clear());
afterAll(async () => {
  objects?.close();
  await cloud?.stop();
});

async function* pieces(bytes: Buffer, size = 700_000): AsyncGenerator<Uint8Array> {
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
  // The library's errors hold the request with its credentials.
  expect(`${error.message}${JSON.stringify(error.cause ?? '')}`).not.toContain('very secret');
  return error;
}

test('a small file: raw, authenticated, signed; listed, read by a signed link, deleted', async () => {
  expect(await objects.putNew('a.json', '{"a":1}')).toEqual({ bytes: 7 });
  expect([...cloud.files.keys()]).toEqual(['backups/shop/a.json']);
  const upload = cloud.requests.find((one) => one.call === 'POST /v1_1/acme/raw/upload')!;
  expect(upload.fields).toMatchObject({
    type: 'authenticated',
    public_id: 'backups/shop/a.json',
    api_key: 'key-1',
  });
  expect(upload.headers['content-range']).toBeUndefined();
  expect((await whole(await objects.get('a.json'))).toString()).toBe('{"a":1}');
  expect((await whole(await objects.get('a.json', { range: { from: 2, to: 4 } }))).toString()).toBe('a":');
  expect((await failure(objects.putNew('a.json', 'other'))).kind).toBe('already-there');
  await objects.put('a.json', 'other');
  expect((await whole(await objects.get('a.json'))).toString()).toBe('other');
  await objects.delete('a.json');
  await objects.delete('a.json');
  expect(cloud.files.size).toBe(0);
  expect((await failure(objects.get('a.json'))).kind).toBe('not-found');
});

test('a large file goes up in parts that one number holds together, and a part that failed goes again', async () => {
  const large = randomBytes(25_000_000);
  cloud.fail(/raw\/upload/, 500);
  expect(await objects.putNew('large.dump', pieces(large))).toEqual({ bytes: large.length });
  expect(cloud.files.get('backups/shop/large.dump')!.equals(large)).toBe(true);
  const uploads = cloud.requests.filter((one) => one.call.endsWith('raw/upload'));
  expect(uploads.map((one) => one.headers['content-range'])).toEqual([
    'bytes 0-19999999/-1',
    'bytes 0-19999999/-1',
    'bytes 20000000-24999999/25000000',
  ]);
  expect(new Set(uploads.map((one) => one.headers['x-unique-upload-id'])).size).toBe(1);
});

test('a listing follows its cursor, in order of the names', async () => {
  for (const name of ['c', 'a', 'e', 'b', 'deep/d']) await objects.putNew(name, name);
  const keys = async (options?: Parameters<ObjectStore['list']>[0]) => {
    const found: string[] = [];
    for await (const one of objects.list(options)) found.push(one.key);
    return found;
  };
  expect(await keys()).toEqual(['a', 'b', 'c', 'deep/d', 'e']);
  expect(await keys({ flat: true, after: 'a' })).toEqual(['b', 'c', 'e']);
});

describe('what goes wrong is named', () => {
  test.each([
    [401, 'Invalid Signature', 'denied', /does not accept the credentials/],
    [420, 'Rate Limit Exceeded', 'store', /limit of requests is used up/],
    [
      400,
      'File size too large. Got 12000000. Maximum is 10485760.',
      'store',
      /larger than this Cloudinary plan/,
    ],
    [500, 'oops', 'store', /could not write/],
  ] as const)('%i', async (status, message, kind, words) => {
    cloud.fail(/raw\/upload/, status, message, 3);
    const error = await failure(objects.putNew('x', 'x'));
    expect(error.message).toMatch(words);
    expect(error.kind).toBe(kind);
    expect(cloud.files.size).toBe(0);
  });

  test('no credentials; nobody there', async () => {
    expect((await failure(openObjects(address(), {}))).message).toMatch(/set CLOUDINARY_API_KEY/);
    const gone = await openObjects(
      'cloudinary://acme/x?endpoint=http://127.0.0.1:1&attempts=2',
      cloudEnvironment,
    );
    expect((await failure(gone.putNew('x', 'x'))).kind).toBe('unreachable');
  });

  test('a source that fails leaves nothing', async () => {
    async function* broken() {
      yield* pieces(randomBytes(21_000_000));
      throw new BackupError('dump', 'pg_dump failed');
    }
    expect((await failure(objects.putNew('broken', broken()))).message).toBe('pg_dump failed');
    expect(cloud.files.size).toBe(0);
  });
});
