import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drillbook-explain-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function explain(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const run = promisify(execFile)(process.execPath, [main, 'explain', ...args], { cwd: folder });
  return run.then(
    ({ stdout, stderr }) => ({ code: 0, out: stdout, err: stderr }),
    (error: { code: number; stdout: string; stderr: string }) => ({
      code: error.code,
      out: error.stdout,
      err: error.stderr,
    }),
  );
}

test('a command, in words and as JSON, without its password', async () => {
  const command = `psql postgres://app:s3cret@db:5432/shop -c 'TRUNCATE users'`;
  const { code, out } = await explain(command);
  expect(code).toBe(0);
  expect(out).toContain('! destroys  TRUNCATE users on shop@db:5432');
  expect(out).not.toContain('s3cret');
  const json = await explain('--json', command);
  expect(json.out).not.toContain('s3cret');
  expect(JSON.parse(json.out)).toMatchObject({
    commands: [{ language: 'shell', reading: { class: 'destroys' } }],
  });
});

test('a runbook, a script and a SQL file', async () => {
  await writeFile(join(folder, 'book.md'), '# Restore\n\n## Step 1\n\n```bash\nls\ndropdb app\n```\n');
  await writeFile(join(folder, 'x.sql'), 'DROP TABLE t;\n');
  await writeFile(join(folder, 'x.sh'), 'rm -rf x\n');
  const book = await explain('book.md');
  expect(book.out).toMatch(/reads {2}line 6\n {2}ls\n/);
  expect(book.out).toMatch(/! destroys {2}line 7\n {2}dropdb app\n/);
  expect((await explain('x.sql')).out).toContain('! destroys  DROP TABLE t');
  expect((await explain('x.sh')).out).toContain('! destroys  deletes x and all in it');
  expect((await explain('--sql', 'SELECT 1')).out).toMatch(/^reads/);
});

test('a file that is not there is a usage fault, not a command of that name', async () => {
  const { code, err } = await explain('none.sql');
  expect(code).toBe(2);
  expect(err).toContain('there is no file none.sql');
});
