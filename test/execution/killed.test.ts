import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fateOf } from '../../src/execution/command-fate.ts';
import type { Spawned } from '../../src/execution/execution.ts';
import { leftBehindUnseen } from '../../src/execution/left-behind.ts';
import { isAlive } from '../../src/execution/process-fate.ts';
import { Shell } from './support/shell.ts';
import { until } from './support/until.ts';

const program = new URL('./support/killed-program.ts', import.meta.url).pathname;
let shell: Shell;
beforeEach(async () => {
  shell = await Shell.open();
});
afterEach(() => shell.close());

/** Starts a command in a process of its own and kills that process while the command runs. */
async function killWhile(text: string, held = false): Promise<Spawned> {
  const child = spawn(process.execPath, [program, shell.folder, text, ...(held ? ['held'] : [])], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(child.stdout, 'data');
  if (!held) await until(async () => (await readdir(shell.folder)).includes('ready'));
  child.kill('SIGKILL');
  await once(child, 'exit');
  return JSON.parse(line.toString());
}

test('a command outlives a killed Drillbook, is known by its birth, and its variables are taken over', async () => {
  const { pid, birth } = await killWhile('touch ready; while [ ! -e go ]; do sleep 0.02; done; a=kept; cd /');
  expect(await isAlive(pid, birth)).toBe(true);
  await writeFile(join(shell.folder, 'go'), '');
  await until(async () => !(await isAlive(pid, birth)));
  expect((await shell.run('echo $a $PWD')).out).toBe('kept /\n');
  expect(await readdir(shell.stateFolder)).toEqual(['shell.json']);
});

test('a command whose start nobody wrote down never begins: its shell ends, and nothing was done', async () => {
  const { pid, birth } = await killWhile('touch ready', true);
  // It may wait for a moment yet, and that is waited for.
  expect(await fateOf(shell.stateFolder, pid, birth)).toEqual({ kind: 'never-began' });
  expect(await isAlive(pid, birth)).toBe(false);
  expect(await readdir(shell.folder)).not.toContain('ready');
  // After a loss of power the same folder proves nothing.
  expect(await fateOf(shell.stateFolder, pid, '1@another-boot')).toEqual({ kind: 'unknown' });
});

test('the scratch folder of a command that still runs is left alone', async () => {
  const { pid } = await killWhile('touch ready; sleep 300');
  expect((await shell.run('echo hi')).out).toBe('hi\n');
  expect((await readdir(shell.stateFolder)).filter((name) => name.startsWith('command-'))).toHaveLength(1);
  process.kill(-pid, 'SIGKILL');
  await until(async () => !(await isAlive(pid, undefined)));
  await shell.run('true');
  expect(await readdir(shell.stateFolder)).toEqual(['shell.json']);
});

test('what a command left running while nobody watched is found by its shell, not by a number alone', async () => {
  const { pid, birth } = await killWhile('sleep 300 & touch ready; while [ ! -e go ]; do sleep 0.02; done');
  await writeFile(join(shell.folder, 'go'), '');
  await until(async () => !(await isAlive(pid, birth)));
  const found = await leftBehindUnseen(pid, birth, (text) => text.replace('300', 'n'));
  expect(found).toEqual([{ pid: expect.any(Number), birth: expect.any(String), command: 'sleep n' }]);
  expect(await leftBehindUnseen(pid, '1@another-boot', String)).toEqual([]);
  expect(await leftBehindUnseen(process.pid, birth, String)).toEqual([]);
  process.kill(found[0]!.pid, 'SIGKILL');
});

test.each([
  ['a code', '(exit 7)', { kind: 'ended', code: 7 }],
  ['an exit', 'exit 9; true', { kind: 'ended', code: 9 }],
  ['a good end', 'true', { kind: 'ended', code: 0 }],
  ['a signal', 'kill -KILL $$', { kind: 'unknown' }],
  ['a trap that may change the code', "trap 'exit 5' EXIT; true", { kind: 'unknown' }],
])('the end of a command that outlived Drillbook is known: %s', async (_, end, fate) => {
  const { pid, birth } = await killWhile(`touch ready; while [ ! -e go ]; do sleep 0.02; done; ${end}`);
  expect(await fateOf(shell.stateFolder, pid, birth)).toEqual({ kind: 'running' });
  await writeFile(join(shell.folder, 'go'), '');
  await until(async () => !(await isAlive(pid, birth)));
  expect(await fateOf(shell.stateFolder, pid, birth)).toEqual(fate);
  // Another process of that number is not the one that was asked for.
  expect(await fateOf(shell.stateFolder, process.pid, 'another birth')).toEqual({ kind: 'unknown' });
});
