import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readCatalog } from '../../src/backup/catalog.ts';
import { directoryStore } from '../../src/backup/stores/directory.ts';
import { findPlace } from '../../src/sandbox/place.ts';
import { sizes } from '../../src/sandbox/sample/rows.ts';
import { afterBackup, renew, seed } from '../../src/sandbox/sample/seed.ts';
import { openSandbox, type Sandbox, stopSandbox } from '../../src/sandbox/sandbox.ts';
import { sandboxStatus } from '../../src/sandbox/status.ts';
import { entry, removeAll, temporaryFolder, until } from './support.ts';

const run = promisify(execFile);

let folder: string;
let home: string;
let sandbox: Sandbox;

beforeAll(async () => {
  folder = await temporaryFolder();
  home = join(folder, 'home');
  sandbox = await openSandbox({ home, owner: 'process', entry });
});
afterAll(() => removeAll(folder));

async function query(text: string, url = sandbox.variables.DATABASE_URL): Promise<Record<string, string>[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

const one = async (text: string, url?: string) => Object.values((await query(text, url))[0] ?? {})[0];

/** A command as a run would start it. */
async function shell(text: string): Promise<string> {
  const env = {
    ...process.env,
    ...sandbox.variables,
    PATH: [...sandbox.path, process.env.PATH ?? ''].join(delimiter),
  };
  return (await run('sh', ['-ec', text], { env })).stdout.trim();
}

const get = async (path: string) => {
  const answer = await fetch(`${sandbox.variables.APP_URL}${path}`);
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};
const maintenance = async (word: string) => {
  const answer = await fetch(`${sandbox.variables.APP_URL}/maintenance`, { method: 'PUT', body: word });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};
const readiness = async (status: number) =>
  until(`the application says ${status}`, async () => {
    const ready = await get('/health/ready');
    return ready.status === status && ready;
  });
const writing = async () => {
  const before = Number(await one('SELECT count(*) FROM orders'));
  await until(
    'another order is written',
    async () => Number(await one('SELECT count(*) FROM orders')) > before,
  );
};

test('it runs, and says so', async () => {
  const status = await sandbox.status();
  expect(status).toMatchObject({ state: 'running', standing: false, owners: [process.pid] });
  expect(status.supervisor?.pid).toBeGreaterThan(1);
  expect(sandbox.target).toMatchObject({
    name: 'sandbox',
    environment: 'sandbox',
    database: 'members',
    tags: ['sandbox'],
  });
});

test('nothing of it is open to others', async () => {
  const home0 = await stat(home);
  expect(home0.mode & 0o066).toBe(0);
  expect((await stat(sandbox.target.address)).mode & 0o777).toBe(0o700);
  expect(await one('SHOW listen_addresses')).toBe('');
  expect(await one('SHOW fsync')).toBe('on');
  expect(await one('SHOW full_page_writes')).toBe('on');
});

test('the URL works for the client tools and for node-postgres', async () => {
  expect(await one('SELECT current_database()')).toBe('members');
  expect(await shell('psql -XAtc "SELECT current_user" "$DATABASE_URL"')).toBe('drillbook');
  expect(await shell('psql -XAtc "SELECT current_database()" "$ADMIN_URL"')).toBe('postgres');
  expect(await shell('PGPORT=1 psql -XAtc "SELECT 1" "$DATABASE_URL"')).toBe('1');
  expect(
    await shell(
      'pg_dump -Fc -d "$DATABASE_URL" > /dev/null && createdb scratch && dropdb scratch && echo done',
    ),
  ).toBe('done');
});

test('the sample looks like a membership and order system', async () => {
  expect(
    Number(await one("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")),
  ).toBeGreaterThanOrEqual(8);
  expect(Number(await one("SELECT count(*) FROM pg_constraint WHERE contype = 'f'"))).toBeGreaterThanOrEqual(
    8,
  );
  expect(
    Number(await one("SELECT count(*) FROM pg_constraint WHERE contype = 'c' AND conrelid > 0")),
  ).toBeGreaterThanOrEqual(8);
  expect(Number(await one("SELECT count(*) FROM pg_views WHERE schemaname = 'public'"))).toBe(2);
  expect(Number(await one('SELECT count(*) FROM pg_matviews'))).toBe(1);
  expect(
    Number(
      await one(
        "SELECT sum((xpath('/row/c/text()', query_to_xml('SELECT count(*) AS c FROM ' || quote_ident(tablename), false, true, '')))[1]::text::int) FROM pg_tables WHERE schemaname = 'public'",
      ),
    ),
  ).toBeGreaterThan(300_000);
  expect(
    await one("SELECT max(placed_at) > now() - interval '1 hour' AND max(placed_at) <= now() FROM orders"),
  ).toBe(true);
  expect(
    Number(
      await one(
        'SELECT count(*) FROM orders o JOIN members m ON m.id = o.member_id WHERE o.placed_at < m.joined_at',
      ),
    ),
  ).toBe(0);
});

test.each(['UPDATE audit_logs SET actor = $$x$$', 'DELETE FROM audit_logs', 'TRUNCATE audit_logs'])(
  'the audit log refuses %s',
  async (statement) => {
    await expect(query(statement)).rejects.toThrow('append-only');
  },
);

test('the store holds a verified backup, and rows changed after it', async () => {
  const { backups, unfinished } = await readCatalog(directoryStore(sandbox.variables.BACKUP_DIR ?? ''));
  expect(unfinished).toEqual([]);
  expect(backups.map((b) => b.verifications.map((v) => v.passed))).toEqual([[true]]);
  const members = backups[0]?.manifest?.contents.tables.find((t) => t.name === 'members');
  expect(Number(members?.rows)).toBe(sizes.members);
  const late = `email LIKE '%@${afterBackup.domain}'`;
  expect(Number(await one(`SELECT count(*) FROM members WHERE ${late}`))).toBe(afterBackup.inserted);
  expect(Number(await one(`SELECT count(*) FROM members WHERE NOT ${late}`))).toBe(
    sizes.members - afterBackup.deleted,
  );
});

test('the application writes, and in maintenance does not', async () => {
  await readiness(200);
  await writing();
  expect((await maintenance('on')).body).toEqual({ maintenance: 'on' });
  expect(await get('/health/ready')).toEqual({ status: 503, body: { ready: false, reason: 'maintenance' } });
  expect((await get('/health')).status).toBe(200);
  expect((await get('/maintenance')).body).toEqual({ maintenance: 'on' });
  // Counted twice with a roundtrip of everything between: what was being written is written.
  const orders = await one('SELECT count(*) FROM orders');
  expect(
    Number(
      await one(
        "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'members-app' AND state = 'idle'",
      ),
    ),
  ).toBeGreaterThanOrEqual(5);
  expect(await one('SELECT count(*) FROM orders')).toBe(orders);
  expect((await maintenance('off')).body).toEqual({ maintenance: 'off' });
  await readiness(200);
  await writing();
  expect((await maintenance('perhaps')).status).toBe(400);
  expect((await get('/nowhere')).status).toBe(404);
});

const terminate = `SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity WHERE application_name = 'members-app'`;

test('the application comes back after its connections were ended', async () => {
  expect(Number(await one(terminate, sandbox.variables.ADMIN_URL))).toBeGreaterThanOrEqual(5);
  await readiness(200);
  await writing();
});

test('in maintenance, ended connections stay away until it is over', async () => {
  await maintenance('on');
  await one(terminate, sandbox.variables.ADMIN_URL);
  await until('the application has noticed', async () => (await get('/health')).body.connections === 0);
  expect(
    Number(await one("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'members-app'")),
  ).toBe(0);
  await maintenance('off');
  await readiness(200);
});

test('a fenced and swapped database: away, then back by itself', async () => {
  const admin = sandbox.variables.ADMIN_URL;
  await query('ALTER DATABASE members WITH ALLOW_CONNECTIONS false', admin);
  await one(terminate, admin);
  expect((await readiness(503)).body).toEqual({ ready: false, reason: 'database away' });
  await query('CREATE DATABASE members_new TEMPLATE members', admin);
  await query('ALTER DATABASE members RENAME TO members_previous', admin);
  await query('ALTER DATABASE members_new RENAME TO members', admin);
  await readiness(200);
  await writing();
});

test('a killed server: the application stays, the next opening starts the server again', async () => {
  const { server, application } = await sandbox.status();
  process.kill(server?.pid ?? 0, 'SIGQUIT');
  await readiness(503);
  const again = await openSandbox({ home, owner: 'process', entry });
  expect((await again.status()).application).toEqual(application);
  await readiness(200);
  await writing();
  await again.close();
  expect((await sandbox.status()).state).toBe('running');
});

test('a reset brings all of it back', async () => {
  await maintenance('on');
  const before = await sandbox.status();
  await query('DROP TABLE audit_logs, bookings; CREATE TABLE mine ()');
  await query('CREATE DATABASE another', sandbox.variables.ADMIN_URL);
  await sandbox.reset();
  expect(
    await query(
      "SELECT datname FROM pg_database WHERE datname NOT LIKE 'template_' ORDER BY 1",
      sandbox.variables.ADMIN_URL,
    ),
  ).toEqual([{ datname: 'members' }, { datname: 'members_template' }, { datname: 'postgres' }]);
  expect(Number(await one(`SELECT count(*) FROM members WHERE email LIKE '%@${afterBackup.domain}'`))).toBe(
    afterBackup.inserted,
  );
  expect((await sandbox.status()).application?.url).toBe(before.application?.url);
  await readiness(200);
  await writing();
});

test('the same seed gives the same content, counted from another time', async () => {
  const digest = () =>
    one(
      `SELECT md5((SELECT string_agg(first_name || last_name || email || status, ',' ORDER BY id) FROM members WHERE id < 19000)
        || (SELECT string_agg(order_id || ':' || product_id || ':' || quantity, ',' ORDER BY order_id, line) FROM order_items WHERE order_id < 50000))`,
    );
  const before = await digest();
  await maintenance('on');
  const place = await findPlace(home);
  await seed(place, '2031-01-02T03:04:05.000Z');
  await renew(place);
  expect(await digest()).toBe(before);
  expect(
    await one(
      "SELECT max(placed_at) < '2031-01-02T03:04:05Z' AND max(placed_at) > '2031-01-02T03:00:00Z' FROM orders",
    ),
  ).toBe(true);
  await maintenance('off');
});

test('what was broken beyond a reset is made anew by it', async () => {
  await query('ALTER DATABASE members_template IS_TEMPLATE false', sandbox.variables.ADMIN_URL);
  await query('DROP DATABASE members_template', sandbox.variables.ADMIN_URL);
  await sandbox.reset();
  expect(await sandbox.status()).toMatchObject({ state: 'running' });
  await readiness(200);
});

test('stopped and started: the same place, the same data', async () => {
  await query('CREATE TABLE kept ()');
  await sandbox.stop();
  expect(await sandboxStatus(home)).toMatchObject({ state: 'stopped' });
  expect(await stopSandbox(home)).toBe(false);
  const again = await openSandbox({ home, owner: 'process', entry });
  expect(again.variables).toEqual(sandbox.variables);
  expect(Number(await one("SELECT count(*) FROM pg_tables WHERE tablename = 'kept'"))).toBe(1);
});
