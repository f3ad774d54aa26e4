import { execFileSync } from 'node:child_process';
import { chmod, chown, copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cluster, serverAccount, serverPrograms, startCluster } from '../support/postgres.ts';
import { type Desk, databases, type Ended, openDesk, type SandboxFacts, sql } from './desk.ts';
import { members, membersOfBackup, ready } from './restored.ts';

let desk: Desk;
let at: SandboxFacts;

beforeAll(async () => {
  desk = await openDesk();
  at = await desk.sandbox();
});
afterAll(() => desk.close());

const has = (program: string): boolean => {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`]);
    return true;
  } catch {
    return false;
  }
};

const pathOf = (name: string) => join(desk.entry, '../../runbooks', name);

/** Runs a runbook that ships, unattended, as a drill on the sandbox. */
function drill(name: string, ...more: readonly string[]): Promise<Ended> {
  return desk.run(['run', pathOf(name), '--mode', 'drill', '--target', 'sandbox', '--plain', ...more]);
}

async function drilled(name: string, ...more: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await drill(name, ...more);
  expect(code, `${name} ${more.join(' ')}\n${stdout}\n${stderr}`).toBe(0);
  return stdout;
}

const renewed = async () => {
  await desk.run(['sandbox', 'reset']);
  at = (await desk.running())!;
};
const dumps = async () => (await readdir(at.store)).filter((name) => name.endsWith('.dump')).sort();
const option = (...ids: readonly string[]) => ids.flatMap((id) => ['--option', id]);

test('every runbook that ships is lint clean', async () => {
  const { code, stdout, stderr } = await desk.run(['lint', join(desk.entry, '../../runbooks'), '--json']);
  expect(code, stdout + stderr).toBe(0);
  const { files } = JSON.parse(stdout) as { files: { path: string; findings: unknown[] }[] };
  expect(files.filter((file) => file.findings.length > 0)).toEqual([]);
  expect(files).toHaveLength(14);
  expect(stderr).toContain('0 errors, 0 warnings');
});

describe('postgres-backup', () => {
  test('the scheduled backup is found and read', async () => {
    const said = await drilled('postgres-backup.md#check-the-scheduled-backup');
    expect(said).toMatch(/: verified \(/);
  });
  test('a stale store is a failure', async () => {
    for (const name of await dumps()) execFileSync('touch', ['-d', '3 days ago', join(at.store, name)]);
    const { code, stderr } = await drill('postgres-backup.md#check-the-scheduled-backup');
    expect(code).toBe(1);
    expect(stderr).toContain('finding none is a failure failed');
    for (const name of await dumps()) execFileSync('touch', [join(at.store, name)]);
  });
  test('one on demand is verified, restored for trial and copied to the bucket', async () => {
    const before = await dumps();
    await drilled('postgres-backup.md#take-a-backup-on-demand');
    const [made] = (await dumps()).filter((name) => !before.includes(name));
    expect(made).toMatch(/^members-on-demand-\d{8}-\d{6}\.dump$/);
    const bucket = join(at.store, '../buckets/members-backups');
    expect(await readFile(join(bucket, made!))).toEqual(await readFile(join(at.store, made!)));
    expect(await databases(at.url)).toEqual({ members: true });
  });
  test.each([
    ['render', 'option-b-render'],
    ['railway', 'option-c-railway'],
    ['docker', 'option-d-docker-compose'],
  ])('an emergency backup while nothing writes, by %s', async (_, id) => {
    const said = await drilled(
      'postgres-backup.md#emergency-backup',
      ...option(`maintenance-mode-on/choice/${id}`, `maintenance-mode-off/choice/${id}`),
    );
    expect(said).toMatch(/\[simulated \w+: acts on the sandbox\]/);
    expect(await ready(at)).toBe(200);
  });
});

test.each([
  ...['b-bucket-s3-and-what-speaks-it', 'c-render', 'd-railway', 'e-aws-rds'].map((id) => [
    'postgres-backup.md#check-the-scheduled-backup',
    `pre-checks-is-there-a-fresh-backup/choice/option-${id}`,
  ]),
  ['monthly-restore-drill.md', 'pre-checks-choose-a-backup/choice/option-b-a-random-one-of-the-last-31-days'],
  ['monthly-restore-drill.md', 'pre-checks-choose-a-backup/choice/option-c-the-newest-of-the-bucket'],
])('%s by %s, another way than the own one of the sandbox', async (name, id) => {
  const newest = (await dumps()).at(-1)!;
  await copyFile(join(at.store, newest), join(at.store, '../buckets/members-backups', newest));
  await drilled(name!, ...option(id!), '--done', 'all');
  expect(await databases(at.url)).toEqual({ members: true });
});

test('accidental-deletion: the rows come back, and what came later stays', async () => {
  await renewed();
  const before = await members(at.url);
  const { stdout, code, stderr } = await drill('accidental-deletion.md', '--confirm', '$RESCUE_DIR');
  expect(code, stdout + stderr).toBe(0);
  expect(before.all).toBe((await membersOfBackup(at)) + 25 - 30);
  expect(await members(at.url)).toEqual({ all: (await membersOfBackup(at)) + 25, late: 25 });
  expect(await databases(at.url)).toEqual({ members: true });
  expect(await ready(at)).toBe(200);
});

test('failed-migration: the rollback script brings the old schema back; one that does not is noticed', async () => {
  await sql(at.url, 'ALTER TABLE members ADD COLUMN half_done text; CREATE TABLE half_made (id int)');
  const rollback = join(desk.folder, 'rollback.sql');
  await writeFile(rollback, 'DROP TABLE half_made;\n');
  const incomplete = await drill('failed-migration.md', '--input', `ROLLBACK_FILE=${rollback}`);
  expect(incomplete.code, incomplete.stdout).toBe(1);
  expect(incomplete.stderr).toContain('The same as before the migration');
  await desk.run(['sandbox', 'reset']);
  await sql(at.url, 'ALTER TABLE members ADD COLUMN half_done text; CREATE TABLE half_made (id int)');
  await writeFile(rollback, 'DROP TABLE half_made;\nALTER TABLE members DROP COLUMN half_done;\n');
  await drilled('failed-migration.md', '--input', `ROLLBACK_FILE=${rollback}`);
  expect(await sql(at.url, "SELECT FROM pg_attribute WHERE attname = 'half_done'")).toEqual([]);
  expect(await ready(at)).toBe(200);
});

test('data-corruption: every table is rescued by itself, indexes are made anew and checked', async () => {
  const extensions = await sql(at.url, "SELECT FROM pg_available_extensions WHERE name = 'amcheck'");
  const { code, stdout } = await drill('data-corruption.md');
  expect(stdout).toContain('every table could be read');
  const rescued = (await readdir(at.store)).find((name) => name.startsWith('members-rescue-'))!;
  expect(await readdir(join(at.store, rescued))).toContain('public.members.dump');
  // Without the extension the step says so and the run stops there.
  expect(code, stdout).toBe(extensions.length === 1 ? 0 : 1);
});

test('complete-database-loss: from nothing but the store', async () => {
  await renewed();
  const expected = await membersOfBackup(at);
  // The loss happens within the run: for a new one, a sandbox without its database would be made anew.
  const lost = join(desk.folder, 'lost.md');
  const text = await readFile(pathOf('complete-database-loss.md'), 'utf8');
  await writeFile(
    lost,
    text.replace('```bash\n', '```bash\ndropdb --force --maintenance-db="$ADMIN_URL" "$DATABASE_NAME"\n\n'),
  );
  const { code, stdout, stderr } = await desk.run([
    'run',
    lost,
    '--mode',
    'drill',
    '--target',
    'sandbox',
    '--plain',
  ]);
  expect(code, stdout + stderr).toBe(0);
  expect((await members(at.url)).all).toBe(expected);
  expect(await ready(at)).toBe(200);
});

test('monthly-restore-drill: the newest backup is restored, compared and cleaned up; production is only read', async () => {
  await drilled('monthly-restore-drill.md');
  expect(await databases(at.url)).toMatchObject({ members: true });
  expect(Object.keys(await databases(at.url))).not.toContain('members_restored');
});

test('retention-cleanup: old backups go by the policy, the last verified one stays', async () => {
  const newest = (await dumps()).at(-1)!;
  await drilled('retention-cleanup.md', '--input', 'PRUNE_TARGET=sandbox', '--confirm', 'deletes backups');
  expect(await dumps()).toContain(newest);
});

describe('backup-health', () => {
  test.each(['daily-check', 'weekly-check', 'monthly-check', 'quarterly-check'])('%s', async (procedure) => {
    await drilled(`backup-health.md#${procedure}`);
  });
});

describe('audit-log-preservation', () => {
  test.each(['check-the-protection', 'check-that-backups-hold-it', 'archive-old-entries'])(
    '%s',
    async (procedure) => {
      await drilled(`audit-log-preservation.md#${procedure}`);
    },
  );
  test('an audit log that can be changed is a failure', async () => {
    await sql(at.url, 'ALTER TABLE audit_logs DISABLE TRIGGER audit_logs_immutable');
    const { code, stdout } = await drill('audit-log-preservation.md#check-the-protection');
    expect(code).toBe(1);
    expect(stdout).toContain('an entry of the audit log could be changed');
    await sql(at.url, 'ALTER TABLE audit_logs ENABLE TRIGGER audit_logs_immutable');
  });
});

test('monthly-restore-drill fails on a backup that was cut', async () => {
  const [name] = await dumps();
  const whole = await readFile(join(at.store, name!));
  await chmod(join(at.store, name!), 0o600);
  await writeFile(join(at.store, name!), whole.subarray(0, whole.length - 4000));
  const { code } = await drill('monthly-restore-drill.md');
  expect(code).toBe(1);
  await writeFile(join(at.store, name!), whole);
});

test.skipIf(!has('age') || !has('age-keygen'))('backup-encryption: a key, a backup, other keys', async () => {
  const keys = ['AGE_KEY_FILE=key.txt', 'AGE_RECIPIENTS_FILE=recipients.txt'].flatMap((pair) => [
    '--input',
    pair.replace('=', `=${desk.folder}/`),
  ]);
  await drilled('backup-encryption.md#make-a-key', ...keys);
  await drilled('backup-encryption.md#encrypt-a-backup', ...keys);
  await drilled('backup-encryption.md#rotate-the-keys', '--yes', ...keys);
});

test.skipIf(!has('sqlite3'))('sqlite-backup-restore: a live file is backed up and put back', async () => {
  const file = join(desk.folder, 'club.db');
  const store = join(desk.folder, 'sqlite-backups');
  await mkdir(store);
  execFileSync('sqlite3', [
    file,
    'PRAGMA journal_mode=wal; CREATE TABLE t (a); INSERT INTO t VALUES (1), (2);',
  ]);
  await writeFile(
    join(desk.folder, 'drillbook.yaml'),
    `targets:\n  club:\n    environment: local\n    engine: sqlite\n    url: ${file}\n    store: ${store}\n`,
  );
  const run = (procedure: string, ...more: readonly string[]) =>
    desk.run([
      'run',
      `${pathOf('sqlite-backup-restore.md')}#${procedure}`,
      '--mode',
      'drill',
      '--target',
      'club',
      '--plain',
      '--yes',
      '--done',
      'all',
      ...more,
    ]);
  const backup = await run('back-up');
  expect(backup.code, backup.stdout + backup.stderr).toBe(0);
  execFileSync('sqlite3', [file, 'DELETE FROM t;']);
  const restore = await run('restore');
  expect(restore.code, restore.stdout + restore.stderr).toBe(0);
  expect(execFileSync('sqlite3', [file, 'SELECT count(*) FROM t'], { encoding: 'utf8' }).trim()).toBe('2');
});

describe.skipIf(serverPrograms === undefined)('point-in-time-recovery', () => {
  let cluster: Cluster;
  const place = (name: string) => join(cluster.folder, name);

  beforeAll(async () => {
    cluster = await startCluster({ archive_mode: 'on', wal_level: 'replica', max_wal_senders: '4' });
    await cluster.create('members', 'CREATE TABLE t (n int)');
    await mkdir(place('desk'));
    const account = serverAccount();
    if (account) await chown(place('desk'), account.uid, account.gid);
  });
  afterAll(async () => {
    try {
      execFileSync('sh', ['-c', `kill -QUIT "$(head -n 1 '${place('recovered')}/postmaster.pid')"`], {
        stdio: 'ignore',
      });
    } catch {
      // It was never started.
    }
    await cluster.stop();
  });

  const run = async (procedure: string, ...more: readonly string[]) => {
    const account = serverAccount();
    const inputs = {
      ADMIN_URL: cluster.url('postgres'),
      DATABASE_NAME: 'members',
      WAL_ARCHIVE: place('archive'),
      BASE_BACKUP: place('base'),
      RECOVERY_DATA: place('recovered'),
      RECOVERY_PORT: '5433',
    };
    await writeFile(
      place('desk/drillbook.yaml'),
      `targets:\n  here:\n    environment: local\n    url: ${cluster.url('members')}\n    variables:\n${Object.entries(
        inputs,
      )
        .map(([name, value]) => `      ${name}: ${JSON.stringify(value)}\n`)
        .join('')}`,
    );
    return desk.run(
      [
        'run',
        `${pathOf('point-in-time-recovery.md')}#${procedure}`,
        '--mode',
        'drill',
        '--target',
        'here',
        '--plain',
        '--yes',
        '--done',
        'all',
        ...more,
      ],
      {
        cwd: place('desk'),
        env: {
          HOME: place('desk'),
          DRILLBOOK_HOME: place('desk/home'),
          PATH: [serverPrograms, process.env.PATH].join(delimiter),
        },
        ...(account ? { uid: account.uid, gid: account.gid } : {}),
      },
    );
  };

  test('what was written before the moment is there, what came behind it is not', async () => {
    const plain = (step: string) => option(`${step}/choice/option-a-plain-postgresql-sandbox`);
    const archive = await run('set-up-the-archive', ...plain('settings'));
    expect(archive.code, archive.stdout + archive.stderr).toBe(0);
    const base = await run('take-a-base-backup');
    expect(base.code, base.stdout + base.stderr).toBe(0);
    await cluster.sql('members', 'INSERT INTO t VALUES (1)');
    const [moment] = await cluster.sql('members', 'SELECT clock_timestamp()::text AS now');
    await cluster.sql('members', 'INSERT INTO t VALUES (2)');
    await cluster.sql('members', 'SELECT pg_switch_wal()');
    await archived(place('archive'), cluster);
    const recovery = await run(
      'recover-to-a-time',
      '--input',
      `RECOVERY_TIME=${moment!.now}`,
      ...plain('pre-checks-which-moment'),
      ...plain('restore-to-a-new-place'),
      ...plain('verify'),
    );
    expect(recovery.code, recovery.stdout + recovery.stderr).toBe(0);
    const rows = execFileSync(
      'psql',
      [
        '-XAt',
        '-h',
        place('recovered'),
        '-p',
        '5433',
        '-U',
        cluster.user,
        'members',
        '-c',
        'SELECT n FROM t',
      ],
      { encoding: 'utf8' },
    );
    expect(rows.trim()).toBe('1');
  });
});

/** Waits until the server says that everything that was to be archived is. */
async function archived(folder: string, cluster: Cluster): Promise<void> {
  for (const end = performance.now() + 60_000; performance.now() < end; ) {
    const [row] = await cluster.sql(
      'postgres',
      'SELECT last_archived_wal AS last, pg_walfile_name(pg_current_wal_lsn()) AS now FROM pg_stat_archiver',
    );
    const names: readonly string[] = await readdir(folder).catch(() => []);
    if (
      row?.last &&
      String(row.last) < String(row.now) &&
      names.includes(String(row.last)) &&
      names.length >= 3
    )
      return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('the log was not archived');
}
