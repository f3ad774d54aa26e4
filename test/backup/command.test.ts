import { spawn } from 'node:child_process';
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { healthSchema } from '../../src/backup/health/health.ts';
import { type Cluster, startCluster } from '../support/postgres.ts';

let cluster: Cluster;
let folder: string;
let environment: NodeJS.ProcessEnv;

beforeAll(async () => {
  cluster = await startCluster();
  folder = await mkdtemp(join(tmpdir(), 'backups-'));
  const url = await cluster.create(
    'shop',
    'create table sale (id int primary key, at timestamptz default now()); insert into sale select i from generate_series(1, 100) i',
  );
  environment = {
    ...process.env,
    DATABASE_URL: url.replace('@', ':s3cr3t-p4ss@'),
    BACKUP_DIR: join(folder, 'store'),
    DRILLBOOK_REPORT: join(folder, 'report.jsonl'),
  };
});

afterAll(async () => {
  await cluster?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function drillbook(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, [new URL('../../src/main.ts', import.meta.url).pathname, ...args], {
    env: { ...environment, ...env },
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
  expect(stdout + stderr).not.toContain('s3cr3t');
  return { code, stdout, stderr };
}

test('create, list, show, verify, compare, restore, undo: a person or a script can do the whole of it', async () => {
  const created = await drillbook(['backup', 'create', '--json']);
  expect(created).toMatchObject({ code: 0 });
  const { name } = JSON.parse(created.stdout);
  expect(name).toMatch(/^shop-on-demand-/);

  const list = await drillbook(['backup', 'list']);
  expect(list).toMatchObject({ code: 0 });
  expect(list.stdout).toMatch(new RegExp(`${name} .*not verified`));
  expect((await drillbook(['backup', 'show', 'latest'])).stdout).toMatch(/public\.sale +100/);

  const verified = await drillbook(['backup', 'verify', '--level', 'restore', '--json']);
  expect(verified.code).toBe(0);
  expect(JSON.parse(verified.stdout)).toMatchObject({ passed: true, level: 'restore' });
  expect(JSON.parse((await drillbook(['backup', 'list', '--json'])).stdout).backups).toMatchObject([
    { name, verified: true, rows: 100 },
  ]);

  expect(await drillbook(['compare'])).toMatchObject({ code: 0 });
  await cluster.sql('shop', 'delete from sale where id > 90');
  const different = await drillbook(['compare', '--backup', name]);
  expect(different.code).toBe(1);
  expect(different.stdout).toMatch(/public\.sale +100 +90 +DIFFERS/);
  expect((await drillbook(['compare', '--tolerance', '10%'])).code).toBe(0);

  const asked = await drillbook(['backup', 'restore']);
  expect(asked.code).toBe(3);
  expect(asked.stderr).toContain('--confirm "RESTORE shop"');
  expect((await drillbook(['backup', 'restore', '--confirm', 'RESTORE other'])).code).toBe(2);
  expect((await drillbook(['backup', 'restore', '--plan'])).code).toBe(0);
  expect(await cluster.sql('shop', 'select count(*)::int as n from sale')).toEqual([{ n: 90 }]);

  const restored = await drillbook(['backup', 'restore', '--confirm', 'RESTORE shop', '--json']);
  expect(restored).toMatchObject({ code: 0 });
  expect(JSON.parse(restored.stdout)).toMatchObject({ database: 'shop', comparison: { equal: true } });
  expect(await cluster.sql('shop', 'select count(*)::int as n from sale')).toEqual([{ n: 100 }]);
  expect((await drillbook(['backup', 'undo', '--look'])).stdout).toMatch(/comes back in the place of shop/);
  expect((await drillbook(['backup', 'undo'])).code).toBe(3);
  expect((await drillbook(['backup', 'undo', '--confirm', 'RESTORE shop'])).code).toBe(0);
  expect(await cluster.sql('shop', 'select count(*)::int as n from sale')).toEqual([{ n: 90 }]);

  const facts = (await readFile(environment.DRILLBOOK_REPORT!, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(facts.map((one) => one.backup?.action ?? (one.comparison.equal ? 'equal' : 'different'))).toEqual([
    'created',
    'verified',
    'equal',
    'different',
    'equal',
    'equal',
    'restored',
  ]);
  expect(facts[0].backup).toMatchObject({
    name,
    kind: 'on-demand',
    database: 'shop',
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
});

test('prune shows its plan, asks, and keeps what is pinned', async () => {
  const env = { BACKUP_DIR: join(folder, 'pruned') };
  const names: string[] = [];
  for (let turn = 0; turn < 3; turn += 1)
    names.push(
      JSON.parse((await drillbook(['backup', 'create', '--kind', 'scheduled', '--json'], env)).stdout).name,
    );
  expect((await drillbook(['backup', 'prune'], env)).stderr).toMatch(/keeps nothing/);
  expect((await drillbook(['backup', 'pin', names[0]!, '--reason', 'incident 42'], env)).code).toBe(0);
  const plan = await drillbook(['backup', 'prune', '--last', '1', '--plan'], env);
  expect(plan.code).toBe(0);
  expect(plan.stdout).toMatch(/keep +pinned: incident 42/);
  expect(plan.stdout).toMatch(/REMOVE/);
  expect((await drillbook(['backup', 'prune', '--last', '1'], env)).code).toBe(3);
  expect(JSON.parse((await drillbook(['backup', 'list', '--json'], env)).stdout).backups).toHaveLength(3);
  expect((await drillbook(['backup', 'prune', '--last', '1', '--confirm', 'PRUNE shop'], env)).code).toBe(0);
  const left = JSON.parse((await drillbook(['backup', 'list', '--json'], env)).stdout).backups;
  expect(left.map((one: { name: string }) => one.name)).toEqual([names[0], names[2]]);
  expect(
    (await drillbook(['backup', 'prune', '--last', '1', '--target', 'shopp', '--plan'], env)).stderr,
  ).toContain('The store has none of shopp: it has backups of shop.');
  await rm(join(env.BACKUP_DIR, `${names[2]}.dump`));
  expect((await drillbook(['backup', 'list'], env)).stdout).toMatch(new RegExp(`${names[2]} .*DAMAGED`));
  expect((await drillbook(['backup', 'restore', '--plan'], env)).stderr).toMatch(
    /CAUTION: .*\.dump is gone, only its manifest is left/,
  );
});

test.each<[string, string[], NodeJS.ProcessEnv, number, RegExp]>([
  ['no command', ['backup'], {}, 2, /create/],
  ['a command that is not there', ['backup', 'mend'], {}, 2, /help/],
  ['an unset URL', ['backup', 'create'], { DATABASE_URL: '' }, 2, /DATABASE_URL is not set/],
  ['an unset store', ['backup', 'list'], { BACKUP_DIR: '' }, 2, /BACKUP_DIR is not set/],
  [
    'a store that is not there',
    ['backup', 'list'],
    { BACKUP_DIR: '/nonexistent/store' },
    1,
    /There is no \/nonexistent\/store/,
  ],
  ['an unknown kind', ['backup', 'create', '--kind', 'nightly'], {}, 2, /--kind is one of/],
  ['a backup that is not there', ['backup', 'show', 'nothing'], {}, 1, /no backup nothing in the store/],
  ['a tolerance that is none', ['compare', '--tolerance', 'much'], {}, 2, /percentage/],
  [
    'a server that does not answer',
    ['backup', 'create'],
    { DATABASE_URL: 'postgres://u:s3cr3t@127.0.0.1:1/x' },
    1,
    /Nothing listens/,
  ],
])('%s', async (_, args, env, code, words) => {
  const result = await drillbook(args, env);
  expect(result.stderr).toMatch(words);
  expect(result.code).toBe(code);
});

/** A pg_dump of ours in front of PATH: notes its command line and environment's names, then does as told. */
async function fakeDump(script: string): Promise<NodeJS.ProcessEnv> {
  const bin = await mkdtemp(join(folder, 'bin-'));
  const real = (
    await cluster.sql('postgres', "select setting as v from pg_settings where name = 'server_version'")
  )[0]!.v;
  const major = String(real).split('.')[0];
  await writeFile(
    join(bin, 'pg_dump'),
    `#!/bin/sh\nif [ "$1" = --version ]; then echo "pg_dump (PostgreSQL) ${major}.99"; exit 0; fi\n${script}\n`,
  );
  await chmod(join(bin, 'pg_dump'), 0o755);
  return { PATH: `${bin}:${process.env.PATH}`, BACKUP_DIR: join(bin, 'store') };
}

test.each<[string, string, RegExp]>([
  [
    'fails after half a dump',
    'head -c 100000 /dev/zero; echo "pg_dump: error: connection to server was lost" >&2; exit 1',
    /connection to server was lost/,
  ],
  ['is killed', 'head -c 100000 /dev/zero; kill -9 $$', /signal SIGKILL/],
  ['writes nothing and says that all is well', 'exit 0', /kept 0 of 0 bytes/],
])(
  'pg_dump %s: nothing is left but a note of it, which health reads on any machine',
  async (_, script, words) => {
    const env = await fakeDump(script);
    const result = await drillbook(['backup', 'create'], env);
    expect(result.code).toBe(1);
    expect(result.stderr).toMatch(words);
    expect(await readdir(env.BACKUP_DIR!)).toEqual([
      expect.stringMatching(/^failed-shop-\d{8}-\d{6}\.json$/),
    ]);
    expect((await drillbook(['backup', 'list'], env)).stdout).toBe('');
    const health = await drillbook(['backup', 'health', '--target', 'shop', '--json'], {
      ...env,
      DRILLBOOK_HOME: join(folder, 'another machine'),
    });
    expect(JSON.parse(health.stdout).figures.consecutiveFailures).toBe(1);
  },
);

test('the password is on no command line', async () => {
  const note = join(folder, 'arguments');
  const env = await fakeDump(
    `echo "$@" > '${note}'; cat /proc/$PPID/cmdline >> '${note}' 2>/dev/null; printf dump; test -n "$PGPASSWORD"`,
  );
  expect(await drillbook(['backup', 'create'], env)).toMatchObject({ code: 0 });
  expect(await readFile(note, 'utf8')).not.toContain('s3cr3t');
});

test('killed while it dumps: what is left is told as unfinished and is no backup', async () => {
  const env = await fakeDump(`head -c 100000 /dev/zero; kill -9 $PPID; sleep 1`);
  expect(await drillbook(['backup', 'create'], env)).toMatchObject({ code: null });
  const list = await drillbook(['backup', 'list'], env);
  expect(list.stdout).toBe('');
  expect(list.stderr).toMatch(/Unfinished, not a backup: shop-on-demand-/);
  expect((await drillbook(['backup', 'restore', '--confirm', 'RESTORE shop'], env)).stderr).toMatch(
    /no backup latest/,
  );
});

test('an SQLite target of the settings: backed up, looked at, restored and taken back by the same commands', async () => {
  const home = await mkdtemp(join(folder, 'sqlite-'));
  const file = join(home, 'shop.db');
  const database = new DatabaseSync(file);
  database.exec('create table sale (id integer primary key); insert into sale values (1), (2), (3)');
  database.close();
  const env = {
    DATABASE_URL: `sqlite:${file}`,
    BACKUP_DIR: join(home, 'store'),
    DRILLBOOK_HOME: join(home, 'home'),
  };
  const none = await drillbook(['backup', 'health', '--target', 'shop.db'], env);
  expect(none).toMatchObject({ code: 1, stderr: expect.stringMatching(/There is no .*store/) });
  expect(
    (await drillbook(['backup', 'create'], { ...env, DATABASE_URL: 'sqlite:/nonexistent/shop.db' })).code,
  ).toBe(1);
  expect(await drillbook(['backup', 'create'], env)).toMatchObject({ code: 0 });
  expect(await drillbook(['backup', 'verify', '--level', 'restore'], env)).toMatchObject({ code: 0 });
  const health = await drillbook(['backup', 'health', '--json', '--daily', '7', '--price', '0.02'], env);
  expect(healthSchema.parse(JSON.parse(health.stdout))).toMatchObject({
    target: 'shop.db',
    figures: { backups: 1, consecutiveFailures: 0, successRate: expect.any(Number) },
    cost: { pricePerGigabyte: 0.02 },
  });
  expect((await drillbook(['backup', 'health', '--prometheus'], env)).stdout).toMatch(
    /^drillbook_backup_count\{target="shop\.db",store="[^"]+"\} 1$/m,
  );
  expect((await drillbook(['backup', 'health'], env)).stdout).toMatch(/ok +drill: The last test restore was/);
  expect((await drillbook(['backup', 'health', '--rpo', '0s'], env)).code).toBe(1);
  const again = new DatabaseSync(file);
  again.exec('delete from sale');
  again.close();
  expect((await drillbook(['compare'], env)).code).toBe(1);
  expect((await drillbook(['backup', 'restore'], env)).stderr).toMatch(
    /SQLite file .*--confirm "RESTORE shop\.db"/s,
  );
  expect((await drillbook(['backup', 'restore', '--confirm', 'RESTORE shop.db'], env)).stdout).toMatch(
    /shop\.db\.old-.*: 'drillbook backup undo' brings it back/,
  );
  expect(await drillbook(['compare'], env)).toMatchObject({ code: 0 });
  expect((await drillbook(['backup', 'undo', '--confirm', 'RESTORE shop.db'], env)).code).toBe(0);
  expect((await drillbook(['compare'], env)).code).toBe(1);
});
