import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';

const source = join(import.meta.dirname, '../../src/cli/compiled-code.ts');
let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'drillbook-code-'));
  await writeFile(join(home, 'code.mjs'), 'export const code = () => 1;\n');
});
afterEach(() => rm(home, { recursive: true, force: true }));

/** Keeps code in a process of its own; what is in the folder afterwards. */
async function keep(): Promise<readonly string[]> {
  const text = `import { keepCompiledCode } from ${JSON.stringify(pathToFileURL(source).href)};
    keepCompiledCode({ DRILLBOOK_HOME: ${JSON.stringify(home)} });
    await import(${JSON.stringify(pathToFileURL(join(home, 'code.mjs')).href)});
    console.log('went on');`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', text], {
    env: { PATH: process.env.PATH ?? '' },
  });
  expect(stdout).toBe('went on\n');
  return readdir(join(home, 'cache', 'code')).catch(() => []);
}

test('what was compiled is kept for the next start, for this user alone', async () => {
  expect(await keep()).not.toEqual([]);
  expect((await stat(join(home, 'cache', 'code'))).mode & 0o777).toBe(0o700);
});

test('nothing is taken from a folder that others may write to', async () => {
  await mkdir(join(home, 'cache', 'code'), { recursive: true });
  await chmod(join(home, 'cache', 'code'), 0o777);
  expect(await keep()).toEqual([]);
});

test('where the folder cannot be made everything goes on', async () => {
  await writeFile(join(home, 'cache'), 'in the way');
  expect(await keep()).toEqual([]);
});
