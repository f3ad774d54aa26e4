import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { prepareSurroundings } from '../../src/cli/surroundings.ts';
import type { TargetSettings } from '../../src/settings/target-settings.ts';
import { type ReadyTarget, readyTarget } from '../../src/settings/targets.ts';
import { type Cluster, startCluster } from '../support/postgres.ts';

let cluster: Cluster;
let folder: string;

beforeAll(async () => {
  cluster = await startCluster();
  await cluster.create('members');
  folder = await mkdtemp(join(tmpdir(), 'drillbook-surroundings-'));
});
afterAll(async () => {
  await cluster.stop();
  await rm(folder, { recursive: true, force: true });
});

async function targetAt(url: string): Promise<ReadyTarget> {
  const settings = {
    engine: 'postgres',
    environment: 'staging',
    url,
    tags: [],
    variables: {},
    objectives: {},
  } satisfies TargetSettings;
  const ready = await readyTarget('live', settings, folder, {});
  if ('problem' in ready) throw new Error(ready.problem);
  return ready;
}

const elsewhere = {
  PATH: process.env.PATH,
  HOME: '/nowhere',
  PGHOST: 'other.invalid',
  PGHOSTADDR: '192.0.2.1',
  PGPORT: '1',
  PGUSER: 'other',
  PGDATABASE: 'other',
  PGSERVICE: 'other',
  PGSERVICEFILE: '/nowhere/pg_service.conf',
  PGOPTIONS: '-c search_path=other',
  PGPASSWORD: 'the-operators-own',
};

test('a command that names no server goes to the target, wherever the operator’s environment leads', async () => {
  const ready = await targetAt(`postgresql:///members?host=${cluster.folder}&port=5432&user=${cluster.user}`);
  const surroundings = await prepareSurroundings(folder, 'r', ready, elsewhere, async () => {});
  const env = { ...surroundings.inherited, ...surroundings.base };
  const { stdout } = await promisify(execFile)(
    'psql',
    ['-XAtc', "select current_database(), current_user, current_setting('search_path')"],
    { env },
  );
  expect(stdout.trim()).toBe(`members|${cluster.user}|"$user", public`);
  expect(env.PGHOST).toBe(cluster.folder);
  await surroundings.release();
});

test('the operator’s password is for a target whose URL has none', async () => {
  const without = await targetAt('postgresql://app@db.invalid:5432/members?sslmode=require');
  const own = await prepareSurroundings(folder, 'r', without, elsewhere, async () => {});
  expect(own.inherited.PGPASSWORD).toBe('the-operators-own');
  expect(own.base).toMatchObject({
    PGHOST: 'db.invalid',
    PGPORT: '5432',
    PGUSER: 'app',
    PGDATABASE: 'members',
    PGSSLMODE: 'require',
  });
  await own.release();

  const given = await targetAt('postgresql://app:its-own@db.invalid:6543/members');
  const its = await prepareSurroundings(folder, 'r', given, elsewhere, async () => {});
  expect(its.inherited).not.toHaveProperty('PGPASSWORD');
  expect(JSON.stringify(its.base)).not.toContain('its-own');
  expect((await stat(its.base.PGPASSFILE!)).mode & 0o777).toBe(0o600);
  await its.release();
  await expect(stat(its.base.PGPASSFILE!)).rejects.toThrow(/ENOENT/);
});

test('without a target the environment is the operator’s', async () => {
  const surroundings = await prepareSurroundings(folder, 'r', undefined, elsewhere, async () => {});
  expect(surroundings.inherited).toEqual(elsewhere);
  expect(surroundings.base).not.toHaveProperty('PGHOST');
  await surroundings.release();
});
