import { chmod, chown, mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { mayEnter } from '../../src/sandbox/account.ts';
import { birthOf } from '../../src/sandbox/life.ts';
import { findPlace, removeSocketFolder } from '../../src/sandbox/place.ts';
import { openSandbox, removeSandbox } from '../../src/sandbox/sandbox.ts';
import { sandboxStatus } from '../../src/sandbox/status.ts';
import { entry, kill, removeAll, startOwner, temporaryFolder, until } from './support.ts';

let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => removeAll(folder));

test('an account may enter where every folder on the way lets it', async () => {
  const stranger = { name: 'stranger', uid: 4_000_000, gid: 4_000_000 };
  await mkdir(join(folder, 'a', 'b'), { recursive: true });
  expect(await mayEnter(stranger, join(folder, 'a', 'b'))).toBe(true);
  await chmod(join(folder, 'a'), 0o700);
  expect(await mayEnter(stranger, join(folder, 'a', 'b'))).toBe(false);
  expect(await mayEnter(stranger, join(folder, 'absent'))).toBe(false);
});

test('the path of the socket stays short, however long the home', async () => {
  const place = await findPlace(join(folder, ...Array.from({ length: 12 }, () => 'a-long-name-of-a-folder')));
  expect(Buffer.byteLength(join(place.socket, '.s.PGSQL.5432'))).toBeLessThanOrEqual(103);
  await removeSocketFolder(place);
});

describe.skipIf(process.getuid?.() !== 0)('as root', () => {
  test('an ordinary user has a sandbox of their own', async () => {
    const home = join(folder, 'home');
    await mkdir(home);
    await chown(home, 65534, 65534);
    const { child, variables } = await startOwner(home, { uid: 65534, gid: 65534 });
    const status = await sandboxStatus(home);
    expect((await stat(`/proc/${status.server?.pid}`)).uid).toBe(65534);
    expect((await stat(variables.PGHOST ?? '')).uid).toBe(65534);
    expect((await stat(home)).mode & 0o777).toBe(0o700);
    await kill(child);
    await until('it has stopped', async () => (await sandboxStatus(home)).state === 'stopped');
  });

  test('below a closed folder the cluster stands elsewhere, and is cleared away with its home', async () => {
    const closed = join(folder, 'closed');
    await mkdir(closed, { mode: 0o700 });
    const home = join(closed, 'home');
    const sandbox = await openSandbox({ home, owner: 'process', entry });
    const status = await sandbox.status();
    expect(status.state).toBe('running');
    expect(status.cluster?.startsWith(folder)).toBe(false);
    expect((await stat(`/proc/${status.server?.pid}`)).uid).not.toBe(0);
    await removeSandbox(home);
    await expect(stat(status.cluster ?? '')).rejects.toThrow();
    await expect(stat(home)).rejects.toThrow();
  });

  test('a cluster elsewhere whose home was deleted is cleared away by the next opening', async () => {
    const closed = join(folder, 'closed');
    await mkdir(closed, { mode: 0o700 });
    const lost = await openSandbox({ home: join(closed, 'lost'), owner: 'process', entry });
    const status = await lost.status();
    await rm(join(closed, 'lost'), { recursive: true });
    const next = await openSandbox({ home: join(folder, 'home'), owner: 'process', entry });
    expect((await next.status()).state).toBe('running');
    await expect(stat(status.cluster ?? '')).rejects.toThrow();
    await expect(stat(status.socket ?? '')).rejects.toThrow();
    expect(await birthOf(status.server?.pid ?? 0)).toBeUndefined();
    await until(
      'its application has noticed',
      async () => (await birthOf(status.application?.pid ?? 0)) === undefined,
    );
    await next.stop();
  });
});
