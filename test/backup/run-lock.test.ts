import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lockDatabase, type RunLock } from '../../src/backup/run-lock.ts';
import { type Cluster, startCluster } from '../support/postgres.ts';

let cluster: Cluster;

beforeAll(async () => {
  cluster = await startCluster();
  await cluster.create('members');
});
afterAll(() => cluster.stop());

const ana = { run: '20261120-0312-restore-k3f9', operator: 'ana' };
const ben = { run: '20261120-0313-restore-aaaa', operator: 'ben' };

async function taken(who = ana, database = 'members'): Promise<RunLock> {
  const locking = await lockDatabase(cluster.url('postgres'), database, who);
  if (locking.kind !== 'locked') throw new Error(locking.message);
  return locking.lock;
}

const sessions = () =>
  cluster.sql(
    'postgres',
    "select pid, application_name from pg_stat_activity where application_name like 'drillbook%'",
  );

describe('two runs on one database', () => {
  test('the second is told who has it, since when and from where', async () => {
    const lock = await taken();
    const second = await lockDatabase(cluster.url('postgres'), 'members', ben);
    expect(second).toMatchObject({ kind: 'held' });
    expect('message' in second && second.message).toMatch(
      /members .* in the hands of ana \(run 20261120-0312-restore-k3f9\) since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC, from the server itself/,
    );
    const elsewhere = await taken(ben, 'orders');
    await elsewhere.release();
    await lock.release();
    await lock.release();
    await (await taken(ben)).release();
    expect(await sessions()).toEqual([]);
  });

  test('the lock does not hinder what a restore does to the database', async () => {
    const lock = await taken();
    await cluster.sql('postgres', 'drop database members');
    await cluster.sql('postgres', 'create database members');
    await lock.release();
  });
});

test('a session that the server ends takes the lock with it and nothing else', async () => {
  const lock = await taken();
  const [session] = await sessions();
  await cluster.sql('postgres', `select pg_terminate_backend(${session!.pid}, 10000)`);
  const other = await taken(ben);
  await lock.release();
  await other.release();
});

test('a crash of the server is survived', async () => {
  const lock = await taken();
  await cluster.crash();
  const again = await taken();
  await lock.release();
  await again.release();
});

test('a server that is not there is a sentence, never the password', async () => {
  const locking = await lockDatabase('postgresql://app:s3cret@127.0.0.1:1/postgres', 'members', ana);
  expect(locking).toMatchObject({ kind: 'unavailable', message: expect.stringMatching(/127\.0\.0\.1:1/) });
  expect(JSON.stringify(locking)).not.toContain('s3cret');
});

test('who gives up waiting gets the reason that they gave', async () => {
  const stopped = AbortSignal.abort(new Error('enough'));
  await expect(lockDatabase(cluster.url('postgres'), 'members', ana, stopped)).rejects.toThrow('enough');
});

test('a held lock keeps no process alive', async () => {
  const module = new URL('../../src/backup/run-lock.ts', import.meta.url).href;
  const script = `
    const { lockDatabase } = await import(${JSON.stringify(module)});
    const { kind } = await lockDatabase(${JSON.stringify(cluster.url('postgres'))}, 'members', { run: 'r', operator: 'o' });
    process.stdout.write(kind);
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk;
  });
  const [code] = await once(child, 'close');
  expect({ code, said }).toEqual({ code: 0, said: 'locked' });
});
