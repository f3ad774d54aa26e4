import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Bucket, startBucket } from '../support/bucket.ts';
import { type Cluster, startCluster } from '../support/postgres.ts';

let cluster: Cluster;
let bucket: Bucket;
let folder: string;
let identity: string;
let environment: NodeJS.ProcessEnv;

beforeAll(async () => {
  [cluster, bucket] = await Promise.all([startCluster(), startBucket()]);
  folder = await mkdtemp(join(tmpdir(), 'remote-'));
  const url = await cluster.create(
    'shop',
    'create table sale (id int primary key); insert into sale select generate_series(1, 100)',
  );
  identity = await generateX25519Identity();
  await writeFile(join(folder, 'key.txt'), `${identity}\n`, { mode: 0o600 });
  environment = {
    ...process.env,
    DRILLBOOK_HOME: join(folder, 'home'),
    DATABASE_URL: url,
    BACKUP_DIR: bucket.address('team/shop'),
    STORE_ACCESS_KEY_ID: 'S3RVER',
    STORE_SECRET_ACCESS_KEY: `file:${join(folder, 'secret')}`,
    BACKUP_RECIPIENTS: await identityToRecipient(identity),
  };
  await writeFile(join(folder, 'secret'), 'S3RVER\n');
});

afterAll(async () => {
  await cluster?.stop();
  await bucket?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function drillbook(args: readonly string[], more: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, [new URL('../../src/main.ts', import.meta.url).pathname, ...args], {
    env: { ...environment, ...more },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (text) => {
    stdout += text;
  });
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  expect(stdout + stderr).not.toContain(identity);
  return { code, stdout, stderr };
}

test('a bucket is a store like any other for every command', async () => {
  const created = await drillbook(['backup', 'create', '--json']);
  expect(created).toMatchObject({ code: 0 });
  const { name, location, encryption } = JSON.parse(created.stdout);
  expect(location).toBe(`s3://backups/team/shop/${name}.dump.age`);
  expect(encryption.recipients).toEqual([environment.BACKUP_RECIPIENTS]);
  const shown = await drillbook(['backup', 'show', location]);
  expect(shown.stdout).toMatch(/custom, encrypted, taken/);
  expect(shown.stdout).toContain(`encrypted with age to ${environment.BACKUP_RECIPIENTS}`);

  const locked = await drillbook(['backup', 'verify']);
  expect(locked.code).toBe(1);
  expect(locked.stderr).toMatch(/is encrypted to age1.*--identity file:PATH/);
  const key = { BACKUP_IDENTITY: `file:${join(folder, 'key.txt')}` };
  expect((await drillbook(['backup', 'verify'], key)).stdout).toMatch(/verified \(archive/);
  expect((await drillbook(['backup', 'list'])).stdout).toMatch(new RegExp(`${name} .*verified`));

  const restored = await drillbook(
    ['backup', 'restore', '--identity', key.BACKUP_IDENTITY, '--confirm', 'RESTORE shop', '--json'],
    {},
  );
  expect(restored).toMatchObject({ code: 0 });
  expect(JSON.parse(restored.stdout)).toMatchObject({ comparison: { equal: true } });
  expect((await drillbook(['backup', 'undo', '--confirm', 'RESTORE shop'])).code).toBe(0);

  const clear = join(folder, 'clear');
  const copied = await drillbook(['backup', 'copy', '--all', '--decrypt', '--to', clear, '--json'], key);
  expect(copied).toMatchObject({ code: 0 });
  expect(JSON.parse(copied.stdout).copies).toMatchObject([{ name, existing: false }]);
  const again = await drillbook(['backup', 'copy', '--decrypt', '--to', clear], key);
  expect(again.stderr).toMatch(/is there already/);
  expect((await drillbook(['backup', 'verify', '--store', clear])).code).toBe(0);

  expect((await drillbook(['backup', 'pin', name, '--reason', 'incident 42'])).code).toBe(0);
  const planned = await drillbook(['backup', 'prune', '--last', '1', '--plan']);
  expect(planned.stdout).toMatch(/keep +.*incident 42/);
  const looked = await drillbook(['backup', 'store', '--json']);
  expect(JSON.parse(looked.stdout)).toMatchObject({
    store: 's3://backups/team/shop/',
    findings: expect.arrayContaining([expect.objectContaining({ rule: 'lifecycle' })]),
  });
}, 180_000);

test('the name of a target stands for its database, its store and its keys', async () => {
  const { DATABASE_URL, BACKUP_RECIPIENTS } = environment;
  const unset = { DATABASE_URL: '', BACKUP_DIR: '', BACKUP_RECIPIENTS: '', SHOP_URL: DATABASE_URL! };
  const added = await drillbook([
    ...['target', 'add', 'shop-staging', '--environment', 'staging', '--url', 'env:SHOP_URL'],
    ...['--store', bucket.address('by-target'), '--recipient', BACKUP_RECIPIENTS!],
    ...['--identity', `file:${join(folder, 'key.txt')}`],
  ]);
  expect(added).toMatchObject({ code: 0 });
  const created = await drillbook(['backup', 'create', '--target', 'shop-staging', '--json'], unset);
  expect(created).toMatchObject({ stderr: '', code: 0 });
  expect(JSON.parse(created.stdout).location).toMatch(/^s3:\/\/backups\/by-target\/shop-staging-.*\.age$/);
  const verified = await drillbook(['backup', 'verify', '--target', 'shop-staging'], unset);
  expect(verified.stdout).toMatch(/verified \(archive/);
  // What the environment says wins over the target's settings.
  const other = await drillbook(['backup', 'list', '--target', 'shop-staging'], {
    ...unset,
    BACKUP_DIR: join(folder, 'none'),
  });
  expect(other.stderr).toMatch(/There is no .*none/);
});

test.each([
  [
    'an identity on the command line',
    ['backup', 'verify', '--identity', 'AGE-SECRET-KEY-1XYZ'],
    {},
    2,
    /seen by everybody/,
  ],
  [
    'credentials in the address',
    ['backup', 'list', '--store', 's3://key:secret@bucket'],
    {},
    2,
    /holds no credentials/,
  ],
  [
    'a setting nobody knows',
    ['backup', 'list', '--store', 's3://bucket?reigon=x'],
    {},
    2,
    /reigon is no setting/,
  ],
  [
    'a kind of store nobody knows',
    ['backup', 'list', '--store', 'ftp://bucket'],
    {},
    2,
    /ftp:\/\/ is no kind of store/,
  ],
  ['missing credentials', ['backup', 'list'], { STORE_ACCESS_KEY_ID: '' }, 1, /set STORE_ACCESS_KEY_ID/],
  [
    'nobody to encrypt to',
    ['backup', 'create'],
    { BACKUP_RECIPIENTS: '# nobody' },
    2,
    /names nobody to encrypt to/,
  ],
] as const)('%s: said in one sentence', async (_, args, more, code, words) => {
  const result = await drillbook(args, more);
  expect(result.stderr).toMatch(words);
  expect(result.code).toBe(code);
});
