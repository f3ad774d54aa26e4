import { execFile, execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const main = new URL('../../src/main.ts', import.meta.url).pathname;

/** Where shellcheck is on this machine, if it is. */
const installed = (() => {
  try {
    return execFileSync('sh', ['-c', 'command -v shellcheck'], { encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
})();

/** Scripts that stand in lists, behind prompts, on lines that end with CR LF, and behind letters of two code units. */
const document = [
  '# Example',
  '',
  '## 1. Do it',
  '',
  '1. In a list',
  '',
  '   ```bash',
  '   ls   $FOO/x',
  '   echo "é😀" $BAR',
  '   ```',
  '',
  '2. Behind prompts',
  '',
  '   ```console',
  '   $ cat $FILE',
  '   out',
  '   $ rm -f $OTHER',
  '   ```',
  '',
].join('\r\n');

/** Line, column, and the text that begins there. */
const expected = [
  [8, 9, '$FOO'],
  [9, 15, '$BAR'],
  [15, 10, '$FILE'],
  [17, 12, '$OTHER'],
] as const;

/** What shellcheck 0.9.0 prints of these commands with `-s bash -f json1`: file, line, column, end column, code, level. */
const recorded = [
  ['0.sh', 1, 6, 10, 2086, 'info'],
  ['0.sh', 1, 6, 10, 2154, 'warning'],
  ['1.sh', 1, 11, 15, 2086, 'info'],
  ['1.sh', 1, 11, 15, 2154, 'warning'],
  ['2.sh', 1, 5, 10, 2086, 'info'],
  ['2.sh', 1, 5, 10, 2154, 'warning'],
  ['3.sh', 1, 7, 13, 2086, 'info'],
  ['3.sh', 1, 7, 13, 2154, 'warning'],
] as const;

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shellcheck-'));
  await mkdir(join(folder, 'bin'));
  await writeFile(join(folder, 'a.md'), document);
});

afterEach(() => rm(folder, { recursive: true, force: true }));

async function placesFound(): Promise<readonly (readonly [number, number, string])[]> {
  const stdout = await new Promise<string>((resolve) => {
    execFile(
      process.execPath,
      [main, 'lint', 'a.md', '--json'],
      { cwd: folder, env: { HOME: folder, DRILLBOOK_HOME: join(folder, 'home'), PATH: join(folder, 'bin') } },
      (_error, out) => resolve(out),
    );
  });
  const { files } = JSON.parse(stdout) as {
    files: {
      findings: { rule: string; range: { line: number; column: number; start: number; end: number } }[];
    }[];
  };
  return files
    .flatMap(({ findings }) => findings)
    .filter(({ rule }) => rule === 'shellcheck-SC2086')
    .map(({ range }) => [range.line, range.column, document.slice(range.start, range.end)] as const);
}

test('what shellcheck was recorded to say stands where it belongs', async () => {
  const comments = recorded.map(([file, line, column, endColumn, code, level]) => ({
    file,
    line,
    endLine: line,
    column,
    endColumn,
    code,
    level,
    message: 'Double quote to prevent globbing and word splitting.',
    fix: null,
  }));
  // Prints what was recorded, with the folder that it is asked about.
  await writeFile(
    join(folder, 'bin', 'shellcheck'),
    `#!${process.execPath}\nconst { dirname, join } = require('node:path');\nconst files = process.argv.filter((each) => each.endsWith('.sh'));\nconst comments = ${JSON.stringify(comments)}.map((each) => ({ ...each, file: join(dirname(files[0]), each.file) }));\nprocess.stdout.write(JSON.stringify({ comments }));\nprocess.exit(1);\n`,
    { mode: 0o755 },
  );
  expect(await placesFound()).toEqual(expected);
});

test.skipIf(!installed)('what the shellcheck of this machine says stands where it belongs', async () => {
  await symlink(installed!, join(folder, 'bin', 'shellcheck'));
  expect(await placesFound()).toEqual(expected);
});
