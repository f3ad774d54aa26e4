import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectionOf, withDatabase } from '../../src/settings/connection.ts';
import { secondsOf } from '../../src/settings/duration.ts';
import { openPreferences } from '../../src/settings/preferences.ts';
import { findProjectFile, parseProjectFile } from '../../src/settings/project-file.ts';
import { holdsPassword, resolveReference } from '../../src/settings/reference.ts';
import { targetSettings } from '../../src/settings/target-settings.ts';
import { readyTarget } from '../../src/settings/targets.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drillbook-settings-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test.each([
  ['90s', 90],
  ['30m', 1800],
  ['15 min', 900],
  ['1h30m', 5400],
  ['2d', 172_800],
  ['1.5h', 5400],
  ['soon', undefined],
  ['1h oder so', undefined],
  ['', undefined],
])('"%s" is %s seconds', (text, seconds) => {
  expect(secondsOf(text)).toBe(seconds);
});

describe('references', () => {
  test('come from the environment, from a file, or are the value', async () => {
    await writeFile(join(folder, 'secret'), 'hunter2\n');
    expect(await resolveReference('env:A', { A: 'x' })).toEqual({ value: 'x', source: 'environment' });
    expect(await resolveReference(`file:${join(folder, 'secret')}`, {})).toEqual({
      value: 'hunter2',
      source: 'target',
    });
    expect(await resolveReference('plain', {})).toEqual({ value: 'plain', source: 'target' });
  });

  test('say what is missing, by name', async () => {
    expect(await resolveReference('env:A', {})).toEqual({ problem: 'the environment variable A is not set' });
    expect(await resolveReference('env:A', { A: '' })).toMatchObject({
      problem: expect.stringMatching(/A is not set/),
    });
    expect(await resolveReference(`file:${folder}/gone`, {})).toMatchObject({
      problem: expect.stringMatching(/gone .*ENOENT/),
    });
  });

  test.each([
    ['postgres://u:pw@h/d', true],
    ['postgres://:pw@h/d', true],
    ['host=h password=x', true],
    ['postgresql:///d?host=/s&password=x', true],
    ['postgres://u@h:5432/d', false],
    ['env:URL', false],
  ])('%s holds a password: %s', (text, expected) => {
    expect(holdsPassword(text)).toBe(expected);
  });
});

describe('the project file', () => {
  const faults: [string, string, RegExp][] = [
    [
      'an unknown key',
      'targets:\n  a:\n    environment: staging\n    url: env:A\n    pasword: x\n',
      /drillbook\.yaml:3:5.*pasword/,
    ],
    [
      'a wrong environment',
      'targets:\n  a:\n    environment: prod\n    url: env:A\n',
      /drillbook\.yaml:3:18.*production/,
    ],
    [
      'a password in a URL',
      'targets:\n  a:\n    environment: staging\n    url: postgres://u:hunter2@h/d\n',
      /drillbook\.yaml:4:10.*env:NAME/,
    ],
    ['broken YAML', 'targets:\n  a: [\n', /drillbook\.yaml:\d+:\d+/],
    ['no mapping at all', '- a\n- b\n', /drillbook\.yaml:1:1/],
  ];
  test.each(faults)('%s is named with its place', (_name, text, expected) => {
    expect(() => parseProjectFile('drillbook.yaml', text)).toThrow(expected);
    expect(() => parseProjectFile('drillbook.yaml', text)).not.toThrow(/hunter2/);
  });

  test('an empty one is no fault', () => {
    expect(parseProjectFile('drillbook.yaml', '')).toMatchObject({ targets: {} });
  });

  test('is found above, up to the root of the checkout', async () => {
    const inner = join(folder, 'project', 'a', 'b');
    await mkdir(inner, { recursive: true });
    await mkdir(join(folder, 'project', '.git'));
    await writeFile(join(folder, 'drillbook.yaml'), 'incidents: outside\n');
    expect((await findProjectFile(inner)).path).toBeUndefined();
    await writeFile(join(folder, 'project', 'drillbook.yaml'), 'incidents: inside\n');
    expect(await findProjectFile(inner)).toMatchObject({
      folder: join(folder, 'project'),
      settings: { incidents: 'inside' },
    });
  });
});

describe('connections', () => {
  test('the password leaves the URL and goes into a line for libpq', () => {
    expect(connectionOf('postgresql://ana:p%3Aw%5Cx@db.internal:5433/members?sslmode=require')).toEqual({
      url: 'postgresql://ana@db.internal:5433/members?sslmode=require',
      password: 'p:w\\x',
      database: 'members',
      address: 'db.internal:5433',
      passwordLine: 'db.internal:5433:*:ana:p\\:w\\\\x',
    });
  });

  test('a socket is named by its folder, which stays as it is written', () => {
    const url = 'postgresql:///members?host=/tmp/s&port=5432&user=drillbook';
    expect(connectionOf(url)).toMatchObject({
      url,
      address: '/tmp/s',
      database: 'members',
      passwordLine: undefined,
    });
    expect(withDatabase(url, 'postgres')).toBe('postgresql:///postgres?host=/tmp/s&port=5432&user=drillbook');
  });

  test('what is no PostgreSQL URL is none', () => {
    expect(connectionOf('postgres://ana@/members?host=/run/db')).toMatchObject({
      address: '/run/db',
      database: 'members',
      url: 'postgres:///members?host=/run/db&user=ana',
    });
    expect(connectionOf('postgres://ana:geheim@/members?host=/run/db')).toMatchObject({ password: 'geheim' });
    expect(connectionOf('mysql://h/d')).toBeUndefined();
    expect(connectionOf('members')).toBeUndefined();
  });
});

describe('a ready target', () => {
  const settings = targetSettings.parse({
    environment: 'staging',
    url: 'env:MEMBERS_URL',
    store: 'backups',
    tags: ['Render'],
    objectives: { rto: '1h' },
    variables: { RENDER_SERVICE_ID: 'srv-1', RENDER_API_KEY: 'env:KEY' },
  });
  const environment = { MEMBERS_URL: 'postgresql://ana:hunter2@db.internal/members', KEY: 'rnd_123' };

  test('has values without passwords, and knows which of them are secrets', async () => {
    const ready = await readyTarget('m', settings, '/project', environment);
    expect(ready).toMatchObject({
      target: {
        environment: 'staging',
        database: 'members',
        address: 'db.internal:5432',
        tags: ['render'],
        objectives: { rto: 3600 },
      },
      values: {
        DATABASE_URL: { value: 'postgresql://ana@db.internal/members', secret: false },
        ADMIN_URL: { value: 'postgresql://ana@db.internal/postgres' },
        RESTORE_URL: { value: 'postgresql://ana@db.internal/members_restored' },
        BACKUP_DIR: { value: '/project/backups' },
        RENDER_SERVICE_ID: { value: 'srv-1', secret: false },
        RENDER_API_KEY: { value: 'rnd_123', secret: true },
      },
    });
    if ('problem' in ready) throw new Error(ready.problem);
    expect(ready.passwordLines).toContain('db.internal:5432:*:ana:hunter2');
    expect(
      JSON.stringify([ready.target, Object.values(ready.values).filter(({ secret }) => !secret)]),
    ).not.toContain('hunter2');
  });

  test('says what is missing', async () => {
    expect(await readyTarget('m', settings, '/', {})).toEqual({
      problem: 'target m: the environment variable MEMBERS_URL is not set',
    });
    expect(await readyTarget('m', settings, '/', { MEMBERS_URL: 'mysql://h/d' })).toMatchObject({
      problem: expect.stringMatching(/no postgresql:\/\/ URL/),
    });
  });
});

describe('preferences', () => {
  test('how the end of a long command calls is remembered; a wrong word is refused and changes nothing', () => {
    const at = join(folder, 'calls');
    expect(openPreferences(at).notifications).toEqual({ way: 'desktop', after: 30 });
    openPreferences(at).notify({ way: 'bell', after: '2m' });
    expect(openPreferences(at).notifications).toEqual({ way: 'bell', after: 120 });
    expect(() => openPreferences(at).notify({ way: 'shout' })).toThrow(/shout.*desktop, bell, off/s);
    expect(() => openPreferences(at).notify({ after: 'soon' })).toThrow(/soon.*such as 30s/s);
    expect(openPreferences(at).notifications).toEqual({ way: 'bell', after: 120 });
  });

  test('a folder that cannot be one says what stands in its way and what to do', async () => {
    await writeFile(join(folder, 'no-folder'), 'a file');
    expect(() => openPreferences(join(folder, 'no-folder')).notify({ way: 'off' })).toThrow(
      /no-folder.*(DRILLBOOK_HOME|move it)/s,
    );
  });

  test('targets are kept, replaced and forgotten', () => {
    const first = openPreferences(join(folder, 'config'));
    first.addTarget('s', { environment: 'staging', url: 'env:S' });
    first.remember({ target: 's' });
    const second = openPreferences(join(folder, 'config'));
    expect(second.targets.s).toMatchObject({ environment: 'staging', url: 'env:S' });
    expect(second.lastTarget).toBe('s');
    expect(second.removeTarget('s')).toBe(true);
    expect(second.removeTarget('s')).toBe(false);
  });

  test('a password never gets in', () => {
    const preferences = openPreferences(join(folder, 'config'));
    expect(() =>
      preferences.addTarget('s', { environment: 'staging', url: 'postgres://u:hunter2@h/d' }),
    ).toThrow(/env:NAME/);
  });

  test('a file that cannot be parsed is told, not thrown away', async () => {
    await mkdir(join(folder, 'broken'));
    await writeFile(join(folder, 'broken', 'preferences.json'), '{ "targets": ');
    expect(() => openPreferences(join(folder, 'broken')).targets).toThrow(/preferences.*broken/s);
  });
});
