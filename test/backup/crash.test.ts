import { spawn } from 'node:child_process';
import { chmod, cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Backup, findBackup, readCatalog } from '../../src/backup/catalog.ts';
import { createBackup } from '../../src/backup/create.ts';
import { findTool } from '../../src/backup/engines/postgres/tool.ts';
import { planPrune, prune } from '../../src/backup/prune.ts';
import { restoreBackup } from '../../src/backup/restore.ts';
import { directoryStore } from '../../src/backup/stores/directory.ts';
import { continueRestore, readWayBack, undoRestore } from '../../src/backup/undo.ts';
import { verifyBackup } from '../../src/backup/verify.ts';
import { type Cluster, startCluster } from '../support/postgres.ts';

let cluster: Cluster;
let folder: string;
let url: string;
let backup: Backup;
const comment = "the shop's own words";

beforeAll(async () => {
  cluster = await startCluster();
  folder = await mkdtemp(join(tmpdir(), 'backups-'));
  url = await cluster.create(
    'shop',
    'create table sale (id int primary key); insert into sale select generate_series(1, 100)',
  );
  const store = directoryStore(join(folder, 'whole'));
  await createBackup({ url, target: 'shop', kind: 'on-demand', store });
  backup = findBackup(await readCatalog(store), 'latest');
});

afterAll(async () => {
  await cluster?.stop();
  await rm(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  for (const name of await databases()) await cluster.sql('postgres', `drop database "${name}" with (force)`);
  await cluster.create(
    'shop',
    'create table sale (id int primary key); insert into sale select generate_series(1, 11)',
  );
  await cluster.sql(
    'postgres',
    `alter database shop set work_mem = '7MB'; grant connect on database shop to public; comment on database shop is '${comment.replace("'", "''")}'`,
  );
});

async function databases(): Promise<string[]> {
  const rows = await cluster.sql(
    'postgres',
    "select datname from pg_database where datname like 'shop%' order by 1",
  );
  return rows.map((one) => String(one.datname));
}

const rows = async (database: string) =>
  (await cluster.sql(database, 'select count(*)::int as n from sale'))[0]!.n;

/** Runs a program that kills itself; its signal, and what it said. */
async function killed(program: string, args: readonly string[]) {
  const child = spawn(process.execPath, [new URL(program, import.meta.url).pathname, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (text) => {
    said += text;
  });
  const signal = await new Promise<string | null>((resolve) =>
    child.once('close', (_, name) => resolve(name)),
  );
  // The server ends a session, and with it its lock, when it notices that the process is gone.
  for (;;) {
    const [row] = await cluster.sql(
      'postgres',
      "select count(*)::int as n from pg_stat_activity where application_name = 'drillbook'",
    );
    if (row!.n === 0) break;
  }
  return { signal, said };
}

/** Whole again: one live database, open, with its own comment and settings; nothing of ours but a fenced way back. */
async function whole(expected: number) {
  expect(await rows('shop')).toBe(expected);
  const [row] = await cluster.sql(
    'postgres',
    `select datallowconn, shobj_description(d.oid, 'pg_database') as comment, (select setconfig::text from pg_db_role_setting where setdatabase = d.oid) as settings
       from pg_database d where datname = 'shop'`,
  );
  expect(row).toEqual({ datallowconn: true, comment, settings: '{work_mem=7MB}' });
  for (const name of (await databases()).filter((one) => one !== 'shop')) {
    expect(name).toMatch(/^shop_(?:old|undone)_/);
    await expect(rows(name)).rejects.toThrow(/not currently accepting/);
  }
}

/** Goes on from wherever a kill left things, one way or the other, and checks that all is whole. */
async function recover(forward: boolean): Promise<string> {
  // At every moment there is exactly one database of the live name.
  expect((await databases()).filter((one) => one === 'shop')).toEqual(['shop']);
  const way = await readWayBack(url);
  switch (way.kind) {
    case 'nothing':
      await whole(11);
      break;
    case 'unfinished':
      await expect(continueRestore(url)).rejects.toThrow(/Undo it/);
      await undoRestore(url);
      await whole(11);
      break;
    case 'ready':
      if (forward) await continueRestore(url);
      else await undoRestore(url);
      await whole(forward ? 100 : 11);
      break;
    case 'swap-back':
      await whole(100);
      await undoRestore(url);
      await whole(11);
      break;
  }
  return way.kind;
}

describe('a restore that is killed at any statement', () => {
  // Statements of the restore in order; beyond the last the restore ends by itself.
  const points = Array.from({ length: 23 }, (_, i) => ({
    at: i + 1,
    when: i % 2 === 0 ? 'before' : 'after',
  }));

  test.each(points)('statement $at, $when it is sent', async ({ at, when }) => {
    const { signal } = await killed('killed-restore.ts', [
      'restore',
      url,
      join(folder, 'whole'),
      backup.name,
      'none',
      String(at),
      when,
    ]);
    const kind = await recover(at % 2 === 0);
    // A restore that came to its end was not killed, and its swap stands.
    if (signal === null) expect(kind).toBe('swap-back');
    // Nothing of it is in the way of the next one.
    if (at % 4 !== 0) return;
    const store = directoryStore(join(folder, 'whole'));
    const again = await restoreBackup({ url, store, backup, place: { kind: 'swap' } });
    expect(again.comparison?.equal).toBe(true);
    await whole(100);
  });

  test('the points reach from the first statement beyond the commit', async () => {
    const at = (n: number) =>
      killed('killed-restore.ts', [
        'restore',
        url,
        join(folder, 'whole'),
        backup.name,
        'none',
        String(n),
        'before',
      ]);
    expect(await at(1)).toMatchObject({ signal: 'SIGKILL', said: expect.stringMatching(/^create database/) });
    await recover(false);
    expect(await at(22)).toMatchObject({ signal: 'SIGKILL', said: 'commit' });
    await recover(false);
    expect((await at(23)).signal).toBeNull();
    await whole(100);
  });
});

describe('a server that is killed under a restore', () => {
  test.each(['create', 'load', 'compare', 'analyze', 'swap'])('at %s', async (phase) => {
    await cluster.sql('postgres', 'checkpoint');
    let crashing: Promise<void> | undefined;
    const store = directoryStore(join(folder, 'whole'));
    const restoring = restoreBackup({
      url,
      store,
      backup,
      place: { kind: 'swap' },
      onProgress: (progress) => {
        if (progress.phase === phase) crashing ??= cluster.crash();
      },
    });
    // It fails, or was quicker than the end of the server; both must leave something whole.
    await restoring.catch((error) => expect(error).toMatchObject({ name: 'BackupError' }));
    await crashing;
    await recover(phase === 'swap');
  });
});

describe('an undo that is killed at any statement', () => {
  test.each([1, 2, 3, 4, 5, 6, 8, 10])('statement %i', async (at) => {
    await restoreBackup({
      url,
      store: directoryStore(join(folder, 'whole')),
      backup,
      place: { kind: 'swap' },
    });
    const { signal } = await killed('killed-restore.ts', [
      'undo',
      url,
      '',
      '',
      'none',
      String(at),
      at % 2 === 0 ? 'before' : 'after',
    ]);
    expect((await databases()).filter((one) => one === 'shop')).toEqual(['shop']);
    const way = await readWayBack(url);
    if (way.kind === 'unfinished') {
      // Fenced on the way out: let free first, then the way back is there as before.
      await undoRestore(url);
      await whole(100);
      await undoRestore(url);
      await whole(11);
    } else {
      const [row] = await cluster.sql(
        'postgres',
        "select datallowconn from pg_database where datname = 'shop'",
      );
      expect(row).toEqual({ datallowconn: true });
      const now = await rows('shop');
      expect([11, 100]).toContain(now);
      if (signal === null) expect(now).toBe(11);
      await whole(Number(now));
    }
  });
});

describe('a backup that is killed at any step', () => {
  test.each(Array.from({ length: 9 }, (_, i) => 2 * i + 2))(
    'step %i: what is there is whole or is not called a backup',
    async (at) => {
      const own = await mkdtemp(join(folder, 'store-'));
      const { signal } = await killed('killed-create.ts', [url, own, String(at)]);
      const store = directoryStore(own);
      const catalog = await readCatalog(store);
      if (signal === null) expect(catalog.backups).toHaveLength(1);
      for (const one of catalog.backups) {
        expect(one.manifest).toBeDefined();
        expect((await verifyBackup({ store, backup: one, level: 'archive' })).passed).toBe(true);
      }
      // The next backup is not in the way of what was left.
      const made = await createBackup({ url, target: 'shop', kind: 'scheduled', store });
      expect(findBackup(await readCatalog(store), 'latest').name).toBe(made.name);
    },
  );
});

describe('a client tool that is killed', () => {
  /** A pg_restore in front of PATH that loads a part and dies. */
  async function dyingRestore(): Promise<string> {
    const { path, version } = await findTool('pg_restore', 13);
    const bin = await mkdtemp(join(folder, 'bin-'));
    await writeFile(
      join(bin, 'pg_restore'),
      `#!/bin/sh\nif [ "$1" = --version ]; then echo "pg_restore (PostgreSQL) ${version}"; exit 0; fi\nhead -c ${Math.floor(backup.bytes * 0.7)} '${join(folder, 'whole', backup.file)}' >'${bin}/cut'\nfor one; do shift; [ -f "$one" ] && one='${bin}/cut'; set -- "$@" "$one"; done\n'${path}' "$@"\nkill -9 $$\n`,
    );
    await chmod(join(bin, 'pg_restore'), 0o755);
    return bin;
  }

  test.each(['swap', 'into', 'in-place'] as const)('pg_restore, %s', async (kind) => {
    const before = process.env.PATH;
    process.env.PATH = `${await dyingRestore()}:${before}`;
    try {
      const place = kind === 'into' ? { kind, database: 'shop_beside' } : { kind };
      await expect(
        restoreBackup({ url, store: directoryStore(join(folder, 'whole')), backup, place }),
      ).rejects.toThrow(/pg_restore failed \(signal SIGKILL\)/);
    } finally {
      process.env.PATH = before;
    }
    expect(await databases()).toEqual(['shop']);
    expect(await readWayBack(url)).toEqual({ kind: 'nothing' });
    await whole(11);
  });
});

describe('a prune that is killed at any step', () => {
  test('what is called a backup is whole, the newest stays, and the next prune ends the work', async () => {
    const made = await mkdtemp(join(folder, 'pruned-'));
    const store = directoryStore(made);
    for (let turn = 0; turn < 3; turn += 1)
      await createBackup({ url, target: 'shop', kind: 'scheduled', store });
    const newest = findBackup(await readCatalog(store), 'latest').name;
    const signals: (string | null)[] = [];
    for (let at = 1; at <= 25; at += 2) {
      const own = await mkdtemp(join(folder, 'copy-'));
      await cp(made, own, { recursive: true });
      const child = spawn(
        process.execPath,
        [new URL('killed-prune.ts', import.meta.url).pathname, own, String(at)],
        {
          stdio: 'inherit',
        },
      );
      signals.push(await new Promise((resolve) => child.once('close', (_, name) => resolve(name))));
      const copy = directoryStore(own);
      const left = await readCatalog(copy);
      for (const one of left.backups) {
        expect(one.manifest, `${one.file} at ${at}`).toBeDefined();
        expect((await verifyBackup({ store: copy, backup: one, level: 'bytes' })).passed).toBe(true);
      }
      expect(left.backups.map((one) => one.name)).toContain(newest);
      // The lock of the killed one is told, with what to remove; then it goes on to its end.
      const plan = planPrune(left, 'shop', { last: 1 }, new Date());
      if (plan.judged.some((one) => !one.keep)) {
        await prune(copy, plan, new Date()).catch(async (error) => {
          expect(error).toMatchObject({ message: expect.stringMatching(/If it was killed, remove/) });
          await copy.remove('prune.lock.json');
          await prune(copy, plan, new Date());
        });
      }
      expect((await readCatalog(copy)).backups.map((one) => one.name)).toEqual([newest]);
    }
    // The points reach from the first step beyond the last.
    expect(signals[0]).toBe('SIGKILL');
    expect(signals.at(-1)).toBeNull();
  });
});
