import { type ChildProcess, spawn } from 'node:child_process';
import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { readMarker } from '../../src/sandbox/cluster.ts';
import { birthOf } from '../../src/sandbox/life.ts';
import { findPlace, knownPlace } from '../../src/sandbox/place.ts';
import { openSandbox, stopSandbox } from '../../src/sandbox/sandbox.ts';
import { sandboxStatus } from '../../src/sandbox/status.ts';
import { entry, kill, removeAll, spawnOwner, startOwner, temporaryFolder, until } from './support.ts';

let folder: string;
let home: string;
const children: ChildProcess[] = [];

beforeAll(async () => {
  folder = await temporaryFolder();
  home = join(folder, 'home');
});
afterEach(async () => {
  for (const child of children.splice(0))
    if (child.exitCode === null && child.signalCode === null) await kill(child);
});
afterAll(() => removeAll(folder));

const state = async () => (await sandboxStatus(home)).state;
const owner = async () => {
  const started = await startOwner(home);
  children.push(started.child);
  return started;
};

test('killed in the middle of the making: found, and made anew', async () => {
  const half = spawnOwner(home);
  children.push(half.child);
  await until('the seeding has begun', async () => {
    const place = await knownPlace(home);
    return place && (await readMarker(place))?.stage === 'seeding';
  });
  await kill(half.child);
  const next = await owner();
  expect(await state()).toBe('running');
  expect(next.progress.join('\n')).toContain('half made');
});

test('a killed owner takes it along', async () => {
  const { child } = await owner();
  const { server, application, supervisor } = await sandboxStatus(home);
  await kill(child);
  await until('it has stopped', async () => (await state()) === 'stopped');
  for (const part of [server, application, supervisor])
    await until('all parts are gone', async () => (await birthOf(part?.pid ?? 0)) === undefined);
});

test('killed together with its supervisor, it is found and reused', async () => {
  const { child } = await owner();
  const before = await sandboxStatus(home);
  process.kill(before.supervisor?.pid ?? 0, 'SIGKILL');
  await kill(child);
  expect((await sandboxStatus(home)).server?.pid).toBe(before.server?.pid);
  await owner();
  const after = await sandboxStatus(home);
  expect(after.server).toEqual(before.server);
  expect(after.application).toEqual(before.application);
  expect(after.supervisor?.pid).not.toBe(before.supervisor?.pid);
});

test('two share it: the first to go does not stop it, the last does', async () => {
  const [first, second] = await Promise.all([owner(), owner()]);
  expect(first.variables).toEqual(second.variables);
  expect((await sandboxStatus(home)).owners.length).toBe(2);
  const gone = new Promise((resolve) => first.child.once('exit', resolve));
  first.child.stdin?.write('close\n');
  await gone;
  expect(await state()).toBe('running');
  await kill(second.child);
  await until('it has stopped', async () => (await state()) === 'stopped');
});

test('made to stay, it outlives its owners', async () => {
  const { child } = await owner();
  const standing = await openSandbox({ home, owner: 'none', entry });
  const { supervisor } = await standing.status();
  await kill(child);
  await until('the supervisor has gone', async () => (await birthOf(supervisor?.pid ?? 0)) === undefined);
  expect(await standing.status()).toMatchObject({ state: 'running', standing: true, owners: [] });
  await standing.close();
  expect(await state()).toBe('running');
  expect(await stopSandbox(home)).toBe(true);
  expect(await state()).toBe('stopped');
});

test("somebody else's process in postmaster.pid is not touched", async () => {
  const place = await findPlace(home);
  // A long sleep under the name of a server, as a process number that was given out anew would be.
  const stranger = spawn('sleep', ['600'], { argv0: 'postgres', stdio: 'ignore' });
  children.push(stranger);
  await writeFile(
    join(place.data, 'postmaster.pid'),
    `${stranger.pid}\n${place.data}\n1\n5432\n${place.socket}\n`,
  );
  expect((await sandboxStatus(home)).server).toBeUndefined();
  expect(await stopSandbox(home)).toBe(false);
  expect(await birthOf(stranger.pid ?? 0)).toBeDefined();
  await owner();
  expect(await state()).toBe('running');
  expect(await birthOf(stranger.pid ?? 0)).toBeDefined();
});

test('data without our marker are not touched', async () => {
  const other = join(folder, 'other');
  const place = await findPlace(other);
  await mkdir(place.data);
  await writeFile(join(place.data, 'PG_VERSION'), '15\n');
  await expect(openSandbox({ home: other, owner: 'process', entry })).rejects.toThrow(
    'not made by the sandbox',
  );
  expect(await readFile(join(place.data, 'PG_VERSION'), 'utf8')).toBe('15\n');
});

test('no programs: a sentence that says what to install, and nothing made', async () => {
  const other = join(folder, 'nothing');
  const programs = { kind: 'missing', sentence: 'Install it.' } as const;
  await expect(
    openSandbox({ home: other, owner: 'process', entry, toolchain: async () => programs }),
  ).rejects.toThrow('Install it.');
  await expect(access(join(other, 'cluster', 'data'))).rejects.toThrow();
});
