import { execFile } from 'node:child_process';
import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { removeSandbox } from '../../src/sandbox/sandbox.ts';
import { entry, removeAll, temporaryFolder } from './support.ts';

let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(async () => {
  await removeSandbox(join(folder, 'state', 'sandbox'));
  await removeAll(folder);
});

/** `drillbook sandbox …` with a state folder of its own. */
async function drillbook(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = { ...process.env, DRILLBOOK_HOME: folder };
  try {
    return { code: 0, ...(await promisify(execFile)(process.execPath, [entry, ...args], { env })) };
  } catch (error) {
    return error as { code: number; stdout: string; stderr: string };
  }
}

test('nothing there yet', async () => {
  expect(await drillbook('stop')).toMatchObject({ code: 0, stderr: 'The sandbox does not run.\n' });
  const { code, stdout } = await drillbook('status', '--json');
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ state: 'absent', owners: [] });
});

test.each([[[]], [['dance']], [['status', '--loud']]])('a usage fault: %j', async (args: string[]) => {
  const { code, stderr } = await drillbook(...args);
  expect(code).toBe(2);
  expect(stderr).not.toContain('    at ');
});

test('start, look, ask, break, reset, stop', async () => {
  const started = await drillbook('start');
  expect(started).toMatchObject({ code: 0, stdout: '' });
  expect(started.stderr).toContain("stays until  'drillbook sandbox stop'");

  const status = JSON.parse((await drillbook('status', '--json')).stdout);
  expect(status).toMatchObject({ state: 'running', standing: true, application: { maintenance: false } });
  expect((await drillbook('status')).stdout).toContain(status.url);

  expect(await drillbook('psql', '-XAtc', 'SELECT current_database()')).toMatchObject({
    code: 0,
    stdout: 'members\n',
  });
  expect(await drillbook('psql', '-X', '-v', 'ON_ERROR_STOP=1', '-c', 'DROP TABLE bookings')).toMatchObject({
    code: 0,
  });
  expect((await drillbook('psql', '-Xc', 'SELECT count(*) FROM bookings')).code).toBe(1);

  expect(await drillbook('reset')).toMatchObject({ code: 0 });
  expect((await drillbook('psql', '-XAtc', 'SELECT count(*) FROM bookings')).stdout).toBe('20000\n');
  expect(JSON.parse((await drillbook('status', '--json')).stdout).state).toBe('running');

  expect(await drillbook('stop')).toMatchObject({ code: 0, stderr: 'The sandbox is stopped.\n' });
  expect(JSON.parse((await drillbook('status', '--json')).stdout).state).toBe('stopped');
});

test.skipIf(process.getuid?.() === 0)('a folder that cannot be written', async () => {
  const closed = join(folder, 'closed');
  await mkdir(closed);
  await chmod(closed, 0o500);
  const { code, stderr } = await promisify(execFile)(process.execPath, [entry, 'start'], {
    env: { ...process.env, DRILLBOOK_HOME: closed },
  }).then(
    () => ({ code: 0, stderr: '' }),
    (error) => error,
  );
  expect(code).toBe(1);
  expect(stderr).toContain('Set DRILLBOOK_HOME');
});
