import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { lockDatabase } from '../../src/backup/run-lock.ts';
import { beginRun } from '../../src/cli/begin.ts';
import { loadGrammars } from '../../src/cli/grammars.ts';
import { giveIntent } from '../../src/cli/inputs.ts';
import { holdForNewRun } from '../../src/cli/ready.ts';
import { resumeRun } from '../../src/cli/resume-run.ts';
import type { RunSession } from '../../src/cli/run-session.ts';
import { readRunbook } from '../../src/cli/runbook-file.ts';
import type { Settings } from '../../src/cli/settings.ts';
import { sweepRuns } from '../../src/cli/sweep.ts';
import { lockRun } from '../../src/journal/lock.ts';
import { runFolder } from '../../src/journal/runs.ts';
import type { RunEvent } from '../../src/run/event.ts';
import { folders } from '../../src/settings/folders.ts';
import { openPreferences } from '../../src/settings/preferences.ts';
import type { TargetSettings } from '../../src/settings/target-settings.ts';
import { type Cluster, startCluster } from '../support/postgres.ts';

let cluster: Cluster;
let folder: string;
let environment: NodeJS.ProcessEnv;
let settings: Settings;
const open = new Set<RunSession>();

beforeAll(async () => {
  await loadGrammars();
  cluster = await startCluster();
  await cluster.create('members');
});
afterAll(() => cluster.stop());

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drillbook-resume-'));
  environment = { PATH: process.env.PATH, HOME: folder, API_TOKEN: 'tok-3141592653' };
  settings = settingsWith(target('members'));
  await writeFile(
    join(folder, 'look.md'),
    '# Look\n\n## Look\n\n### Step 1: Look\n\n```bash\ndeploy "$API_TOKEN" "$APP_URL"\n```\n',
  );
});
afterEach(async () => {
  for (const session of open) await session.close();
  open.clear();
  await rm(folder, { recursive: true, force: true });
});

/** Over the socket, with a password that the server does not ask for. */
function target(database: string, more: Partial<TargetSettings> = {}): TargetSettings {
  return {
    engine: 'postgres',
    environment: 'staging',
    url: `postgresql:///${database}?host=${cluster.folder}&user=${cluster.user}&password=pass-2718281828`,
    tags: [],
    variables: {},
    objectives: {},
    ...more,
  };
}

function settingsWith(live: TargetSettings, state = 'state'): Settings {
  const places = folders({ ...environment, XDG_STATE_HOME: join(folder, state) });
  return {
    folders: places,
    preferences: openPreferences(join(folder, 'config')),
    folder,
    targets: { live },
    runbooks: [],
    incidents: join(folder, 'incidents'),
    operator: 'ana',
  };
}

async function begin(own: Settings = settings): Promise<RunSession> {
  const file = await readRunbook(join(folder, 'look.md'));
  const held = await holdForNewRun('live', own, environment, () => {});
  const procedure = file.runbook.procedures[0]!;
  const session = await beginRun({ file, procedure, mode: 'incident', held, inputs: [] }, own, environment);
  open.add(session);
  return session;
}

async function resume(run: string, own: Settings = settings, flags: readonly string[] = []) {
  const resumed = await resumeRun(run, own, environment, () => {}, flags);
  open.add(resumed.session);
  return resumed;
}

const idOf = (session: RunSession) => session.state().started.run;
const isThere = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );

describe('a target that is another one by now', () => {
  test.each([
    ['database', target.bind(undefined, 'orders'), /its database was members and is orders/],
    ['environment', () => target('members', { environment: 'production' }), /was staging and is production/],
    [
      'address',
      () => target('members', { url: 'postgresql://db.invalid:1/members' }),
      /its address was .* and is db\.invalid:1/,
    ],
  ] as const)('%s: the run is not taken up, and nothing is left behind', async (_what, other, difference) => {
    const session = await begin();
    await session.close();
    const refused = resume(idOf(session), settingsWith(other()));
    await expect(refused).rejects.toThrow(difference);
    await expect(refused).rejects.toMatchObject({ code: 1 });
    expect(await isThere(join(session.folder, 'pgpass'))).toBe(false);
    const { session: again } = await resume(idOf(session));
    expect(again.state().status).toBe('running');
  });
});

test('a resume that fails late gives the password file, the journal and the locks back', async () => {
  const session = await begin();
  await session.close();
  const own = settingsWith(target('members', { variables: { BAD: 'x' } }));
  // The program that stands on PATH cannot be written over a folder.
  await rm(join(session.folder, 'bin'), { recursive: true });
  await mkdir(join(session.folder, 'bin', 'drillbook'), { recursive: true });
  const descriptors = (await readdir('/proc/self/fd').catch(() => [])).length;
  await expect(resume(idOf(session), own)).rejects.toThrow(/EISDIR/);
  expect((await readdir('/proc/self/fd').catch(() => [])).length).toBeLessThanOrEqual(descriptors);
  await rm(join(session.folder, 'bin'), { recursive: true });
  expect(await isThere(join(session.folder, 'pgpass'))).toBe(false);
  await resume(idOf(session));
});

describe('a run from another machine', () => {
  test('is stopped by the lock on the server, at begin and at resume', async () => {
    const first = await begin();
    const elsewhere = settingsWith(target('members'), 'other-machine');
    await expect(begin(elsewhere)).rejects.toThrow(
      new RegExp(`in the hands of ana \\(run ${idOf(first)}\\)`),
    );
    await first.close();
    const second = await begin(elsewhere);
    await expect(resume(idOf(first))).rejects.toThrow(/in the hands of ana/);
    await second.close();
    await resume(idOf(first));
  });

  test('a closed run has given it back', async () => {
    await (await begin()).close();
    const locking = await lockDatabase(cluster.url('postgres'), 'members', { run: 'r', operator: 'o' });
    expect(locking.kind).toBe('locked');
    if (locking.kind === 'locked') await locking.lock.release();
  });

  test('a server that cannot be asked is told in the journal', async () => {
    const session = await begin(
      settingsWith(target('members', { url: 'postgresql://x@127.0.0.1:1/members' })),
    );
    expect(notes(session.events())).toEqual([expect.stringMatching(/could not be asked for a lock/)]);
  });
});

function notes(events: readonly RunEvent[]): readonly string[] {
  return events.flatMap((event) => (event.type === 'note-added' ? [event.text] : []));
}

describe('secrets', () => {
  test('are given again as far as the environment knows them, and by flag', async () => {
    const session = await begin();
    await session.dispatch(
      giveIntent('API_TOKEN', { value: 'tok-3141592653', secret: true, source: 'environment' }),
    );
    await session.close();

    const { session: again } = await resume(idOf(session));
    expect(again.events().at(-1)).toMatchObject({ type: 'input-given', name: 'API_TOKEN', secret: true });
    await again.close();

    environment = { PATH: environment.PATH, HOME: folder, OTHER: 'tok-1618033988' };
    const { session: bare } = await resume(idOf(session));
    expect(bare.events().at(-1)!.type).not.toBe('input-given');
    await bare.close();

    const { session: flagged } = await resume(idOf(session), settings, ['API_TOKEN=env:OTHER']);
    expect(flagged.events().at(-1)).toMatchObject({ type: 'input-given', source: 'flag', secret: true });
    expect(JSON.stringify(flagged.events())).not.toContain('tok-1');
    await flagged.close();

    await expect(resume(idOf(session), settings, ['NO_SUCH=1'])).rejects.toThrow(/does not ask for NO_SUCH/);
  });
});

describe('what killed runs left', () => {
  const state = () => settings.folders.state;

  /** As a kill leaves it: the files are there, nobody holds it. */
  async function left(finished: boolean): Promise<string> {
    const session = await begin();
    if (finished) await session.dispatch({ type: 'finish', outcome: 'abandoned', reason: 'a test' });
    await session.close();
    await writeFile(join(session.folder, 'pgpass'), 'h:5432:*:u:p\n');
    await mkdir(join(session.folder, 'state'), { recursive: true });
    return session.folder;
  }

  test('passwords go, and what a shell held goes with a finished run', async () => {
    const unfinished = await left(false);
    const finished = await left(true);
    await sweepRuns(state(), 'ana');
    expect(await isThere(join(unfinished, 'pgpass'))).toBe(false);
    expect(await isThere(join(unfinished, 'state'))).toBe(true);
    expect(await isThere(join(finished, 'pgpass'))).toBe(false);
    expect(await isThere(join(finished, 'state'))).toBe(false);
  });

  test('a run that somebody holds keeps everything, and the next beginning sweeps the others', async () => {
    const folderOfLeft = await left(true);
    const locking = await lockRun(folderOfLeft, 'x', 'ben');
    await sweepRuns(state(), 'ana');
    expect(await isThere(join(folderOfLeft, 'pgpass'))).toBe(true);
    expect(await isThere(join(folderOfLeft, 'state'))).toBe(true);
    if (locking.kind === 'locked') await locking.lock.release();
    const running = await begin();
    expect(await isThere(join(folderOfLeft, 'pgpass'))).toBe(false);
    expect(await isThere(join(runFolder(state(), idOf(running)), 'pgpass'))).toBe(true);
  });
});

test('that a run was handed over to somebody is said to whoever else takes it up, once', async () => {
  const session = await begin();
  const run = idOf(session);
  await session.dispatch({ type: 'hand-over', to: 'bea' });
  await session.close();
  const first = await resume(run);
  expect(first.findings.map(({ text }) => text).join('\n')).toMatch(
    /ana handed it over to bea at .*tells bea/,
  );
  await first.session.close();
  const second = await resume(run);
  expect(second.findings.map(({ text }) => text).join('\n')).not.toContain('bea');
});
