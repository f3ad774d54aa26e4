import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { calendarOf } from '../../src/backup/schedule/calendar.ts';

const run = promisify(execFile);
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'schedule-'));
  await writeFile(
    join(folder, 'drillbook.yaml'),
    `targets:
  shop-production:
    environment: production
    url: env:SHOP_URL
    store: backups of the shop
    objectives: { rpo: 36h }
`,
  );
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function schedule(...args: string[]) {
  const child = spawn(
    process.execPath,
    [new URL('../../src/main.ts', import.meta.url).pathname, 'schedule', ...args],
    {
      cwd: folder,
      env: { ...process.env, DRILLBOOK_HOME: join(folder, 'home') },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (text) => {
    stdout += text;
  });
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, stdout, stderr };
}

describe('a cron time as systemd has it', () => {
  const cases: [string, string][] = [
    ['0 2 * * *', '*-*-* 02:00:00'],
    ['*/15 * * * *', '*-*-* *:00/15:00'],
    ['30 4 1,15 * *', '*-*-01,15 04:30:00'],
    ['5 8-18/2 * 1-6 *', '*-01..06-* 08..18/2:05:00'],
    ['0 3 * * 0', 'Sun *-*-* 03:00:00'],
    ['0 3 * * mon-fri', 'Mon,Tue,Wed,Thu,Fri *-*-* 03:00:00'],
    ['0 3 * * 5-7', 'Fri,Sat,Sun *-*-* 03:00:00'],
    ['0 0 */10 * *', '*-*-01/10 00:00:00'],
  ];

  test.each(cases)('%s is %s', (cron, calendar) => expect(calendarOf(cron)).toEqual({ calendar }));

  test('all of them are what systemd takes', async ({ skip }) => {
    skip(!existsSync('/usr/bin/systemd-analyze'), 'systemd-analyze is not installed');
    for (const [, calendar] of cases) await run('systemd-analyze', ['calendar', `${calendar} UTC`]);
  });

  test('what systemd can not say is told', () => {
    expect(calendarOf('0 2 1 * 1')).toMatchObject({ problem: expect.stringMatching(/by "or"/) });
    expect(calendarOf('@daily')).toMatchObject({ problem: expect.stringMatching(/five fields/) });
  });
});

test('systemd units hold before systemd-analyze', async ({ skip }) => {
  skip(!existsSync('/usr/bin/systemd-analyze'), 'systemd-analyze is not installed');
  const units = join(folder, 'units');
  await mkdir(units);
  const made = await schedule('shop-production', '--systemd', '--daily', '7', '--weekly', '4', '--json');
  expect(made).toMatchObject({ code: 0 });
  const files = (JSON.parse(made.stdout) as { units: { name: string; text: string }[] }).units;
  expect(files.map((one) => one.name)).toEqual(
    ['backup', 'health', 'drill'].flatMap((task) =>
      ['service', 'timer'].map((ending) => `drillbook-shop-production-${task}.${ending}`),
    ),
  );
  for (const one of files) await writeFile(join(units, one.name), one.text);
  const { stdout, stderr } = await run('systemd-analyze', [
    'verify',
    '--recursive-errors=no',
    ...files.map((one) => join(units, one.name)),
  ]);
  expect(stdout + stderr).toBe('');
  const [service] = files;
  expect(service!.text).toContain('"PRUNE shop-production"');
  expect(service!.text).toContain(`--store "${folder}/backups of the shop"`);
  expect(service!.text).toContain('--url env:SHOP_URL');
  expect(files[2]!.text).toContain('--rpo 129600s');
});

/** What GitHub says of a workflow's shape, as far as ours go: nothing beyond it may be there. */
const workflow = z.strictObject({
  name: z.string(),
  on: z.strictObject({
    schedule: z.array(z.strictObject({ cron: z.string().regex(/^(?:[\d*,/-]+ ){4}[\w*,/-]+$/) })).min(1),
    workflow_dispatch: z.strictObject({
      inputs: z.record(
        z.string(),
        z.strictObject({
          description: z.string(),
          type: z.literal('choice'),
          options: z.array(z.string()),
          default: z.string(),
        }),
      ),
    }),
  }),
  permissions: z.strictObject({ contents: z.literal('read') }),
  concurrency: z.strictObject({ group: z.string(), 'cancel-in-progress': z.literal(false) }),
  jobs: z.record(
    z.string().regex(/^[A-Za-z_][\w-]*$/),
    z.strictObject({
      name: z.string(),
      if: z.string(),
      'runs-on': z.string(),
      'timeout-minutes': z.int().max(360),
      env: z.record(z.string().regex(/^[A-Z_]\w*$/), z.string().regex(/^\$\{\{ secrets\.[A-Z_]\w* \}\}$/)),
      steps: z.array(
        z.union([
          z.strictObject({
            uses: z.string().regex(/^[\w-]+\/[\w-]+@v\d+$/),
            with: z.record(z.string(), z.any()).optional(),
          }),
          z.strictObject({ name: z.string(), run: z.string() }),
        ]),
      ),
    }),
  ),
});

test('a workflow is of the shape that GitHub takes, and each time starts its own job', async () => {
  const made = await schedule('shop', '--github-actions', '--backup-at', '17 1 * * 1-5', '--last', '3');
  expect(made).toMatchObject({ code: 0 });
  const parsed = workflow.parse(parse(made.stdout));
  expect(Object.keys(parsed.jobs)).toEqual(['backup', 'health', 'drill']);
  for (const { cron } of parsed.on.schedule)
    expect(Object.values(parsed.jobs).filter((job) => job.if.includes(`'${cron}'`))).toHaveLength(1);
  expect(parsed.jobs.backup!.env).toEqual({
    DATABASE_URL: '${{ secrets.SHOP_DATABASE_URL }}',
    BACKUP_DIR: '${{ secrets.SHOP_BACKUP_DIR }}',
    DRILL_DATABASE_URL: '${{ secrets.SHOP_DRILL_DATABASE_URL }}',
  });
  expect(made.stdout).toContain("--last 3 --confirm 'PRUNE shop'");
});

describe('cron lines', () => {
  /** A crontab line as cron runs it: the percent signs are its own. */
  const commandOf = (line: string) => line.split(' ').slice(5).join(' ').replaceAll('\\%', '%');

  test('a line runs its commands with its variables, is quiet where all is well, and never twice at once', async ({
    skip,
  }) => {
    skip(!existsSync('/usr/bin/flock'), 'flock is not installed');
    const made = await schedule(
      'shop',
      '--cron',
      '--environment-file',
      join(folder, 'shop.env'),
      '--url',
      "env:SHOP_50%'s",
    );
    expect(made).toMatchObject({ code: 0 });
    const line = made.stdout.split('\n').find((one) => /^0 2 /.test(one))!;
    expect(line).not.toMatch(/[^\\]%/);
    // The product's place is taken by a program that notes what it was asked.
    const note = join(folder, 'asked');
    const fake = join(folder, 'fake');
    await writeFile(
      fake,
      `#!/bin/sh\necho "$*|$BACKUP_DIR" >> '${note}'\nif [ -e '${folder}/fails' ]; then echo "it is broken"; exit 1; fi\n`,
    );
    await chmod(fake, 0o755);
    await writeFile(join(folder, 'shop.env'), "BACKUP_DIR='/a b'\n");
    const main = new URL('../../src/main.ts', import.meta.url).pathname;
    const text = commandOf(line).replaceAll(`${process.execPath} ${main}`, fake);
    expect(text).not.toBe(commandOf(line));
    const cron = () => run('sh', ['-c', text], { env: { HOME: folder, PATH: process.env.PATH } });
    expect(await cron()).toEqual({ stdout: '', stderr: '' });
    expect((await readFile(note, 'utf8')).trim().split('\n')).toEqual([
      "backup create --url env:SHOP_50%'s --store env:BACKUP_DIR --target shop --kind scheduled|/a b",
      'backup verify latest --store env:BACKUP_DIR --target shop|/a b',
    ]);
    await writeFile(join(folder, 'fails'), '');
    await expect(cron()).rejects.toMatchObject({ code: 1, stdout: 'it is broken\n' });
    // Somebody is still at it: a second one does nothing.
    await rm(note);
    const holder = spawn(
      'flock',
      [join(folder, '.drillbook-shop.backup.lock'), 'sh', '-c', 'echo held; read _'],
      {
        stdio: ['pipe', 'pipe', 'inherit'],
      },
    );
    await new Promise((resolve) => holder.stdout.once('data', resolve));
    await expect(cron()).rejects.toMatchObject({ code: 1, stdout: '' });
    expect(existsSync(note)).toBe(false);
    holder.stdin.end('\n');
    await new Promise((resolve) => holder.once('close', resolve));
  });
});

test.each<[string[], RegExp]>([
  [['shop'], /one of --cron, --systemd and --github-actions/],
  [['shop', '--cron', '--systemd'], /one of/],
  [['a b', '--cron'], /letters, digits/],
  [['shop', '--cron', '--backup-at', '61 2 * * *'], /--backup-at is a cron expression/],
  [['shop', '--cron', '--backup-at', '@daily'], /--backup-at is a cron expression/],
  [['shop', '--systemd', '--drill-at', '0 2 1 * 1'], /by "or"/],
  [['shop', '--cron', '--url', 'postgres://u:s3cr3t@h/d'], /for everybody to read/],
  [['shop', '--cron', '--daily', 'many'], /--daily is a number/],
])('%j is refused', async (args, words) => {
  const { code, stdout, stderr } = await schedule(...args);
  expect(stderr).toMatch(words);
  expect(stdout + stderr).not.toContain('s3cr3t');
  expect(code).toBe(2);
});
