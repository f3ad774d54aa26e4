import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { archiveOf } from '../../../src/execution/progress/archive.ts';
import { meterFor } from '../../../src/execution/progress/meter.ts';
import { Shell } from '../support/shell.ts';

function after(text: string, output: string, seconds = 0, entries?: number) {
  const meter = meterFor(text, entries)!;
  meter.see(Buffer.from(output), 1000);
  return meter.read(1000 + seconds * 1000);
}

/** What pg_restore 15 prints for an archive with 14 entries; the parallel one says more about each. */
const begun = [
  'creating TABLE "public.a"',
  'creating COMMENT "public.TABLE a"',
  'creating DEFAULT "public.a id"',
];
const serial = ['connecting to database for restore', ...begun, 'processing data for table "public.a"'];
const parallel = [
  'processing item 3358 ENCODING ENCODING',
  ...begun.flatMap((line, at) => [`processing item ${at} X`, line]),
  'entering main parallel loop',
  'launching item 3354 TABLE DATA a',
  'processing data for table "public.a"',
];

test.each([
  ['one after the other', serial],
  ['in parallel', parallel],
])('pg_restore --verbose against its table of contents, %s', (_, lines) => {
  const output = lines.map((line) => `pg_restore: ${line}\n`).join('');
  expect(after('pg_restore -v -d x y.dump', output, 0, 14)).toEqual({
    done: 3,
    total: 14,
    percent: expect.closeTo(21.4, 1),
    unit: 'items',
    source: 'pg_restore',
    words: 'processing data for table "public.a"',
  });
  expect(after('pg_restore -v -d x y.dump', output)).not.toHaveProperty('total');
});

test('rate and time left come from what was done since the first word', () => {
  const meter = meterFor('pg_restore --verbose -d x y.dump', 41)!;
  meter.see(Buffer.from('pg_restore: creating A a\n'), 0);
  for (let at = 1; at <= 20; at++) meter.see(Buffer.from('pg_restore: creating B b\n'), at * 100);
  expect(meter.read(2000)).toMatchObject({ done: 20, total: 41, rate: 10, eta: 2.1 });
});

test('pg_dump --verbose counts tables and does not pretend to know how many there are', () => {
  const output =
    'pg_dump: reading schemas\npg_dump: dumping contents of table "public.a"\npg_dump: dumping contents of table "public.b"\n';
  expect(after('pg_dump -Fc --verbose db > x', output)).toEqual({
    done: 1,
    unit: 'items',
    source: 'pg_dump',
    words: 'table "public.b"',
  });
});

test('aws s3 cp', () => {
  const output =
    'Completed 256.0 KiB/10.0 MiB (1.0 MiB/s) with 1 file(s) remaining\rCompleted 2.5 MiB/10.0 MiB (2.5 MiB/s) with 1 file(s) remaining\r';
  expect(after('aws s3 cp a s3://b/', output)).toEqual({
    done: 2.5 * 1024 ** 2,
    total: 10 * 1024 ** 2,
    percent: 25,
    unit: 'bytes',
    source: 'aws',
    rate: 2.5 * 1024 ** 2,
    eta: 3,
    words: '1 file(s) remaining',
  });
});

test('curl, with its meter and its bar', () => {
  const head = '  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n';
  const rows =
    '  0     0    0     0    0     0      0      0 --:--:-- --:--:-- --:--:--     0\r 25 40.0M   25 10.0M    0     0  5120k      0  0:00:08  0:00:02  0:00:06 5120k';
  expect(after('curl -O https://x/y', head + rows)).toEqual({
    done: 10 * 1024 ** 2,
    total: 40 * 1024 ** 2,
    percent: 25,
    unit: 'bytes',
    source: 'curl',
    rate: 5 * 1024 ** 2,
    eta: 6,
    words: 'received',
  });
  expect(after('curl -# -O https://x/y', '#####                 45.3%\r')).toMatchObject({
    done: 45.3,
    total: 100,
  });
});

test.each([
  ['reading 12 MB of 30 MB', { done: 12e6, total: 30e6, percent: 40, unit: 'bytes', words: 'reading' }],
  ['loading 500 of 2000 bytes', { done: 500, total: 2000, percent: 25, unit: 'bytes', words: 'loading' }],
  [
    'left: public.members (3 of 14)',
    { done: 3, total: 14, percent: expect.closeTo(21.4, 1), unit: 'items', words: 'left: public.members' },
  ],
  ['dump public.members · 1.5 MB stored', { done: 1.5e6, unit: 'bytes', words: 'dump public.members' }],
])('drillbook’s own words: %s', (line, wanted) => {
  expect(after('drillbook backup create', `${line}\n`)).toEqual({ ...wanted, source: 'drillbook' });
});

test('other commands, and ordinary output of these, have no progress', () => {
  expect(meterFor('psql -c "select 1"')).toBeUndefined();
  expect(meterFor('pg_restore -d x y.dump')).toBeUndefined();
  expect(after('curl -sS https://x', '{"status": "ok"}\n12 of the ships\n')).toBeUndefined();
});

test('a line is put together from pieces, and hostile words are made safe', () => {
  const meter = meterFor('pg_dump -v db')!;
  for (const byte of Buffer.from('pg_dump: dumping contents of table "a\x1b]0;t\x07b"\n'))
    meter.see(Buffer.of(byte), 0);
  expect(meter.read(0)?.words).toBe('table "ab"');
});

const values: Record<string, string> = { BACKUP: '/b/x.dump', DIR: '/b' };
test.each([
  ['pg_restore -v -d db /b/x.dump', '/b/x.dump'],
  ['sudo pg_restore -v \\\n  --dbname="$URL" "$BACKUP"', '/b/x.dump'],
  ['pg_restore -v -d db "${DIR}/my file.dump" 2>&1 | tail', '/b/my file.dump'],
  ["pg_restore -v -d db '/b/$x.dump'", '/b/$x.dump'],
  ['pg_restore -v -d db', undefined],
  ['pg_restore -v -d db < x.dump', undefined],
  ['cat x | pg_restore -v -d db', undefined],
  ['pg_restore -v -d db "$UNKNOWN"', undefined],
  ['pg_restore -v -d db $(ls -t | head -1)', undefined],
  ['pg_restore -v -d db *.dump', undefined],
  ['pg_restore -v -d db -t members x.dump', undefined],
  ['pg_restore -v --data-only -d db x.dump', undefined],
])('the archive of %s', (text, archive) => {
  expect(archiveOf(text, (name) => values[name])).toBe(archive);
});

test('a running restore tells how far it is', async () => {
  const shell = await Shell.open();
  const folder = await mkdtemp(join(tmpdir(), 'drillbook-tools-'));
  try {
    // Says what pg_restore says; waits for a reader of its fifo before it ends.
    await promisify(execFile)('mkfifo', [join(folder, 'go')]);
    await mkdir(join(folder, 'bin'));
    const program = `#!/bin/sh
if [ "$1" = --list ]; then test "$3" = "/b/x y.dump" && printf ';\\n1; 0 0 TABLE a\\n2; 0 0 TABLE b\\n3; 0 0 INDEX c\\n'; exit; fi
for name in a b; do echo "pg_restore: creating TABLE $name" >&2; done
cat ${join(folder, 'go')} >/dev/null
`;
    await writeFile(join(folder, 'bin', 'pg_restore'), program);
    await chmod(join(folder, 'bin', 'pg_restore'), 0o755);
    const environment = { PATH: `${join(folder, 'bin')}${delimiter}${process.env.PATH}` };
    await shell.run('FILE="/b/x y.dump"', { environment });
    const seen = Promise.withResolvers<void>();
    const execution = shell.start('pg_restore --verbose -d db "$FILE"', {
      environment,
      onData: () => {
        if (execution.progress?.done === 1) seen.resolve();
      },
    });
    await seen.promise;
    expect(execution.progress).toMatchObject({ done: 1, total: 3, unit: 'items', words: 'creating TABLE b' });
    await writeFile(join(folder, 'go'), '');
    expect((await execution.done).verdict).toBe('succeeded');
  } finally {
    await shell.close();
    await rm(folder, { recursive: true, force: true });
  }
});
