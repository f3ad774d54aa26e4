import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { embeddedPackage, embeddedServer, embeddedVersion } from '../../src/sandbox/embedded.ts';
import { installationAdvice } from '../../src/sandbox/installation.ts';
import {
  choosePair,
  clientPrograms,
  holder,
  holders,
  readVersion,
  serverPrograms,
} from '../../src/sandbox/programs.ts';
import { findToolchain } from '../../src/sandbox/toolchain.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'programs-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** A folder with programs that only know their version. */
async function folderOf(name: string, version: string, programs: readonly string[]): Promise<string> {
  const folder = join(root, name);
  await mkdir(folder, { recursive: true });
  for (const program of programs) {
    await writeFile(join(folder, program), `#!/bin/sh\necho "${program} (PostgreSQL) ${version}"\n`);
    await chmod(join(folder, program), 0o755);
  }
  return folder;
}

const at = (folder: string, major: number) => ({ folder, major, version: `${major}.1` });

describe('choosing a server and its client tools', () => {
  test('the newest server whose tools stand beside it', () => {
    const both = [at('/a', 15), at('/b', 17)];
    expect(choosePair(both, both)).toEqual({ server: at('/b', 17), clients: at('/b', 17) });
  });
  test('never a server newer than pg_dump', () => {
    expect(choosePair([at('/s', 18)], [at('/c', 17)])).toBeUndefined();
    expect(choosePair([at('/s', 18), at('/t', 16)], [at('/c', 16)])?.server.major).toBe(16);
  });
  test('tools of 17 with a server before 17 only where nothing else is there', () => {
    expect(choosePair([at('/s', 16)], [at('/c', 17), at('/d', 16)])?.clients.major).toBe(16);
    expect(choosePair([at('/s', 16)], [at('/c', 17)])?.clients.major).toBe(17);
    expect(choosePair([at('/s', 16), at('/t', 17)], [at('/c', 17)])?.server.major).toBe(17);
  });
  test('the version that the cluster was made with', () => {
    const both = [at('/a', 15), at('/b', 17)];
    expect(choosePair(both, both, 15)?.server.folder).toBe('/a');
  });
  test('no server before 14', () => {
    expect(choosePair([at('/s', 13)], [at('/c', 17)])).toBeUndefined();
  });
});

test('versions as the programs say them', () => {
  expect(readVersion('pg_dump (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)')).toEqual({
    major: 15,
    version: '15.18',
  });
  expect(readVersion('postgres (PostgreSQL) 18beta1')).toEqual({ major: 18, version: '18beta1' });
  expect(readVersion('psql: not found')).toBeUndefined();
});

describe('looking into folders', () => {
  test('a folder counts only with all of the programs', async () => {
    const whole = await folderOf('whole', '16.2', clientPrograms);
    const part = await folderOf('part', '16.2', clientPrograms.slice(1));
    expect(await holders([part, whole, join(root, 'absent')], clientPrograms)).toEqual([
      { folder: whole, major: 16, version: '16.2' },
    ]);
  });
  test('links lead to where the programs stand together', async () => {
    const real = await folderOf('real', '15.3', serverPrograms);
    const links = join(root, 'links');
    await mkdir(links);
    for (const p of serverPrograms) await symlink(join(real, p), join(links, p));
    expect(await holders([links, real], serverPrograms)).toEqual([
      { folder: real, major: 15, version: '15.3' },
    ]);
  });
  test("Debian's wrapper is not a tool", async () => {
    const debian = join(root, 'debian');
    await mkdir(debian);
    await writeFile(join(debian, 'pg_wrapper'), '#!/bin/sh\necho "psql (PostgreSQL) 15.1"\n');
    await chmod(join(debian, 'pg_wrapper'), 0o755);
    for (const p of clientPrograms) await symlink('pg_wrapper', join(debian, p));
    expect(await holder(debian, clientPrograms)).toBeUndefined();
  });
});

describe('what to install', () => {
  const missing = { kind: 'nothing-found' } as const;
  test.each([
    ['linux', 'ID=debian\n', 'apt-get install'],
    ['linux', 'NAME="Linux Mint"\nID=linuxmint\nID_LIKE="ubuntu debian"\n', 'apt-get install'],
    ['linux', 'ID=fedora\n', 'dnf install'],
    ['linux', 'ID="rocky"\nID_LIKE="rhel centos fedora"\n', 'dnf install'],
    ['linux', 'ID=alpine\n', 'apk add'],
    ['linux', 'ID=arch\n', 'pacman -S'],
    ['darwin', '', 'brew install'],
    ['linux', 'ID=other\n', 'packages of your system'],
  ] as const)('%s, %j', (platform, release, words) => {
    const sentence = installationAdvice(missing, platform, release);
    expect(sentence).toContain(words);
    expect(sentence).toContain('Browsing, preview and lint work without it.');
  });

  test('nothing there', async () => {
    const found = await findToolchain({ env: {}, copies: root, folders: [], embedded: null });
    expect(found).toMatchObject({ kind: 'missing', sentence: expect.stringContaining('none were found') });
  });
  test('a server alone', async () => {
    const folders = [await folderOf('server', '16.1', serverPrograms)];
    const found = await findToolchain({ env: {}, copies: root, folders, embedded: null });
    expect(found).toMatchObject({
      kind: 'missing',
      sentence: expect.stringContaining('server 16.1 was found'),
    });
  });
  test('tools older than the only server', async () => {
    const folders = [
      await folderOf('newer', '17.1', serverPrograms),
      await folderOf('older', '15.1', clientPrograms),
    ];
    const found = await findToolchain({ env: {}, copies: root, folders, embedded: null });
    expect(found).toMatchObject({
      kind: 'missing',
      sentence: expect.stringContaining('refuses a server newer'),
    });
  });
});

describe.skipIf(embeddedPackage() === undefined)('the server of the optional package', () => {
  const packaged = embeddedPackage() ?? '';

  test('serves where the tools are new enough', async () => {
    const major = (await embeddedVersion(packaged))?.major ?? 0;
    const folders = [await folderOf('new-tools', `${major}.9`, clientPrograms)];
    const found = await findToolchain({ env: {}, copies: root, folders, embedded: packaged });
    expect(found).toMatchObject({ kind: 'found', programs: { server: { major }, clients: { major } } });
  });
  test('is not paired with older tools', async () => {
    const folders = [await folderOf('old-tools', '15.9', clientPrograms)];
    const found = await findToolchain({ env: {}, copies: root, folders, embedded: packaged });
    expect(found.kind).toBe('missing');
  });
  test('is copied, with its links and execute bits, where its own folder cannot be entered', async () => {
    const nobody = { name: 'nobody-at-all', uid: 4_000_000, gid: 4_000_000 };
    const closed = join(root, 'closed');
    await mkdir(closed, { mode: 0o700 });
    await symlink(packaged, join(closed, 'package'));
    const bin = await embeddedServer(join(closed, 'package'), join(root, 'copies'), nobody);
    expect(bin.startsWith(join(root, 'copies'))).toBe(true);
    expect(await holder(bin, serverPrograms)).toMatchObject({ folder: bin });
    expect(await embeddedServer(join(closed, 'package'), join(root, 'copies'), nobody)).toBe(bin);
  });
});
