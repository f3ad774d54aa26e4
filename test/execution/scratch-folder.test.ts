import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  statfs,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fateOf } from '../../src/execution/command-fate.ts';
import { isAlive } from '../../src/execution/process-fate.ts';
import { Redaction } from '../../src/execution/redaction.ts';
import {
  makeScratch,
  removeScratch,
  removeState,
  scratchFolders,
} from '../../src/execution/scratch-folder.ts';
import { volatileName, volatilePlace } from '../../src/execution/volatile-place.ts';
import { Shell } from './support/shell.ts';
import { until } from './support/until.ts';

const hasMemory = await statfs('/dev/shm').then(
  ({ type }) => type === 0x01021994,
  () => false,
);
const program = new URL('./support/killed-program.ts', import.meta.url).pathname;

let shell: Shell;
let memory: string;
beforeEach(async () => {
  shell = await Shell.open();
  memory = await mkdtemp(join(hasMemory ? '/dev/shm' : tmpdir(), 'drillbook-test-'));
});
afterEach(async () => {
  await shell.close();
  await rm(memory, { recursive: true, force: true });
});

test.runIf(hasMemory)(
  'a place in memory is taken where there is one, and is for its owner alone',
  async () => {
    const place = await volatilePlace({ XDG_RUNTIME_DIR: memory });
    expect(place).toBe(join(memory, volatileName()));
    expect((await stat(place!)).mode & 0o777).toBe(0o700);
    expect(await volatilePlace({ XDG_RUNTIME_DIR: memory })).toBe(place);
    expect(await volatilePlace({}, memory)).toBe(place);
  },
);

test.runIf(hasMemory)('a folder that others may look into, or a link, is not taken for ours', async () => {
  const folder = join(memory, volatileName());
  await mkdir(folder);
  await chmod(folder, 0o755);
  expect(await volatilePlace({}, memory)).toBeUndefined();
  await rm(folder, { recursive: true });
  await symlink(shell.folder, folder);
  expect(await volatilePlace({}, memory)).toBeUndefined();
});

test('without a place in memory the run’s own folder is used', async () => {
  expect(await volatilePlace({ XDG_RUNTIME_DIR: 'relative' }, join(memory, 'missing'))).toBeUndefined();
  const folder = await makeScratch(shell.stateFolder, Promise.resolve(undefined));
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
  expect(await scratchFolders(shell.stateFolder)).toEqual([folder]);
  await removeScratch(folder);
  expect(await readdir(shell.stateFolder)).toEqual([]);
});

test('what lies in memory is found by its link, and goes with it', async () => {
  const place = join(memory, volatileName());
  await mkdir(place, { mode: 0o700 });
  const first = await makeScratch(shell.stateFolder, Promise.resolve(place));
  const second = await makeScratch(shell.stateFolder, Promise.resolve(place));
  expect(dirname(await readlink(first))).toBe(place);
  expect((await scratchFolders(shell.stateFolder)).toSorted()).toEqual([first, second].toSorted());
  await writeFile(join(first, 'after'), 'x');
  await removeScratch(first);
  expect(await readdir(place)).toEqual([basename(await readlink(second))]);
  await removeState(shell.stateFolder);
  expect(await readdir(place)).toEqual([]);
});

test('a link that Drillbook did not make is removed, and not what it leads to', async () => {
  await mkdir(shell.stateFolder, { recursive: true });
  await symlink(memory, join(shell.stateFolder, 'command-elsewhere'));
  await writeFile(join(memory, 'kept'), 'x');
  await removeState(shell.stateFolder);
  expect(await readdir(memory)).toEqual(['kept']);
});

test.runIf(hasMemory)('no value of a command reaches the disk, not even while it runs', async () => {
  const files = async () => {
    const names = await readdir(shell.folder, { recursive: true, withFileTypes: true });
    const plain = names.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name));
    return (await Promise.all(plain.map((path) => readFile(path, 'latin1')))).join('\n');
  };
  const secret = 'correct-horse-battery';
  const running = shell.run('touch ready; until [ -e go ]; do sleep 0.02; done; COPY=$PGPASSWORD', {
    environment: { PGPASSWORD: secret },
    redaction: new Redaction([secret]),
  });
  await until(async () => (await readdir(shell.folder)).includes('ready'));
  const [scratch] = await scratchFolders(shell.stateFolder);
  expect(await readFile(join(scratch!, 'before'), 'latin1')).toContain(secret);
  expect(await files()).not.toContain(secret);
  await writeFile(join(shell.folder, 'go'), '');
  expect((await running).changed).toEqual(['COPY']);
  expect(await files()).not.toContain(secret);
  expect(await readdir(shell.stateFolder)).toEqual(['shell.json']);
});

test.runIf(hasMemory)(
  'where memory was emptied nothing is claimed about the command, and the run goes on',
  async () => {
    const child = spawn(
      process.execPath,
      [program, shell.folder, 'touch ready; until [ -e go ]; do sleep 0.02; done'],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const [line] = await once(child.stdout, 'data');
    const { pid, birth } = JSON.parse(line.toString());
    await until(async () => (await readdir(shell.folder)).includes('ready'));
    child.kill('SIGKILL');
    await once(child, 'exit');
    const [scratch] = await scratchFolders(shell.stateFolder);
    await rm(await readlink(scratch!), { recursive: true });
    expect(await fateOf(shell.stateFolder, pid, birth)).toEqual({ kind: 'running' });
    await writeFile(join(shell.folder, 'go'), '');
    await until(async () => !(await isAlive(pid, birth)));
    expect(await fateOf(shell.stateFolder, pid, birth)).toEqual({ kind: 'unknown' });
    expect((await shell.run('echo on')).out).toBe('on\n');
    expect(await readdir(shell.stateFolder)).toEqual(['shell.json']);
  },
);

test.runIf(hasMemory)(
  'a command whose memory is taken away keeps its exit code, and the loss is told',
  async () => {
    const running = shell.run('touch ready; until [ -e go ]; do sleep 0.02; done; x=1; (exit 3)');
    await until(async () => (await readdir(shell.folder)).includes('ready'));
    const [scratch] = await scratchFolders(shell.stateFolder);
    await rm(await readlink(scratch!), { recursive: true });
    await writeFile(join(shell.folder, 'go'), '');
    const { exit, faults } = await running;
    expect(exit).toEqual({ kind: 'code', code: 3 });
    expect(faults.join(' ')).toContain('folder in memory');
  },
);
