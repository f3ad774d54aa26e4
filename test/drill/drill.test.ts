import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Desk, type Ended, openDesk, until } from '../e2e/desk.ts';
import { type Bucket, startBucket } from '../support/bucket.ts';
import { type Cluster, startCluster } from '../support/postgres.ts';

let desk: Desk;
let cluster: Cluster;
let bucket: Bucket;

const shop = `
  CREATE TABLE customers (id int PRIMARY KEY, name text NOT NULL, created_at timestamptz NOT NULL);
  CREATE TABLE orders (
    id int PRIMARY KEY,
    customer int NOT NULL REFERENCES customers,
    created_at timestamptz NOT NULL
  );
  INSERT INTO customers SELECT n, 'c' || n, '2026-01-01'::timestamptz + n * interval '1 h' FROM generate_series(1, 200) n;
  INSERT INTO orders SELECT n, n, '2026-01-01'::timestamptz + n * interval '1 h' FROM generate_series(1, 200) n;`;

beforeAll(async () => {
  [desk, cluster, bucket] = await Promise.all([openDesk(), startCluster(), startBucket()]);
  await cluster.create('shop', shop);
  await settings();
  await mkdir(store('shop'));
  await drillbook(0, 'backup', 'create', '--target', 'shop');
});
afterAll(async () => {
  await desk.close();
  await cluster.stop();
  await bucket.stop();
});

const store = (name: string) => join(desk.folder, `backups-${name}`);

/** A project with a target `shop`, and whatever its drill says beyond a schedule. */
async function settings(
  more: Record<string, unknown> = {},
  target: Record<string, unknown> = {},
): Promise<void> {
  await writeFile(
    join(desk.folder, 'drillbook.yaml'),
    JSON.stringify({
      targets: {
        shop: {
          environment: 'local',
          url: 'env:SHOP_URL',
          store: store('shop'),
          objectives: { rto: '30m', rpo: '1d' },
          drill: { schedule: 'first Monday', timezone: 'Europe/Berlin', ...more },
          ...target,
        },
      },
    }),
  );
}

/** What the store's client takes from the environment. */
const bucketEnv = () =>
  Object.fromEntries(
    Object.entries(bucket.environment).flatMap(([name, value]) => (value ? [[name, value]] : [])),
  );

const env = () => ({ SHOP_URL: cluster.url('shop') });

async function drillbook(code: number | undefined, ...args: readonly string[]): Promise<Ended> {
  const ended = await desk.run(args, { env: env() });
  if (code !== undefined)
    expect(ended.code, `${args.join(' ')}\n${ended.stdout}\n${ended.stderr}`).toBe(code);
  return ended;
}

async function json(...args: readonly string[]) {
  const { stdout } = await drillbook(undefined, ...args, '--json');
  return JSON.parse(stdout);
}

/** What is on the server besides what was there before any drill. */
async function strangers(): Promise<readonly unknown[]> {
  const rows = await cluster.sql('postgres', 'SELECT datname FROM pg_database WHERE NOT datistemplate');
  return rows.map((row) => row.datname).filter((name) => name !== 'postgres' && name !== 'shop');
}

const fetched = () => readdir(join(desk.folder, 'home/state/drills')).catch(() => []);

test('a target that was never drilled is overdue, on the command line and at home; a drill that passes makes it held', async () => {
  const before = await drillbook(1, 'drill', 'due');
  expect(before.stdout).toMatch(/^shop: OVERDUE by .*, never drilled \(first Monday\)\n$/);
  const first = desk.terminal(100, 30, [], env());
  await first.see('Drills overdue: 1');
  await first.see('▸ Drill shop');
  expect(first.screen()).toContain('never drilled');
  // Enter holds it: a backup is fetched, and the first step waits for a person.
  first.press('enter');
  await first.see('Hold the drill of shop now?');
  await first.see('▸ begin the drill');
  first.press('enter');
  await first.see('▸ Option A: The newest');
  first.press('enter');
  await first.see('command 1 of');
  expect(await fetched()).toHaveLength(1);
  first.press('enter');
  await first.see('command 2 of');
  // Who leaves it in the middle has held none, and nothing of it stays.
  first.type('x');
  await first.see(/resume later|stop/i);
  first.press('enter');
  await first.see('▸ Drill shop');
  expect(await strangers()).toEqual([]);
  expect(await fetched()).toEqual([]);
  first.type('q');
  expect((await first.exited()).code).toBe(0);

  const held = await drillbook(0, 'drill', 'run', '--plain', '--due');
  expect(held.stdout).toContain('passed');
  expect(await strangers()).toEqual([]);
  expect(await fetched()).toEqual([]);

  const { targets } = await json('drill', 'due');
  expect(targets).toMatchObject([{ target: 'shop', due: { kind: 'held' } }]);
  const [result] = (await json('drill', 'history', 'shop')).drills;
  expect(result).toMatchObject({
    target: 'shop',
    outcome: 'passed',
    backup: { name: expect.stringMatching(/^shop-/) },
  });
  expect(
    Object.fromEntries(
      result.criteria.map((one: { criterion: string; verdict: string }) => [one.criterion, one.verdict]),
    ),
  ).toEqual({
    download: 'met',
    'restore-time': 'met',
    tables: 'met',
    counts: 'met',
    'foreign-keys': 'met',
    definitions: 'met',
    latest: 'met',
    query: 'met',
    rto: 'met',
    rpo: 'met',
  });
  // Nothing is due any more, and the log, the statistics and the health know of it.
  const again = await drillbook(0, 'drill', 'run', '--due');
  expect(again.stdout).toBe('');
  expect((await drillbook(0, 'log', 'stats')).stdout).toContain('drills passed  1 of 2');
  const health = await json('backup', 'health', '--target', 'shop');
  expect(health.checks.find((one: { check: string }) => one.check === 'drill').level).toBe('ok');
});

test('units of the schedule hold the drill where it is due, by the settings of the project', async () => {
  const { stdout } = await drillbook(0, 'schedule', 'shop', '--systemd');
  expect(stdout).toContain(`drill run shop --due --project ${desk.folder}`);
  // Whatever the time of the year: the first Monday at four in Berlin is looked for every day after it.
  expect(stdout).toMatch(/OnCalendar=\*-\*-\* 0[34]:00:00 UTC/);
  const cron = await drillbook(0, 'schedule', 'shop', '--cron');
  expect(cron.stdout).toMatch(/must set SHOP_URL:/);
});

test('a drill that misses a criterion fails: the live rows moved on further than the tolerance, and a check says no', async () => {
  await cluster.sql('shop', "INSERT INTO customers SELECT n, 'late', now() FROM generate_series(201, 260) n");
  await settings({
    compare: 'source',
    checks: [
      {
        name: 'smoke',
        command: 'psql -XAtc "SELECT count(*) FROM customers" "$DATABASE_URL" | grep -qx 200',
      },
      { name: 'report', command: 'echo "the report is empty"; exit 4' },
    ],
  });
  const { stdout } = await drillbook(1, 'drill', 'run', 'shop');
  expect(stdout).toContain('failed: ');
  const [result] = (await json('drill', 'history', 'shop')).drills;
  expect(result.outcome).toBe('failed');
  const missed = result.criteria.filter((one: { verdict: string }) => one.verdict === 'missed');
  expect(missed.map((one: { criterion: string }) => one.criterion)).toContain('counts');
  const listed = await drillbook(0, 'drill', 'list');
  expect(listed.stdout).toContain('✓✗  1 of 2 passed');
  expect(listed.stdout).toMatch(/FAILING the record counts match: .*customers has 260 rows/);
  expect(await strangers()).toEqual([]);

  // Held against its manifest alone the same backup is good, and the check's no is what fails.
  await settings({
    compare: 'manifest',
    checks: [
      {
        name: 'smoke',
        command: 'psql -XAtc "SELECT count(*) FROM customers" "$DATABASE_URL" | grep -qx 200',
      },
      { name: 'report', command: 'echo "the report is empty"; exit 4' },
    ],
  });
  await drillbook(1, 'drill', 'run', 'shop');
  const [second] = (await json('drill', 'history', 'shop')).drills;
  expect(second.criteria.filter((one: { verdict: string }) => one.verdict === 'missed')).toEqual([
    {
      criterion: 'query',
      verdict: 'missed',
      measured: expect.stringMatching(/smoke: passed .*; report: exit code 4/),
    },
  ]);
  await cluster.sql('shop', 'DELETE FROM customers WHERE id > 200');
  await settings();
});

test('a backup that was cut fails the drill before anything is restored', async () => {
  const [name] = (await readdir(store('shop'))).filter((file) => file.endsWith('.dump'));
  const file = join(store('shop'), name!);
  const whole = await readFile(file);
  await rm(file);
  await writeFile(file, whole.subarray(0, whole.length - 200));
  try {
    const { stderr } = await drillbook(1, 'drill', 'run', 'shop');
    expect(stderr).toContain('was cut off or replaced');
    const [result] = (await json('drill', 'history', 'shop')).drills;
    expect(result.criteria.find((one: { criterion: string }) => one.criterion === 'download').verdict).toBe(
      'missed',
    );
    expect(await strangers()).toEqual([]);
  } finally {
    await rm(file);
    await writeFile(file, whole);
  }
});

test('a drill that is killed half-way is cleaned up by the next one, and is not gone on with', async () => {
  const runbook = join(desk.folder, 'held.md');
  const text = await readFile(join(desk.entry, '../../runbooks/monthly-restore-drill.md'), 'utf8');
  // It stands still once the database is restored.
  await writeFile(
    runbook,
    text.replace(
      '# Statistics, so that',
      '# Wait for the one who kills it\npsql -X "$RESTORE_URL" -c "SELECT pg_sleep(600)"\n\n# Statistics, so that',
    ),
  );
  const work = desk.start(['drill', 'run', 'shop', '--runbook', runbook], { env: env() });
  await until('the restore is there', async () => {
    const sleeping = await cluster.sql(
      'postgres',
      "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)%' AND datname LIKE 'drill_shop_%'",
    );
    return sleeping.length > 0;
  });
  work.kill('SIGKILL');
  await work.ended();
  expect(await strangers()).toHaveLength(1);
  expect(await fetched()).toHaveLength(1);
  const [killed] = (await json('drill', 'history', 'shop')).drills;
  expect(killed.outcome).toBe('unfinished');

  const resumed = await drillbook(1, 'resume', killed.run);
  expect(resumed.stderr).toContain('nobody goes on with half of one');
  const next = await drillbook(0, 'drill', 'run', 'shop');
  expect(next.stderr).toContain(`had been killed half-way (${killed.run})`);
  expect(await strangers()).toEqual([]);
  expect(await fetched()).toEqual([]);
  const { drills } = await json('drill', 'history', 'shop');
  expect(drills.find((one: { run: string }) => one.run === killed.run)).toMatchObject({
    outcome: 'abandoned',
    reason: 'the drill was killed half-way',
  });
  await drillbook(0, 'log', 'verify', killed.run);
});

test("production's own server takes no drill, and its data are only ever read", async () => {
  await settings({}, { environment: 'production' });
  const none = await drillbook(2, 'drill', 'run', 'shop');
  expect(none.stderr).toContain('its drill wants a server of its own');
  const same = await drillbook(2, 'drill', 'run', 'shop', '--scratch', 'env:SHOP_URL');
  expect(same.stderr).toContain("the production database's own server");
  await settings();
  // A runbook that goes astray is refused by the server itself.
  const runbook = join(desk.folder, 'astray.md');
  await writeFile(
    runbook,
    '# Astray\n\n## 1. Restore\n\n```bash\npsql -X -v ON_ERROR_STOP=1 "$DATABASE_URL" -c "INSERT INTO customers VALUES (999, \'x\', now())"\n```\n',
  );
  const astray = await drillbook(1, 'drill', 'run', 'shop', '--runbook', runbook);
  expect(astray.stdout).toContain('read-only transaction');
  expect(await cluster.sql('shop', 'SELECT FROM customers WHERE id = 999')).toEqual([]);
});

test('a runbook that restores nothing has proved nothing, and does not pass', async () => {
  const runbook = join(desk.folder, 'empty.md');
  await writeFile(runbook, '# Empty\n\n## 1. Pre-checks\n\n```bash\ntest -d "$BACKUP_DIR"\n```\n');
  const { stdout } = await drillbook(1, 'drill', 'run', 'shop', '--runbook', runbook);
  expect(stdout).toContain('no restored database was seen');
});

test.each(['directory', 'plain', 'plain-gzip'])(
  'a %s dump is drilled as it wants to be read',
  async (format) => {
    const place = store(format);
    await mkdir(place);
    await settings({}, { store: place });
    await drillbook(0, 'backup', 'create', '--target', 'shop', '--format', format);
    const { stdout } = await drillbook(0, 'drill', 'run', 'shop', '--plain');
    expect(stdout).toMatch(/criterion met\W.*All tables/i);
    expect(await strangers()).toEqual([]);
    expect(await fetched()).toEqual([]);
  },
);

test('an encrypted backup of production is fetched from a bucket and drilled on another server; no password is left anywhere', async () => {
  const identity = await generateIdentity();
  await writeFile(join(desk.folder, 'key.txt'), `${identity}\n`, { mode: 0o600 });
  await settings(
    { scratch: 'sandbox', backup: 'random', from: 'week' },
    {
      environment: 'production',
      store: bucket.address('locked'),
      encryption: { recipients: [await identityToRecipient(identity)], identity: 'file:key.txt' },
    },
  );
  // The server asks for no password; that there is one is enough for it to be kept a secret.
  const url = cluster.url('shop').replace('@', ':hush-hush@');
  const run = async (...args: string[]) => desk.run(args, { env: { ...bucketEnv(), SHOP_URL: url } });
  const made = await run('backup', 'create', '--target', 'shop');
  expect(made.code, made.stderr).toBe(0);
  const held = await run('drill', 'run', 'shop', '--plain');
  expect(held.code, held.stdout + held.stderr).toBe(0);
  expect(held.stdout).toContain('(sandbox), run ');
  expect(held.stdout).toContain(', from s3://');
  expect(await strangers()).toEqual([]);
  const [result] = (await json('drill', 'history', 'shop')).drills;
  expect(result.criteria.find((one: { criterion: string }) => one.criterion === 'counts')).toMatchObject({
    verdict: 'met',
    measured: '400 rows, as the manifest has it; within 5% of the live database',
  });
  expect(await run('drill', 'export', 'latest', '--to', join(desk.folder, 'evidence'))).toMatchObject({
    code: 0,
  });
  const kept = execFileSync('sh', ['-c', 'grep -rl hush-hush home incidents evidence || true'], {
    cwd: desk.folder,
    encoding: 'utf8',
  });
  expect(kept).toBe('');
  expect(held.stdout + held.stderr).not.toContain('hush-hush');
  await settings();
});

test('what only a person may decide ends the drill with code 3, cleaned up', async () => {
  const runbook = join(desk.folder, 'asking.md');
  await writeFile(
    runbook,
    '# Asking\n\n## 1. Restore\n\n```bash\ncreatedb --maintenance-db="$ADMIN_URL" "${DATABASE_NAME}_restored"\n```\n\n- [ ] Somebody has looked at the dashboard\n',
  );
  const { stderr } = await drillbook(3, 'drill', 'run', 'shop', '--runbook', runbook);
  expect(stderr).toContain('--done');
  expect(stderr).not.toContain('drillbook resume');
  expect(await strangers()).toEqual([]);
  const [result] = (await json('drill', 'history', 'shop')).drills;
  expect(result.outcome).toBe('abandoned');

  // Nobody is here to say what a command does that nobody knows.
  await writeFile(runbook, '# Asking\n\n## 1. Restore\n\n```bash\n./refresh-everything\n```\n');
  const unknown = await drillbook(3, 'drill', 'run', 'shop', '--runbook', runbook);
  expect(unknown.stderr).toContain('--yes');
  expect(unknown.stdout).not.toContain('$ ./refresh-everything');
});

test('the evidence of a drill is whole, proves itself, and holds no secret', async () => {
  const { drills } = await json('drill', 'history', 'shop');
  const passed = drills.find((one: { outcome: string }) => one.outcome === 'passed');
  const archive = join(desk.folder, 'evidence.tar');
  await drillbook(0, 'drill', 'export', passed.run, '--to', archive);
  await mkdir(join(desk.folder, 'audit'));
  execFileSync('tar', ['-xf', archive, '-C', join(desk.folder, 'audit')]);
  const folder = join(desk.folder, 'audit', passed.run);
  expect((await readdir(folder)).sort()).toEqual([
    'README.md',
    'SHA256SUMS',
    'entry.json',
    'entry.md',
    'journal.jsonl',
    'manifest.json',
    'result.json',
    'run.cast',
    'runbook.md',
  ]);
  execFileSync('sha256sum', ['--check', '--quiet', 'SHA256SUMS'], { cwd: folder });
  expect(JSON.parse(await readFile(join(folder, 'result.json'), 'utf8'))).toMatchObject({
    run: passed.run,
    outcome: 'passed',
  });
  const again = await drillbook(1, 'drill', 'export', passed.run, '--to', archive);
  expect(again.stderr).toContain('is there already');
});
