import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bounded, type Check } from '../../src/cli/doctor-check.ts';
import { machineChecks, terminalChecks } from '../../src/cli/doctor-machine.ts';
import { neededBy } from '../../src/cli/doctor-tools.ts';
import { type Bucket, startBucket } from '../support/bucket.ts';
import { type Cluster, startCluster } from '../support/postgres.ts';
import { product } from '../support/product.ts';

let cluster: Cluster;
let bucket: Bucket;
let folder: string;
let entry: string;
let environment: NodeJS.ProcessEnv;
let silent: Server;

beforeAll(async () => {
  [cluster, bucket, entry] = await Promise.all([startCluster(), startBucket(), product()]);
  folder = await mkdtemp(join(tmpdir(), 'drillbook-doctor-'));
  const url = await cluster.create('shop', 'create role clerk login');
  // It takes connections and never says a word.
  silent = createServer(() => {}).listen(0, '127.0.0.1');
  await new Promise((resolve) => silent.once('listening', resolve));
  const { port } = silent.address() as { port: number };
  await mkdir(join(folder, 'backups'));
  await mkdir(join(folder, 'docs'));
  await writeFile(
    join(folder, 'docs', 'book.md'),
    '# Fetch it\n\n## Fetch\n\n```bash\nkubectl get pods\n```\n',
  );
  environment = {
    ...process.env,
    DRILLBOOK_HOME: join(folder, 'home'),
    SHOP_URL: url,
    CLERK_URL: `postgresql:///shop?host=${cluster.folder}&user=clerk&password=hush-hush`,
    SILENT_URL: `postgresql://me:hush-hush@127.0.0.1:${port}/shop`,
    STORE_ACCESS_KEY_ID: 'S3RVER',
    STORE_SECRET_ACCESS_KEY: 'S3RVER',
  };
  await writeFile(
    join(folder, 'drillbook.yaml'),
    `runbooks: [docs]
targets:
  shop:
    environment: staging
    url: env:SHOP_URL
    store: ./backups
  bucket:
    environment: local
    url: env:SHOP_URL
    store: "${bucket.address('team/shop')}"
  clerk:
    environment: local
    url: env:CLERK_URL
  silent:
    environment: local
    url: env:SILENT_URL
  unset:
    environment: staging
    url: env:NOT_SET_PROD_URL
  typed:
    environment: staging
    url: \${SHOP_URL}
`,
  );
});
afterAll(async () => {
  await cluster?.stop();
  await bucket?.stop();
  silent?.close();
  await rm(folder, { recursive: true, force: true });
});

async function doctor(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  return new Promise<{ code: number; out: string; err: string }>((resolve) => {
    execFile(
      process.execPath,
      [entry, 'doctor', ...args],
      { cwd: folder, env: { ...environment, ...env } },
      (error, out, err) =>
        resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, out, err }),
    );
  });
}

async function checksOf(target: string, ...more: readonly string[]) {
  const { code, out, err } = await doctor(['--json', '--target', target, ...more]);
  expect(out, err).not.toBe('');
  const { schema, ok, checks } = JSON.parse(out) as { schema: 1; ok: boolean; checks: readonly Check[] };
  expect(schema).toBe(1);
  expect(ok).toBe(code === 0);
  expect(out).not.toContain('hush-hush');
  const own = checks.filter(({ about }) => about === target);
  return { code, checks, verdicts: Object.fromEntries(own.map(({ name, verdict }) => [name, verdict])), own };
}

test('a target whose server, rights and store are as they should be', async () => {
  const { code, verdicts, checks } = await checksOf('shop');
  expect(verdicts).toEqual({
    environment: 'ok',
    connection: 'ok',
    createdb: 'ok',
    owner: 'ok',
    terminate: 'ok',
    psql: 'ok',
    pg_dump: 'ok',
    pg_restore: 'ok',
    clock: 'ok',
    store: 'ok',
    'store write': 'ok',
    'store delete': 'ok',
  });
  expect(code).toBe(0);
  expect(await readdir(join(folder, 'backups'))).toEqual([]);
  const kubectl = checks.find(({ name }) => name === 'kubectl')!;
  expect(kubectl.says).toContain('Fetch it');
  for (const check of checks)
    if (check.verdict === 'failed' || check.verdict === 'warning')
      expect(check.next, check.name).toBeTruthy();
});

test('a bucket is listed, written, read and left as it was; --read-only writes nothing', async () => {
  const { verdicts } = await checksOf('bucket');
  expect(verdicts).toMatchObject({ store: 'ok', 'store write': 'ok', 'store delete': 'ok' });
  const before = bucket.seen.length;
  expect((await checksOf('bucket', '--read-only')).verdicts).toMatchObject({
    store: 'ok',
    'store write': 'skipped',
  });
  expect(bucket.seen.slice(before).filter((one) => !one.startsWith('GET'))).toEqual([]);
});

test('a store that lets nobody write or delete is said, and is no failure', async () => {
  bucket.fail(/^DELETE/, { answer: 403, code: 'AccessDenied' }, 50);
  expect((await checksOf('bucket')).verdicts).toMatchObject({
    'store write': 'ok',
    'store delete': 'warning',
  });
  bucket.clear();
  bucket.fail(/^PUT/, { answer: 403, code: 'AccessDenied' }, 50);
  expect((await checksOf('bucket')).verdicts).toMatchObject({ store: 'ok', 'store write': 'warning' });
  bucket.clear();
});

test('a role without rights learns which are missing, and how to get them', async () => {
  const { code, verdicts, own } = await checksOf('clerk');
  expect(verdicts).toMatchObject({
    connection: 'ok',
    createdb: 'warning',
    owner: 'warning',
    terminate: 'warning',
    store: 'warning',
  });
  expect(own.find(({ name }) => name === 'createdb')!.next).toContain('ALTER ROLE clerk CREATEDB');
  expect(code).toBe(0);
});

test('a server that never answers is given up, and the program ends', async () => {
  const { code, own } = await checksOf('silent');
  expect(code).toBe(1);
  expect(own.find(({ name }) => name === 'connection')).toMatchObject({
    verdict: 'failed',
    next: expect.any(String),
  });
});

test('a variable that is not set fails by its name, and its name smells of production', async () => {
  const { code, own } = await checksOf('unset');
  expect(code).toBe(1);
  expect(own.find(({ name }) => name === 'connection')!.says).toContain('NOT_SET_PROD_URL');
  expect(own.find(({ name }) => name === 'environment')).toMatchObject({
    verdict: 'warning',
    says: expect.stringContaining('PROD'),
  });
});

test('a URL that is none is told how one is written', async () => {
  const { own } = await checksOf('typed');
  expect(own.find(({ name }) => name === 'connection')).toMatchObject({
    verdict: 'failed',
    next: expect.stringContaining('env:NAME'),
  });
});

test('a program that a target needs fails where it is missing', async () => {
  const bin = join(folder, 'bin');
  await mkdir(bin);
  await writeFile(join(bin, 'bash'), '#!/bin/sh\necho GNU bash 5.2\n');
  await chmod(join(bin, 'bash'), 0o755);
  const { code, out } = await doctor(['--target', 'shop', '--read-only'], { PATH: bin });
  expect(code).toBe(1);
  expect(out).toMatch(/FAIL {2}psql +not on PATH; needed by target shop[^\n]*\n +→ Install it/);
  expect(out).toMatch(/\d+ ok, \d+ to look at, \d+ failed\n$/);
});

test('settings that cannot be read are the first thing to mend; an unknown target is refused', async () => {
  const other = join(folder, 'other');
  await mkdir(other);
  await writeFile(join(other, 'drillbook.yaml'), 'targets: 7\n');
  const broken = await new Promise<string>((resolve) => {
    execFile(process.execPath, [entry, 'doctor'], { cwd: other, env: environment }, (_, out) => resolve(out));
  });
  expect(broken).toMatch(/^settings\n {2}FAIL/);
  expect(broken).toContain('bash');
  expect(await doctor(['--target', 'nobody'])).toMatchObject({ code: 2, out: '' });
});

test('the machine: an old Node, a state folder of others or of nobody', async () => {
  const [old] = await machineChecks(join(folder, 'state'), '20.1.0');
  expect(old).toMatchObject({ name: 'node', verdict: 'failed' });
  const open = join(folder, 'open');
  await mkdir(open);
  await chmod(open, 0o777);
  expect((await machineChecks(open))[1]).toMatchObject({ verdict: 'warning', next: `chmod 700 ${open}` });
  await writeFile(join(folder, 'file'), '');
  expect((await machineChecks(join(folder, 'file', 'state')))[1]).toMatchObject({ verdict: 'failed' });
});

test('the terminal: its size, colours and what it knows', () => {
  const verdict = (checks: readonly Check[]) =>
    Object.fromEntries(checks.map(({ name, verdict }) => [name, verdict]));
  expect(verdict(terminalChecks({}, {}))).toEqual({ terminal: 'skipped' });
  const small = terminalChecks({ isTTY: true, columns: 40, rows: 10 }, { TERM: 'xterm', LANG: 'C' });
  expect(verdict(small)).toMatchObject({ size: 'warning', unicode: 'warning' });
  const good = terminalChecks(
    { isTTY: true, columns: 80, rows: 24 },
    { TERM: 'xterm-256color', LANG: 'en_US.UTF-8', TMUX: 'x' },
  );
  expect(verdict(good)).toMatchObject({ size: 'ok', unicode: 'ok', colour: 'ok' });
  expect(good.find(({ name }) => name === 'clipboard')!.next).toContain('set-clipboard');
});

test('a program is needed by what calls it, not by what has its name in a word', () => {
  const needed = neededBy(
    ['age', 'psql'],
    [
      { title: 'A', commands: ['look at the age-old page: docker image', 'x | age -d -i k'] },
      { title: 'B', commands: ['message', '/usr/bin/psql'] },
    ],
  );
  expect([...needed]).toEqual([['age', ['A']]]);
});

test('a look that takes too long, or breaks, has failed and says what to do', async () => {
  const late = await bounded('x', 'y', () => new Promise(() => {}), 1);
  expect(late).toMatchObject([{ verdict: 'failed', next: expect.any(String) }]);
  const broken = await bounded('x', 'y', () => Promise.reject(new Error('It broke. Mend the thing.')));
  expect(broken).toMatchObject([{ verdict: 'failed', says: 'It broke.', next: 'Mend the thing.' }]);
});
