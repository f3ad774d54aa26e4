import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findBackup, readCatalog } from '../../src/backup/catalog.ts';
import { createBackup } from '../../src/backup/create.ts';
import { findTool, type ToolName } from '../../src/backup/engines/postgres/tool.ts';
import { restoreBackup } from '../../src/backup/restore.ts';
import { directoryStore } from '../../src/backup/stores/directory.ts';
import { verifyBackup } from '../../src/backup/verify.ts';
import { embeddedPackage, embeddedServer, embeddedVersion } from '../../src/sandbox/embedded.ts';
import { type Cluster, startCluster } from '../support/postgres.ts';

let cluster: Cluster;
let folder: string;
let url: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'faults-'));
  await chmod(folder, 0o755);
  const rules = join(folder, 'hba');
  await writeFile(rules, 'local all locked scram-sha-256\nlocal all shut reject\nlocal all all trust\n', {
    mode: 0o644,
  });
  cluster = await startCluster({ hba_file: rules });
  url = await cluster.create(
    'shop',
    "create table sale (id int primary key, note text); insert into sale select i, repeat(md5(i::text), 20) from generate_series(1, 20000) i; create role locked login password 'the right one'; create role shut login; create role poor login; create role poorer login",
  );
});

afterAll(async () => {
  await cluster?.stop();
  await rm(folder, { recursive: true, force: true });
});

const request = (from: string, store: string) =>
  ({ url: from, target: 'shop', kind: 'on-demand', store: directoryStore(store) }) as const;

/** The URL of a role of the cluster. */
const as = (user: string, password = '') =>
  url.replace(/\/\/[^@]*@/, `//${user}${password === '' ? '' : `:${encodeURIComponent(password)}`}@`);

describe('nothing is made, and the reason is named', () => {
  test.each<[string, () => string, string, RegExp]>([
    [
      'a wrong password',
      () => as('locked', 'the wrong one'),
      'denied',
      /refused locked .* Check the user and the password/,
    ],
    ['no password', () => as('locked'), 'denied', /wants a password for locked and none was given/],
    ['a role that pg_hba.conf rejects', () => as('shut'), 'denied', /refused shut/],
    [
      'a role that may not read all',
      () => as('poor'),
      'denied',
      /poor may not read all of .* pg_read_all_data/,
    ],
    [
      'an unknown host',
      () => 'postgres://u:s3cr3t@no-such-host.invalid/shop',
      'unreachable',
      /host no-such-host\.invalid is unknown/,
    ],
    [
      'a port where nobody listens',
      () => 'postgres://u:s3cr3t@127.0.0.1:1/shop',
      'unreachable',
      /Nothing listens at 127\.0\.0\.1:1/,
    ],
    [
      'a socket that is not there',
      () => 'postgres://u@/shop?host=/nonexistent',
      'unreachable',
      /Nothing listens at \/nonexistent/,
    ],
    ['a database that is not there', () => cluster.url('nothing'), 'missing-database', /no database nothing/],
    ['an empty URL', () => '', 'url', /is empty/],
  ])('%s', async (_, from, kind, words) => {
    const store = join(folder, 'nothing');
    const failure = await createBackup(request(from(), store)).catch((error) => error);
    expect(failure).toMatchObject({ kind, message: expect.stringMatching(words) });
    expect(failure.message).not.toMatch(/s3cr3t|the wrong one/);
    expect(await readdir(store).catch(() => [])).toEqual([]);
  });

  test.each([
    ['refuses TLS', 'N', 'require', /No encrypted connection|does not support SSL/],
    ['cuts the connection', '', 'disable', /No connection|terminated|ended/],
  ])('a server that %s', async (_, answer, mode, words) => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => socket.end(answer));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    try {
      await expect(
        createBackup(
          request(`postgres://u:s3cr3t@127.0.0.1:${port}/shop?sslmode=${mode}`, join(folder, 'nothing')),
        ),
      ).rejects.toThrow(words);
    } finally {
      server.close();
    }
  });

  test('the connection is cut in the middle', async () => {
    const store = join(folder, 'cut');
    let cut: Promise<unknown> | undefined;
    const making = createBackup({
      ...request(url, store),
      onProgress: ({ phase, table }) => {
        if (phase === 'dump' && table !== undefined)
          cut ??= cluster.sql(
            'postgres',
            "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'drillbook'",
          );
      },
    });
    await expect(making).rejects.toMatchObject({ name: 'BackupError' });
    await cut;
    expect(await readdir(store)).toEqual([]);
  });
});

describe('client tools', () => {
  test('one that is not installed is named, with what to install', async () => {
    await expect(findTool('pg_nothing' as ToolName, 16)).rejects.toMatchObject({
      kind: 'tool',
      message: expect.stringMatching(/pg_nothing is not installed.*apt install postgresql-client-16/),
    });
  });

  test('one that is older than the server is refused before anything is made', async ({ skip }) => {
    const kept = embeddedPackage();
    const version = kept === undefined ? undefined : await embeddedVersion(kept);
    skip(kept === undefined || version === undefined, 'there is no embedded server on this machine');
    const fitting = await findTool('pg_dump', version!.major).catch(() => undefined);
    skip(fitting !== undefined, `pg_dump ${fitting?.version} is not older than the embedded server`);
    const copies = join(folder, 'copies');
    await mkdir(copies, { mode: 0o755 });
    const bin = await embeddedServer(kept!, copies, { uid: 1, gid: 1, name: 'nobody', home: '/' } as never);
    const newer = await startCluster({}, bin);
    try {
      const made = createBackup(request(await newer.create('shop'), join(folder, 'newer')));
      await expect(made).rejects.toMatchObject({
        kind: 'version',
        message: expect.stringMatching(
          new RegExp(
            `pg_dump is version .* but the server is version ${version!.major}; .*Install postgresql-client-${version!.major}`,
          ),
        ),
      });
      expect(await readdir(join(folder, 'newer')).catch(() => [])).toEqual([]);
    } finally {
      await newer.stop();
    }
  });
});

describe('a store that can not take it', () => {
  /** A file system of its own, where this machine lets us; its folder, or nothing. */
  async function mounted(options: string): Promise<string | undefined> {
    const place = await mkdtemp(join(folder, 'mount-'));
    return promisify(execFile)('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', place]).then(
      () => place,
      () => undefined,
    );
  }

  test('a full disk: named, and nothing is left on it', async ({ skip }) => {
    const place = await mounted('size=256k');
    skip(place === undefined, 'no file system can be mounted here');
    try {
      const store = join(place!, 'store');
      await expect(createBackup(request(url, store))).rejects.toThrow(
        /No space left to write .* nothing of this file was kept/,
      );
      expect(await readdir(store)).toEqual([]);
    } finally {
      await promisify(execFile)('umount', [place!]);
    }
  });

  test('a file system that takes no folders: named, and nobody waits for ever', async ({ skip }) => {
    skip(process.platform !== 'linux', 'only Linux has /proc');
    await expect(createBackup(request(url, '/proc/drillbook/store'))).rejects.toMatchObject({
      kind: 'store',
      message: expect.stringContaining('/proc takes no folder /proc/drillbook'),
    });
  });

  test('a read-only one: named; what stands in it is still restored', async ({ skip }) => {
    const place = await mounted('size=64m');
    skip(place === undefined, 'no file system can be mounted here');
    try {
      await createBackup(request(url, place!));
      await promisify(execFile)('mount', ['-o', 'remount,ro', place!]);
      await expect(createBackup(request(url, place!))).rejects.toThrow(/Not allowed to write .*EROFS/);
      const store = directoryStore(place!);
      const backup = findBackup(await readCatalog(store), 'latest');
      const into = { kind: 'into', database: 'from_read_only' } as const;
      expect((await restoreBackup({ url, store, backup, place: into })).comparison?.equal).toBe(true);
      await expect(verifyBackup({ store, backup, level: 'bytes' })).rejects.toThrow(/EROFS/);
    } finally {
      await promisify(execFile)('umount', [place!]);
    }
  });
});

describe('what stands in a store', () => {
  test('a manifest whose extension the server has not', async () => {
    const store = directoryStore(join(folder, 'extension'));
    await createBackup(request(url, store.location));
    const backup = findBackup(await readCatalog(store), 'latest');
    const manifest = backup.manifest!;
    const wanting = {
      ...backup,
      manifest: {
        ...manifest,
        contents: {
          ...manifest.contents,
          extensions: [{ name: 'pg_nothing', version: '1', schema: 'public' }],
        },
      },
    };
    await expect(restoreBackup({ url, store, backup: wanting, place: { kind: 'swap' } })).rejects.toThrow(
      /The server has no pg_nothing, .* Install the extension's package/,
    );
    expect(
      await cluster.sql('postgres', "select datname from pg_database where datname like 'shop_%'"),
    ).toEqual([]);
  });

  test('a manifest that went missing: the dump is told as one that nobody can answer for', async () => {
    const store = directoryStore(join(folder, 'missing'));
    const { name } = await createBackup(request(url, store.location));
    await store.remove(`${name}.manifest.json`);
    const backup = findBackup(await readCatalog(store), name);
    expect(backup.manifest).toBeUndefined();
    expect(await verifyBackup({ store, backup, level: 'bytes' })).toMatchObject({ passed: false });
    await expect(restoreBackup({ url, store, backup, place: { kind: 'swap' } })).rejects.toThrow(
      /has no manifest/,
    );
  });

  test('the dump of another database under this name', async () => {
    const store = directoryStore(join(folder, 'other'));
    const other = await cluster.create('other', 'create table sale (id int primary key, note text)');
    const mine = await createBackup(request(url, store.location));
    const theirs = await createBackup({ ...request(other, store.location), target: 'other' });
    const bytes: Buffer[] = [];
    for await (const chunk of await store.read(theirs.file)) bytes.push(chunk);
    await store.remove(mine.file);
    await store.write(
      mine.file,
      (async function* () {
        yield* bytes;
      })(),
    );
    const backup = findBackup(await readCatalog(store), mine.name);
    expect(backup.damage).toMatch(/was cut off or replaced/);
    expect(await verifyBackup({ store, backup, level: 'archive' })).toMatchObject({ passed: false });
    await expect(restoreBackup({ url, store, backup, place: { kind: 'swap' } })).rejects.toThrow(
      /cut off or replaced/,
    );
  });
});
