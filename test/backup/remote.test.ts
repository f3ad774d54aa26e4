import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { findBackup, readCatalog } from '../../src/backup/catalog.ts';
import { copyBackup } from '../../src/backup/copy.ts';
import { createBackup, once } from '../../src/backup/create.ts';
import { pinBackup } from '../../src/backup/pin.ts';
import { planPrune, prune } from '../../src/backup/prune.ts';
import { restoreBackup } from '../../src/backup/restore.ts';
import type { Store } from '../../src/backup/store.ts';
import { directoryStore } from '../../src/backup/stores/directory.ts';
import { openStore } from '../../src/backup/stores/open.ts';
import { isVerified } from '../../src/backup/verification.ts';
import { verifyBackup } from '../../src/backup/verify.ts';
import { storedBackups } from '../../src/cli/stored-backups.ts';
import { type Bucket, startBucket } from '../support/bucket.ts';
import { type Cluster, startCluster } from '../support/postgres.ts';

let cluster: Cluster;
let bucket: Bucket;
let folder: string;
let url: string;
let small: string;
let identity: string;
let recipient: string;
let newIdentity: string;
let newRecipient: string;

beforeAll(async () => {
  [cluster, bucket] = await Promise.all([startCluster(), startBucket()]);
  folder = await mkdtemp(join(tmpdir(), 'remote-'));
  // Random bytes do not compress: the dump takes several parts.
  url = await cluster.create(
    'shop',
    `create table sale (id int primary key, what bytea);
     insert into sale select i, decode(string_agg(md5(i::text || j), ''), 'hex') from generate_series(1, 400) i, generate_series(1, 1000) j group by i`,
  );
  small = await cluster.create(
    'kiosk',
    `create table sale (id int primary key, what bytea);
     insert into sale select i, decode(string_agg(md5(i::text || j), ''), 'hex') from generate_series(1, 10) i, generate_series(1, 1000) j group by i`,
  );
  identity = await generateX25519Identity();
  newIdentity = await generateX25519Identity();
  recipient = await identityToRecipient(identity);
  newRecipient = await identityToRecipient(newIdentity);
});

afterAll(async () => {
  await cluster?.stop();
  await bucket?.stop();
  await rm(folder, { recursive: true, force: true });
});

let turn = 0;
let remote: Store;
beforeEach(async () => {
  turn += 1;
  bucket.clear();
  remote = await openStore(bucket.address(`place-${turn}`), bucket.environment);
});

async function latest(store: Store) {
  return findBackup(await readCatalog(store), 'latest');
}

const backupOf = (store: Store, more: object = {}) =>
  createBackup({ url: small, target: 'shop', kind: 'on-demand', store, ...more });

test('in a bucket, encrypted, in parts: made, verified, restored beside, pruned', async () => {
  const made = await backupOf(remote, { url, recipients: [recipient] });
  expect(made).toMatchObject({ encryption: { method: 'age', recipients: [recipient] } });
  expect(made.file).toMatch(/\.dump\.age$/);
  expect(bucket.seen.filter((line) => line.includes('partNumber')).length).toBeGreaterThan(1);
  // The manifest came after the whole of the data.
  const writes = bucket.seen.filter((line) => /^(PUT|POST) /.test(line));
  expect(writes.at(-1)).toContain('.manifest.json');

  const backup = await latest(remote);
  expect(backup.encrypted).toBe(true);
  expect((await verifyBackup({ store: remote, backup, level: 'bytes' })).passed).toBe(true);
  await expect(verifyBackup({ store: remote, backup, level: 'archive' })).rejects.toMatchObject({
    kind: 'denied',
    message: expect.stringContaining(recipient),
  });
  await expect(
    verifyBackup({ store: { ...remote, keys: { identities: [newIdentity] } }, backup, level: 'archive' }),
  ).rejects.toMatchObject({ kind: 'denied', message: expect.stringMatching(/not among those/) });
  const store = { ...remote, keys: { identities: [newIdentity, identity] } };
  expect((await verifyBackup({ store, backup, level: 'restore', scratchUrl: url })).passed).toBe(true);

  const restored = await restoreBackup({ url, store, backup, place: { kind: 'into', database: 'again' } });
  expect(restored.comparison?.equal).toBe(true);
  expect(await cluster.sql('again', 'select count(*)::int as n from sale')).toEqual([{ n: 400 }]);
  await cluster.sql('postgres', 'drop database again');

  await backupOf(remote, { kind: 'scheduled' });
  await pinBackup(remote, backup.name, 'incident 42');
  const now = new Date(Date.now() + 86_400_000);
  const kept = planPrune(await readCatalog(remote), 'shop', { last: 1 }, now);
  expect(kept.judged.every((one) => one.keep)).toBe(true);
  await remote.remove(`${backup.name}.pin.json`);
  await verifyBackup({ store: remote, backup: await latest(remote), level: 'archive' });
  const plan = planPrune(await readCatalog(remote), 'shop', { last: 1 }, now);
  expect((await prune(remote, plan, now)).map((one) => one.name)).toEqual([backup.name]);
  expect((await readCatalog(remote)).backups.length).toBe(1);
});

test('a guided run offers the backups of a bucket, and where they are', async () => {
  const made = await backupOf(remote, { recipients: [recipient] });
  await remote.write('by-hand.sql', once('select 1;'));
  for (const [name, value] of Object.entries(bucket.environment)) vi.stubEnv(name, value);
  try {
    const offered = await storedBackups(bucket.address(`place-${turn}`));
    expect(offered.map((one) => one.path)).toEqual([
      `s3://backups/place-${turn}/${made.file}`,
      `s3://backups/place-${turn}/by-hand.sql`,
    ]);
    expect(offered[0]?.label).toMatch(/not verified · encrypted$/);
    expect(await storedBackups('s3://backups?endpoint=http://127.0.0.1:1&attempts=1')).toEqual([]);
  } finally {
    vi.unstubAllEnvs();
  }
});

describe('a failing store leaves nothing that looks like a backup', () => {
  test.each([
    ['a part', /partNumber=2/, { answer: 500, code: 'InternalError' }, /failed 3 times to write/],
    ['the manifest', /PUT .*manifest/, { answer: 403, code: 'AccessDenied' }, /Not allowed to write/],
    ['the bucket', /place/, { answer: 404, code: 'NoSuchBucket' }, /There is no bucket/],
  ] as const)('%s', async (_, match, fault, words) => {
    bucket.fail(match, fault, 1_000);
    await expect(backupOf(remote, { url })).rejects.toThrow(words);
    bucket.clear();
    expect(await remote.list()).toEqual([]);
    expect(bucket.openUploads()).toBe(0);
  });
});

test('damage in a store far away is found: flipped, cut off, a manifest that was changed', async () => {
  const made = await backupOf(remote, { recipients: [recipient] });
  const chunks: Buffer[] = [];
  for await (const chunk of await remote.read(made.file)) chunks.push(chunk);
  const whole = Buffer.concat(chunks);
  const put = async (bytes: Buffer) => {
    await remote.remove(made.file);
    await remote.write(
      made.file,
      (async function* () {
        yield bytes;
      })(),
    );
  };
  const store = { ...remote, keys: { identities: [identity] } };
  for (const place of [0, 300, 70_000, whole.length - 1]) {
    const flipped = Buffer.from(whole);
    flipped[place]! ^= 1;
    await put(flipped);
    const backup = await latest(store);
    expect((await verifyBackup({ store, backup, level: 'bytes' })).passed, `flip at ${place}`).toBe(false);
    // A flip in the header can make it nobody's, which is refused and not judged.
    if (place < 300) continue;
    const judged = await verifyBackup({ store, backup, level: 'archive' });
    expect(judged.checks.filter((one) => one.verdict === 'failed').map((one) => one.check)).toEqual([
      'bytes',
      'archive',
    ]);
    await put(whole.subarray(0, place));
    expect((await latest(store)).damage).toMatch(/cut off or replaced/);
  }
});

describe('copy', () => {
  test('to another store: the same bytes, the same manifest, verifications and pin, and again is nothing', async () => {
    const local = directoryStore(join(folder, 'copy'));
    await backupOf(local);
    await verifyBackup({ store: local, backup: await latest(local), level: 'archive' });
    await pinBackup(local, (await latest(local)).name, 'before the release');
    const backup = await latest(local);
    const copied = await copyBackup({ from: local, to: remote, backup, recoding: { kind: 'as it is' } });
    expect(copied).toMatchObject({ existing: false, sha256: backup.manifest!.sha256, bytes: backup.bytes });
    const there = await latest(remote);
    expect(there.manifest).toEqual(backup.manifest);
    expect(there.pin).toEqual(backup.pin);
    expect(isVerified(there.verifications)).toBe(true);
    expect((await verifyBackup({ store: remote, backup: there, level: 'archive' })).passed).toBe(true);
    const again = await copyBackup({ from: local, to: remote, backup, recoding: { kind: 'as it is' } });
    expect(again).toMatchObject({ existing: true, name: backup.name });
    expect((await remote.list()).some((one) => one.file.includes('in-progress'))).toBe(false);
  });

  test('to new keys in the same store, then in the clear', async () => {
    const place = join(folder, 'rotate');
    const local = directoryStore(place);
    await backupOf(local, { recipients: [recipient], format: 'plain-zstd' });
    const old = await latest(local);
    const from = { ...local, keys: { identities: [identity] } };
    const recoding = { kind: 'encrypt', recipients: [newRecipient] } as const;
    const copied = await copyBackup({ from, to: local, backup: old, recoding });
    expect(copied.name).toBe(`${old.name}-2`);
    expect(await copyBackup({ from, to: local, backup: old, recoding })).toMatchObject({
      existing: true,
      name: copied.name,
    });
    const rotated = findBackup(await readCatalog(local), copied.name);
    expect(rotated.manifest).toMatchObject({
      encryption: { recipients: [newRecipient] },
      copied: { sha256: old.manifest!.sha256 },
      takenAt: old.manifest!.takenAt,
      contents: old.manifest!.contents,
    });
    const opened = { ...local, keys: { identities: [newIdentity] } };
    expect((await verifyBackup({ store: opened, backup: rotated, level: 'archive' })).passed).toBe(true);
    const clear = await copyBackup({
      from: opened,
      to: directoryStore(join(folder, 'clear')),
      backup: rotated,
      recoding: { kind: 'decrypt' },
    });
    expect(clear.file).toMatch(/\.sql\.zst$/);
    const plain = await latest(directoryStore(join(folder, 'clear')));
    expect(plain.manifest?.encryption).toBeUndefined();
    const verified = await verifyBackup({
      store: directoryStore(join(folder, 'clear')),
      backup: plain,
      level: 'restore',
      scratchUrl: url,
    });
    expect(verified.checks.filter((one) => one.verdict !== 'passed')).toEqual([]);
  });

  test('a damaged source, a store that gives back something else: nothing is left', async () => {
    const place = join(folder, 'bad');
    const local = directoryStore(place);
    const made = await backupOf(local);
    const path = join(place, made.file);
    const bytes = await readFile(path);
    const backup = await latest(local);
    bytes[1_000]! ^= 1;
    await writeFile(path, bytes);
    const copy = () => copyBackup({ from: local, to: remote, backup, recoding: { kind: 'as it is' } });
    await expect(copy()).rejects.toMatchObject({ kind: 'damaged' });
    expect(await remote.list()).toEqual([]);
    expect(bucket.openUploads()).toBe(0);
    bytes[1_000]! ^= 1;
    await writeFile(path, bytes);
    bucket.fail(/GET .*\.dump/, { shorten: 10 });
    await expect(copy()).rejects.toThrow(/reads back with the SHA-256/);
    expect(await remote.list()).toEqual([]);
    expect((await readdir(place)).length).toBe(2);
  });
});
