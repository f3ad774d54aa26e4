import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ArrivingHouse } from '../../src/cli/arriving-house.ts';
import { readSettings } from '../../src/cli/settings.ts';

let folder: string;
let environment: Record<string, string>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drillbook-arriving-'));
  environment = { PATH: process.env.PATH ?? '', HOME: folder, DRILLBOOK_HOME: join(folder, 'home') };
  // With a target of one's own the sandbox is not started before it is asked for.
  await writeFile(
    join(folder, 'drillbook.yaml'),
    'runbooks: [.]\ntargets:\n  own:\n    environment: local\n    url: postgresql:///nowhere\n',
  );
  await writeFile(join(folder, 'look.md'), '# Look\n\n## Look\n\n```bash\necho look\n```\n');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function house(): Promise<ArrivingHouse> {
  return new ArrivingHouse(
    'somebody',
    { keys: {}, comfort: {} },
    () => readSettings(environment, folder),
    environment,
  );
}

test('can be drawn before anything is loaded, and fills once somebody looks', async () => {
  const arriving = await house();
  expect(arriving.home()).toMatchObject({ loading: true, runbooks: [] });
  const turns: number[] = [];
  await new Promise<void>((resolve) => {
    arriving.subscribe(() => {
      turns.push(arriving.home().runbooks.length);
      if (!arriving.home().loading) resolve();
    });
    // Not in the same turn: the frame that is being drawn comes first.
    expect(arriving.home().loading).toBe(true);
  });
  expect(arriving.home().runbooks.map(({ title }) => title)).toContain('Look');
  expect(turns.at(-1)).toBeGreaterThan(0);
  expect(arriving.targets().map(({ name }) => name)).toEqual(['sandbox', 'own']);
  await arriving.close();
});

test('what is asked of it waits until it is there', async () => {
  const arriving = await house();
  expect((await arriving.open(join(folder, 'look.md'))).title).toBe('Look');
  await arriving.close();
});

test('closed before it came, it never comes', async () => {
  const arriving = await house();
  arriving.subscribe(() => {
    throw new Error('it came after all');
  });
  await arriving.close();
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  expect(arriving.home().loading).toBe(true);
  expect(await readdir(join(folder, 'home')).catch(() => [])).not.toContain('state');
});

test('reads no list of runbooks for whoever begins one by its name, until they look at the list', async () => {
  const arriving = await house();
  await arriving.open(join(folder, 'look.md'));
  const cached = () => readdir(join(folder, 'home', 'cache')).catch(() => []);
  expect(await cached()).toEqual([]);
  expect(arriving.home()).toMatchObject({ loading: true, runbooks: [] });
  await vi.waitFor(() => expect(arriving.home().loading).toBe(false), { timeout: 50_000 });
  expect(arriving.home().runbooks.map(({ title }) => title)).toContain('Look');
  expect(await cached()).toContain('library.ndjson');
  await arriving.close();
});

test('a run that was left is the first on home without a restart, and its runbook was run', async () => {
  const arriving = await house();
  arriving.subscribe(() => {});
  await vi.waitFor(() => expect(arriving.home().loading).toBe(false), { timeout: 50_000 });
  const path = join(folder, 'look.md');
  const session = await arriving.begin({ path, procedure: 'look', mode: 'drill', inputs: [] });
  await arriving.renew();
  // Somebody is at it, though it is the same program.
  expect(arriving.home().unfinished).toEqual([]);
  await session.dispatch({ type: 'stop', reason: 'enough' });
  await session.close();
  await arriving.renew();
  expect(arriving.home().unfinished).toMatchObject([{ title: 'Look', mode: 'drill' }]);
  expect(arriving.home().runbooks.find(({ title }) => title === 'Look')).toMatchObject({
    lastOutcome: 'stopped',
  });
  await arriving.close();
});
