import { spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { openSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { turnedTo } from '../../src/sandbox/simulated/curl.ts';
import { entry, removeAll, temporaryFolder } from './support.ts';

let folder: string;
let sandbox: Sandbox;

beforeAll(async () => {
  folder = await temporaryFolder();
  sandbox = await openSandbox({ home: join(folder, 'home'), owner: 'process', entry });
  await mkdir(join(folder, 'work'));
});
afterAll(() => removeAll(folder));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A command as a run starts it: the simulated ones are first on PATH. */
function shell(text: string, input = ''): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['-c', text], {
      cwd: join(folder, 'work'),
      env: {
        ...process.env,
        ...sandbox.variables,
        PATH: [...sandbox.path, process.env.PATH ?? ''].join(delimiter),
      },
    });
    let out = '';
    let err = '';
    child.stdout.on('data', (data) => {
      out += data;
    });
    child.stderr.on('data', (data) => {
      err += data;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out, err }));
    child.stdin.end(input);
  });
}

const health = async () => (await fetch(sandbox.variables.HEALTH_URL!)).status;

/** Ready again, once its connections are back. */
const ready = () =>
  vi.waitFor(async () => expect(await health()).toBe(200), { timeout: 30_000, interval: 100 });

test('it is always said that a command is simulated', async () => {
  for (const name of ['railway status', 'render services', 'aws sts get-caller-identity', 'docker ps'])
    expect((await shell(name)).err).toMatch(/^\[simulated \w+: acts on the sandbox\]/);
});

describe('railway', () => {
  test('a variable puts the application into maintenance once it is deployed', async () => {
    expect(
      await shell('railway variable set MAINTENANCE_MODE=true --service "$RAILWAY_SERVICE" --skip-deploys'),
    ).toMatchObject({ code: 0 });
    expect(await health()).toBe(200);
    expect(await shell('railway redeploy --yes')).toMatchObject({ code: 0 });
    expect(await health()).toBe(503);
    expect(
      await shell('railway variable set MAINTENANCE_MODE=false --service "$RAILWAY_SERVICE"'),
    ).toMatchObject({ code: 0 });
    await ready();
  });
  test.each([
    ['railway env set MAINTENANCE_MODE=true', 2, /unexpected argument/],
    ['railway restart', 1, /non-interactive mode/],
    ['railway variable set NONSENSE', 2, /KEY=VALUE/],
    ['railway variable set A=1 --service other', 1, /Service "other" not found/],
    ['railway service stop', 2, /unrecognized subcommand/],
    ['railway restart --force', 2, /--force/],
  ])('%s is refused', async (command, code, words) => {
    const ended = await shell(command);
    expect(ended.code).toBe(code);
    expect(ended.err).toMatch(words);
  });
  test('run executes here, with the variables of the service', async () => {
    await shell('railway variable set GREETING=hello --skip-deploys');
    expect(await shell(`railway run sh -c 'echo "$GREETING"; exit 7'`)).toMatchObject({
      code: 7,
      out: 'hello\n',
    });
    expect(
      (await shell(`railway connect postgres`, 'SELECT count(*) > 0 AS some FROM members;')).out,
    ).toMatch(/ t/);
  });
});

describe('render', () => {
  test('maintenance mode by its interface, through the real curl', async () => {
    const patch = (enabled: boolean) =>
      shell(
        `curl -fsS -X PATCH "https://api.render.com/v1/services/$RENDER_SERVICE_ID" -H @"$RENDER_HEADERS_FILE" -H 'Content-Type: application/json' --data '{"serviceDetails":{"maintenanceMode":{"enabled":${enabled}}}}'`,
      );
    const on = await patch(true);
    expect(on.code).toBe(0);
    expect(JSON.parse(on.out)).toMatchObject({ serviceDetails: { maintenanceMode: { enabled: true } } });
    expect(await health()).toBe(503);
    expect((await patch(false)).code).toBe(0);
    await ready();
  });
  test('suspended, the application does not answer any more; its connections are gone', async () => {
    await shell(
      'curl -fsS -X POST "https://api.render.com/v1/services/$RENDER_SERVICE_ID/suspend" -H @"$RENDER_HEADERS_FILE"',
    );
    expect(await health()).toBe(502);
    const left = await shell(
      `psql -XAt "$ADMIN_URL" -c "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'members-app'"`,
    );
    expect(left.out.trim()).toBe('0');
    await shell(
      'curl -fsS -X POST "https://api.render.com/v1/services/$RENDER_SERVICE_ID/resume" -H @"$RENDER_HEADERS_FILE"',
    );
    await ready();
  });
  test.each([
    ['curl -fsS https://api.render.com/v1/services', 22],
    ['curl -fsS -H "Authorization: Bearer x" https://api.render.com/v1/services/srv-other', 22],
    ['curl -fsS -H "Authorization: Bearer x" https://api.render.com/v1/databases/x/backups', 22],
    [
      `curl -fsS -X PATCH -H "Authorization: Bearer x" --data '{}' https://api.render.com/v1/services/srv-members`,
      22,
    ],
  ])('%s fails', async (command, code) => {
    expect((await shell(command)).code).toBe(code);
  });
  test.each([
    ['render logs members --tail', /unknown command|resources/],
    ['render logs --tail', /"resources" not set/],
    ['render logs --resources srv-other', /not found/],
    ['render fly', /unknown command/],
  ])('%s is refused', async (command, words) => {
    const ended = await shell(command);
    expect(ended.code).toBe(1);
    expect(ended.err).toMatch(words);
  });
});

test('docker compose stops what writes; the database goes on', async () => {
  expect(await shell('docker compose stop "$COMPOSE_SERVICE"')).toMatchObject({ code: 0 });
  expect(await health()).toBe(502);
  expect(
    await shell(
      'docker compose exec -T db pg_dump -U postgres --schema-only members > schema.sql && test -s schema.sql',
    ),
  ).toMatchObject({ code: 0 });
  expect(
    await shell('docker exec -i members-db psql -U postgres -XAt members', 'SELECT 41 + 1;'),
  ).toMatchObject({ out: '42\n' });
  expect(await shell('docker compose start "$COMPOSE_SERVICE"')).toMatchObject({ code: 0 });
  await ready();
});

test.each([
  ['docker-compose stop api', 127, /not maintained/],
  ['docker exec ip2a-db pg_dump x', 1, /No such container/],
  ['docker compose stop web', 1, /no such service/],
  ['COMPOSE_FILE= docker compose ps', 14, /no configuration file/],
  ['docker compose down --volumes', 1, /not removed/],
  ['docker compose exec db', 125, /at least 2 arguments/],
])('%s is refused', async (command, code, words) => {
  const ended = await shell(command);
  expect(ended.code).toBe(code);
  expect(ended.err).toMatch(words);
});

describe('aws', () => {
  test('objects go to a bucket and come back as they were', async () => {
    await writeFile(join(folder, 'work', 'a.dump'), 'the bytes');
    expect(await shell('aws s3 cp a.dump "s3://$S3_BUCKET/2026/" --storage-class STANDARD_IA')).toMatchObject(
      {
        code: 0,
        out: 'upload: a.dump to s3://members-backups/2026/a.dump\n',
      },
    );
    expect((await shell('aws s3 ls "s3://$S3_BUCKET/2026/"')).out).toMatch(/ 9 a\.dump\n$/);
    expect((await shell('aws s3 cp "s3://$S3_BUCKET/2026/a.dump" -')).out).toBe('the bytes');
    expect(
      (await shell('echo streamed | aws s3 cp - "s3://$S3_BUCKET/b" && aws s3 cp "s3://$S3_BUCKET/b" back'))
        .code,
    ).toBe(0);
    expect(await readFile(join(folder, 'work', 'back'), 'utf8')).toBe('streamed\n');
    expect((await shell('aws s3 rm "s3://$S3_BUCKET/" --recursive --dryrun')).out).toMatch(
      /\(dryrun\) delete/,
    );
    expect(
      (await shell('aws s3 rm "s3://$S3_BUCKET/" --recursive && aws s3 ls "s3://$S3_BUCKET/"')).code,
    ).toBe(1);
  });
  test('the settings of a bucket are checked', async () => {
    const put = (rules: string) =>
      shell(
        `aws s3api put-bucket-lifecycle-configuration --bucket "$S3_BUCKET" --lifecycle-configuration '${rules}'`,
      );
    const wrong = await put('{"Rules":[{"Id":"x","Status":"Enabled","Prefix":""}]}');
    expect(wrong.code).toBe(252);
    expect(wrong.err).toContain(
      'Unknown parameter in LifecycleConfiguration.Rules[0]: "Id", must be one of: ID',
    );
    expect((await put('{"Rules":[{"ID":"x","Status":"Enabled","Prefix":""}]}')).code).toBe(0);
  });
  test('an instance is restored to a time as a new database', async () => {
    const restore = (more: string) =>
      shell(
        `aws rds restore-db-instance-to-point-in-time --source-db-instance-identifier "$RDS_INSTANCE" --target-db-instance-identifier members-pitr ${more}`,
      );
    expect((await restore('')).err).toContain('InvalidParameterCombination');
    expect((await restore('--restore-time 2001-01-01T00:00:00Z')).err).toContain('earlier than the earliest');
    expect((await restore('--use-latest-restorable-time')).code).toBe(0);
    expect(
      (
        await shell(
          `psql -XAt "\${DATABASE_URL/\\/members?/\\/members_pitr?}" -c 'SELECT count(*) > 0 FROM members'`,
        )
      ).out,
    ).toBe('t\n');
    expect((await restore('--use-latest-restorable-time')).err).toContain('DBInstanceAlreadyExists');
    expect(
      (await shell('aws rds delete-db-instance --db-instance-identifier members-pitr --skip-final-snapshot'))
        .code,
    ).toBe(0);
    expect(
      (await shell('aws rds delete-db-instance --db-instance-identifier members-db --skip-final-snapshot'))
        .code,
    ).toBe(254);
  });
  test.each([
    ['aws s3 cp nowhere s3://members-backups/', 255, /does not exist/],
    ['aws s3 cp /etc/hostname s3://not-there/', 254, /NoSuchBucket/],
    ['aws s3 cp /etc/hostname s3://members-backups/../../escape', 254, /InvalidArgument/],
    ['aws s3 cp /etc/hostname s3://members-backups/ --storage-class COLD', 252, /--storage-class/],
    ['aws s3 cp a b c', 252, /Unknown options|Invalid argument/],
    ['aws rds describe-db-instances --db-instance-identifier other', 254, /DBInstanceNotFound/],
    [
      'aws rds modify-db-instance --db-instance-identifier members-db --backup-retention-period 99',
      254,
      /between 0 and 35/,
    ],
    ['aws ec2 terminate-instances', 252, /invalid choice/],
  ])('%s is refused', async (command, code, words) => {
    const ended = await shell(command);
    expect(ended.code).toBe(code);
    expect(ended.err).toMatch(words);
  });
});

test('curl reaches everything else as it is, and the application by the addresses of providers', async () => {
  const app = sandbox.variables.APP_URL!;
  expect((await shell('curl -fsS "$APP_URL/health/ready"')).err).toBe('');
  expect((await shell('curl -fsS https://your-app.railway.app/health/ready')).out).toContain('"ready":true');
  expect((await shell('curl -fsS http://localhost:5000/health')).out).toContain('"ready":true');
  expect(turnedTo('https://elsewhere.test/health', app)).toBeUndefined();
  expect(turnedTo('-w', app)).toBeUndefined();
});

test('a reset forgets what the simulated commands did', async () => {
  await shell(
    'railway variable set MAINTENANCE_MODE=true && aws s3 cp a.dump "s3://$S3_BUCKET/" && docker compose stop api',
  );
  await sandbox.reset();
  await ready();
  expect((await shell('railway variable list --json | grep -c MAINTENANCE')).out.trim()).toBe('0');
  expect((await shell('aws s3 ls "s3://$S3_BUCKET/"')).code).toBe(1);
});
