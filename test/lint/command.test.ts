import { execFile } from 'node:child_process';
import { chmod, lstat, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openTerminal } from '../support/terminal.ts';

const main = new URL('../../src/main.ts', import.meta.url).pathname;
const faulty = '# Example\n\n## Do\n\n```bash\ndocker-compose stop api\npsql app < backup.sql\n```\n';
const clean = '# Example\n\n**Owner**: us\n\nOn-call: pager\n\n## Look\n\n```bash\nls -l\n```\n';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lint-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** An environment in which only Node and what the test puts there can be started. */
function environment(): NodeJS.ProcessEnv {
  return {
    HOME: folder,
    XDG_CONFIG_HOME: join(folder, 'config'),
    XDG_STATE_HOME: join(folder, 'state'),
    PATH: join(folder, 'bin'),
  };
}

async function drillbook(...args: readonly string[]) {
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    execFile(
      process.execPath,
      [main, 'lint', ...args],
      { cwd: folder, env: environment() },
      (error, stdout, stderr) => resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}

test('errors give 1, warnings do not, and a folder is searched through', async () => {
  await mkdir(join(folder, 'runbooks', 'deep'), { recursive: true });
  await mkdir(join(folder, 'runbooks', 'node_modules'), { recursive: true });
  await writeFile(join(folder, 'runbooks', 'deep', 'a.md'), faulty);
  await writeFile(join(folder, 'runbooks', 'node_modules', 'b.md'), faulty);
  await writeFile(join(folder, 'runbooks', 'empty.md'), '');
  // A folder that links to itself is entered once, and what links lead to is read once.
  await symlink('..', join(folder, 'runbooks', 'deep', 'up'));
  await symlink('deep/a.md', join(folder, 'runbooks', 'link.md'));
  const found = await drillbook('runbooks');
  expect(found.code).toBe(1);
  expect(found.stdout).toMatch(/^runbooks\/deep\/a\.md:7:1: error psql-without-on-error-stop: /m);
  expect(found.stdout).not.toContain('node_modules');
  expect(found.stderr).toContain('passed over: ');
  expect(found.stderr).toMatch(/1 warning, .* in 1 file\n$/);

  const same = await drillbook();
  expect(same.stdout).toBe(found.stdout);

  await writeFile(join(folder, 'runbooks', 'deep', 'a.md'), faulty.replace(/^psql.*\n/m, ''));
  const warned = await drillbook('runbooks');
  expect(warned.code).toBe(0);
  expect(warned.stdout).toContain('warning compose-v1');
});

test('what cannot be linted is said in a sentence, with exit code 2', async () => {
  await writeFile(join(folder, 'empty.md'), '');
  for (const args of [
    ['none.md'],
    ['empty.md'],
    [],
    ['--explain', 'no-such'],
    ['empty.md', '--json', '--sarif'],
  ]) {
    const { code, stderr } = await drillbook(...args);
    expect([args, code]).toEqual([args, 2]);
    expect(stderr).not.toContain('    at ');
  }
});

test('--json and --sarif are JSON on stdout and nothing else', async () => {
  await writeFile(join(folder, 'a.md'), faulty);
  const json = JSON.parse((await drillbook('a.md', '--json')).stdout);
  expect(json.files[0].path).toBe('a.md');
  expect(json.counts.error).toBeGreaterThan(0);
  const sarif = JSON.parse((await drillbook('a.md', '--sarif')).stdout);
  expect(sarif.runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri).toBe('a.md');
  expect((await drillbook('a.md', '--github')).stdout).toMatch(/^::error file=a\.md,line=7,/m);
});

test('the project file switches rules off, and a rule that is not there is refused', async () => {
  await writeFile(join(folder, 'a.md'), faulty);
  const config = join(folder, 'drillbook.yaml');
  await writeFile(
    config,
    'lint:\n  rules:\n    psql-without-on-error-stop: off\n    compose-v1: error\n    no-verification-of-restore: info\n',
  );
  const found = await drillbook('a.md');
  expect(found.stdout).not.toContain('psql-without-on-error-stop');
  expect(found.stdout).toContain('error compose-v1');
  await writeFile(config, 'lint:\n  rules:\n    no-such-rule: off\n');
  expect(await drillbook('a.md')).toMatchObject({ code: 2, stderr: expect.stringContaining('no-such-rule') });
});

test('links are looked up beside the file, and from the root of the repository', async () => {
  await mkdir(join(folder, '.git'));
  await mkdir(join(folder, 'docs'));
  await writeFile(join(folder, 'docs', 'there.md'), '# There\n\n## Part\n');
  await writeFile(
    join(folder, 'docs', 'a.md'),
    `${clean}\n[1](there.md#part) [2](/docs/there.md) [3](gone.md) [4](/gone.md) [5](there.md#gone)\n`,
  );
  const { stdout } = await drillbook('docs/a.md');
  expect(stdout.match(/dead-link: .*/g)).toEqual([
    'dead-link: there is no file gone.md',
    'dead-link: there is no file /gone.md',
    'dead-link: there.md has no heading #gone',
  ]);
});

test('--doctor tells which commands this machine does not have', async () => {
  await mkdir(join(folder, 'bin'));
  await writeFile(join(folder, 'bin', 'docker-compose'), '#!/bin/sh\n', { mode: 0o755 });
  await writeFile(join(folder, 'a.md'), faulty);
  expect((await drillbook('a.md')).stdout).not.toContain('missing-tool');
  const { stdout } = await drillbook('a.md', '--doctor');
  expect(stdout.match(/missing-tool: .*/g)).toEqual(['missing-tool: psql is not on this machine']);
});

test('--fix shows a diff; off a terminal it writes only with --yes, and keeps the mode of the file', async () => {
  const path = join(folder, 'a.md');
  await writeFile(path, faulty);
  await chmod(path, 0o640);
  const asked = await drillbook('a.md', '--fix');
  expect(asked.code).toBe(3);
  expect(asked.stdout).toContain('-docker-compose stop api\n+docker compose stop api\n');
  expect(await readFile(path, 'utf8')).toBe(faulty);

  const mended = await drillbook('a.md', '--fix', '--yes');
  expect(mended.stdout).toContain('+psql -v ON_ERROR_STOP=1 app < backup.sql\n');
  expect(await readFile(path, 'utf8')).toBe(
    faulty.replace('docker-compose', 'docker compose').replace('psql', 'psql -v ON_ERROR_STOP=1'),
  );
  expect((await stat(path)).mode & 0o777).toBe(0o640);
  expect(mended.stdout.split('+++').at(-1)).not.toContain('warning compose-v1');
});

test('--fix by a link writes the file that it leads to, and the link stays', async () => {
  await writeFile(join(folder, 'kept.txt'), faulty);
  await symlink('kept.txt', join(folder, 'link.md'));
  await drillbook('link.md', '--fix', '--yes');
  expect((await lstat(join(folder, 'link.md'))).isSymbolicLink()).toBe(true);
  expect(await readFile(join(folder, 'kept.txt'), 'utf8')).toContain('docker compose stop api');
});

test('--fix refuses a file that is not UTF-8', async () => {
  const bytes = Buffer.concat([Buffer.from(faulty), Buffer.from([0xff, 0x0a])]);
  await writeFile(join(folder, 'a.md'), bytes);
  expect((await drillbook('a.md', '--fix', '--yes')).code).toBe(2);
  expect(await readFile(join(folder, 'a.md'))).toEqual(bytes);
});

test('at a terminal --fix asks', async () => {
  const path = join(folder, 'a.md');
  await writeFile(path, faulty);
  for (const [answer, changed] of [
    ['n', false],
    ['y', true],
  ] as const) {
    const terminal = openTerminal({
      columns: 100,
      rows: 40,
      command: process.execPath,
      args: [main, 'lint', 'a.md', '--fix'],
      cwd: folder,
      env: { ...(environment() as Record<string, string>), CI: 'false', TERM: 'xterm-256color' },
    });
    await terminal.see('[y/N]');
    terminal.type(answer);
    terminal.press('enter');
    await terminal.exited();
    await terminal.close();
    expect((await readFile(path, 'utf8')) !== faulty).toBe(changed);
  }
});

test('shellcheck joins in where it is installed, with its lines mapped', async () => {
  await mkdir(join(folder, 'bin'));
  // Finds `$1` in the second script, the way shellcheck prints it; says that the others are fine.
  await writeFile(
    join(folder, 'bin', 'shellcheck'),
    `#!${process.execPath}
const { readFileSync } = require('node:fs');
if (!process.argv.includes('json1')) process.exit(4);
const files = process.argv.slice(2).filter((each) => each.endsWith('.sh'));
const found = files.flatMap((file) => {
  const lines = readFileSync(file, 'utf8').split('\\n');
  const line = lines.findIndex((each) => each.includes('$DIR'));
  if (line < 0) return [];
  const column = lines[line].indexOf('$DIR') + 1;
  const place = { file, line: line + 1, endLine: line + 1, column, endColumn: column + 4 };
  return [
    { ...place, level: 'warning', code: 2086, message: 'Double quote to prevent globbing.', fix: null },
    { ...place, level: 'warning', code: 2154, message: 'DIR is referenced but not assigned.', fix: null },
  ];
});
process.stdout.write(JSON.stringify({ comments: found }));
process.exit(found.length > 0 ? 1 : 0);
`,
    { mode: 0o755 },
  );
  await writeFile(
    join(folder, 'a.md'),
    '# Example\n\n## Look\n\n1. There\n\n   ```console\n   $ ls -l\n   $ ls \\\n   >   $DIR\n   ```\n',
  );
  const { stdout, code } = await drillbook('a.md');
  expect(stdout).toMatch(/^a\.md:10:8: warning shellcheck-SC2086: Double quote/m);
  expect(stdout).not.toContain('SC2154');
  expect(code).toBe(0);
});

test('a shellcheck that is broken keeps nobody from linting', async () => {
  await mkdir(join(folder, 'bin'));
  await writeFile(join(folder, 'bin', 'shellcheck'), '#!/bin/sh\necho no JSON\n', { mode: 0o755 });
  await writeFile(join(folder, 'a.md'), faulty);
  expect((await drillbook('a.md')).stdout).toContain('compose-v1');
});

test('--rules lists every rule, --explain prints its page', async () => {
  expect((await drillbook('--rules')).stdout).toMatch(/^compose-v1 +warning +docker-compose is version 1/m);
  expect((await drillbook('--explain', 'compose-v1')).stdout).toContain('## Why it matters at 03:12');
});

test('what a document holds cannot move the cursor', async () => {
  await writeFile(
    join(folder, 'a.md'),
    '# Example\n\n## Do\n\n```bash\npg_dump app > "a\u001b]0;x\u0007\u001b[2J\u202e.sql"\n```\n',
  );
  const { stdout } = await drillbook('a.md');
  expect(stdout).toContain('partial-file-on-failure');
  expect(stdout).not.toMatch(/[\u001b\u0007\u202e]/);
});
