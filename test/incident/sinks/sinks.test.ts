import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { entryOf } from '../../../src/incident/entry.ts';
import { folderObjects } from '../../../src/incident/folder-objects.ts';
import { messageOf } from '../../../src/incident/message.ts';
import { outboxFolder, post, putOff, waiting, waitingLine } from '../../../src/incident/outbox.ts';
import { type Sending, send } from '../../../src/incident/sending.ts';
import { storedHeads } from '../../../src/incident/stored-heads.ts';
import { type KeptHead, verifyRun } from '../../../src/incident/verify.ts';
import { writeEntry } from '../../../src/incident/write.ts';
import { type SinkSettings, sinkSettings } from '../../../src/settings/sink-settings.ts';
import { procedure, Story, success } from '../restore-run.ts';
import { listenHttp, listenSmtp } from './listeners.ts';

const run = promisify(execFile);

let home: string;
let state: string;
let folder: string;
let story: Story;
let clock: number;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'drillbook-sinks-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  state = join(home, 'state');
  folder = join(home, 'run');
  story = success();
  clock = Date.parse('2026-11-20T06:00:00.000Z');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'journal.jsonl'), story.bytes);
  await writeFile(join(folder, 'run.cast'), '{"version":3,"term":{"cols":80,"rows":24}}\n');
  await writeEntry(entryOf(story.events, new Date(clock)), folder);
});

const end = () =>
  messageOf(story.events.findLast((e) => e.type === 'run-finished')!, story.events, folder, 'end');

const put = (sink: unknown): Promise<boolean> => post(state, sinkSettings.parse(sink), home, end());

const go = (environment: Record<string, string> = {}, more: Partial<Sending> = {}) =>
  send({
    stateFolder: state,
    environment,
    openObjects: async (address) => folderObjects(address),
    now: () => new Date(clock),
    ...more,
  });

describe('what each place gets', () => {
  it('Slack: text, with the three signs escaped', async () => {
    const server = await listenHttp();
    story = new Story(undefined, { procedure: { ...procedure, title: 'Restore <!channel> & more' } });
    story.say({ type: 'run-finished', outcome: 'passed' });
    await put({ kind: 'slack', url: 'env:HOOK' });
    expect((await go({ HOOK: `${server.url}/services/T/B/x` })).told).toHaveLength(1);
    const [{ path, headers, body }] = server.received as [(typeof server.received)[0]];
    expect(path).toBe('/services/T/B/x');
    expect(headers['content-type']).toBe('application/json');
    expect(Object.keys(body)).toEqual(['text']);
    expect(body.text).toContain(
      '[INCIDENT] Restore &lt;!channel&gt; &amp; more on prod (production): passed',
    );
  });

  it('Discord: at most 2000 characters, and nobody is mentioned', async () => {
    const server = await listenHttp();
    story.say({ type: 'run-stopped', reason: `@everyone ${'long '.repeat(900)}` });
    server.answer = () => ({ status: 204 });
    await post(
      state,
      sinkSettings.parse({ kind: 'discord', url: 'env:HOOK' }),
      home,
      messageOf(story.events.at(-1)!, story.events, folder, 'end'),
    );
    await go({ HOOK: server.url });
    const { body } = server.received[0]!;
    expect(body.content.length).toBe(2000);
    expect(body.allowed_mentions).toEqual({ parse: [] });
  });

  it('SendGrid: personalizations, the entry attached, the key as bearer', async () => {
    const server = await listenHttp();
    server.answer = () => ({ status: 202 });
    await put({
      kind: 'sendgrid',
      key: 'env:KEY',
      from: 'Drillbook <ops@example.org>',
      to: ['a@example.org', 'b@example.org'],
      service: server.url,
    });
    await go({ KEY: 'SG.abc' });
    const { path, headers, body } = server.received[0]!;
    expect(path).toBe('/v3/mail/send');
    expect(headers.authorization).toBe('Bearer SG.abc');
    expect(body.personalizations).toEqual([{ to: [{ email: 'a@example.org' }, { email: 'b@example.org' }] }]);
    expect(body.from).toEqual({ email: 'ops@example.org', name: 'Drillbook' });
    expect(body.content[0].type).toBe('text/plain');
    expect(Buffer.from(body.attachments[0].content, 'base64').toString()).toBe(
      await readFile(join(folder, 'entry.md'), 'utf8'),
    );
  });

  it('SMTP: a letter with the entry, the same id at every try', async () => {
    const server = await listenSmtp();
    const sink = { kind: 'smtp', server: server.url, from: 'ops@example.org', to: ['a@example.org'] };
    server.refuse = '451 later please';
    await put(sink);
    expect((await go()).failed[0]?.problem).toContain('451 later please');
    server.refuse = undefined;
    await go({}, { all: true });
    const [letter] = server.letters;
    expect(server.letters).toHaveLength(1);
    expect(letter!.to).toEqual(['RCPT TO:<a@example.org>']);
    expect(letter!.data).toMatch(/^Message-ID: <[0-9a-f]{32}@drillbook>$/im);
    expect(letter!.data).toContain('restore-to-production-k3f9.md');
  });

  it('webhook: event, entry and an idempotency key', async () => {
    const server = await listenHttp();
    await put({ kind: 'webhook', url: `${server.url}/hook`, authorization: 'env:AUTH' });
    await go({ AUTH: 'Bearer t' });
    const { headers, body } = server.received[0]!;
    expect(body).toMatchObject({
      schema: 1,
      event: 'end',
      mode: 'incident',
      target: 'prod',
      status: 'passed',
    });
    expect(body.entry).toEqual(JSON.parse(await readFile(join(folder, 'entry.json'), 'utf8')));
    expect(headers.authorization).toBe('Bearer t');
    expect(headers['idempotency-key']).toBe(body.id);
  });

  it('object store: created only, entry, journal, recording, and the head last', async () => {
    await put({ kind: 's3', store: 'objects' });
    expect((await go()).failed).toEqual([]);
    const keys = async () => {
      const store = folderObjects(join(home, 'objects'));
      const found: string[] = [];
      for await (const { key } of store.list()) found.push(key.split('/').at(-1)!);
      return found;
    };
    const before = await keys();
    expect(before.map((key) => key.replace(/^\d+-/, '')).sort()).toEqual(
      ['entry.json', 'entry.md', 'head.json', 'journal.jsonl', 'run.cast'].sort(),
    );
    // Told again by somebody who lost the outbox: nothing there is touched, and it is no failure.
    await rm(outboxFolder(state), { recursive: true });
    await put({ kind: 's3', store: 'objects' });
    expect((await go()).told).toHaveLength(1);
    expect(await keys()).toEqual(before);
  });

  it('the head that a store keeps finds a tail that was cut off here, and where nobody kept one it cannot be found', async () => {
    await put({ kind: 's3', store: 'objects' });
    await go();
    const lines = story.bytes.toString('utf8').split('\n');
    await writeFile(join(folder, 'journal.jsonl'), `${lines.slice(0, -4).join('\n')}\n`);
    for (const name of ['head.json', 'entry.json', 'entry.md']) await rm(join(folder, name));
    const journalFaults = async (heads: readonly KeptHead[]) =>
      (await verifyRun(folder, heads)).problems.filter((problem) => !problem.startsWith('output/'));
    expect(await journalFaults([])).toEqual([]);
    const run = end().run;
    const heads = await storedHeads(folderObjects(join(home, 'objects')), run);
    expect(heads).toHaveLength(1);
    expect(await journalFaults(heads)).toEqual([
      expect.stringMatching(/^the end was cut off: .*-head\.json knows 3 more lines, from line \d+$/),
    ]);
  });

  it('folder: the entry by its name, committed alone in a git checkout', async () => {
    const team = join(home, 'team');
    await mkdir(team);
    const git = (...args: string[]) =>
      run('git', ['-C', team, '-c', 'user.name=o', '-c', 'user.email=o@example.org', ...args]);
    await git('init', '-q');
    await git('config', 'user.name', 'o');
    await git('config', 'user.email', 'o@example.org');
    await writeFile(join(team, 'other'), 'staged by somebody');
    await git('add', 'other');
    await put({ kind: 'folder', folder: 'team', commit: true });
    expect((await go()).failed).toEqual([]);
    const { stdout } = await git('show', '--stat', '--format=%s%n%b');
    expect(stdout).toContain('Add the incident entry of Restore to production');
    expect(stdout).toContain('2026-11-20-0312-restore-to-production.md');
    expect(stdout).not.toContain('other');
    expect((await git('status', '--porcelain')).stdout).toBe('A  other\n');
  });
});

describe('the outbox', () => {
  const slack: SinkSettings = sinkSettings.parse({ kind: 'slack', url: 'env:HOOK' });

  it('puts off with a growing pause, and longer where the other side asks for it', async () => {
    const server = await listenHttp();
    await put(slack);
    server.answer = () => ({ status: 500, body: 'broken' });
    const pauses: number[] = [];
    for (let n = 0; n < 4; n++) {
      const [failed] = (await go({ HOOK: server.url })).failed;
      expect(failed!.problem).toBe('slack: the answer was 500: broken');
      const next = Date.parse(failed!.nextAt);
      pauses.push((next - clock) / 1000);
      // Nothing happens before its time.
      expect((await go({ HOOK: server.url })).failed).toEqual([]);
      clock = next;
    }
    expect(pauses).toEqual([30, 60, 120, 240]);
    server.answer = () => ({ status: 429, headers: { 'retry-after': '9999' } });
    const [failed] = (await go({ HOOK: server.url })).failed;
    expect((Date.parse(failed!.nextAt) - clock) / 1000).toBe(9999);
    server.answer = () => ({ status: 200 });
    expect((await go({ HOOK: server.url }, { all: true })).told).toHaveLength(1);
    expect(await waiting(state)).toEqual([]);
  });

  it('tries again at a start, but not at each of many', async () => {
    const server = await listenHttp();
    server.answer = () => ({ status: 500 });
    await put(slack);
    // Sixty starts in a quarter of an hour.
    for (let n = 0; n < 60; n++) {
      await go({ HOOK: server.url }, { start: true });
      clock += 15_000;
    }
    expect(server.received.length).toBeLessThan(9);
    const before = server.received.length;
    // What was put off for an hour is tried by who comes back after five minutes.
    const [letter] = await waiting(state);
    await putOff(state, letter!, 'the answer was 500', new Date(clock + 3_600_000));
    clock = Date.parse(letter!.triedAt!) + 299_000;
    await go({ HOOK: server.url }, { start: true });
    expect(server.received).toHaveLength(before);
    clock += 1000;
    await go({ HOOK: server.url }, { start: true });
    expect(server.received).toHaveLength(before + 1);
  });

  it('says in one line what waits, however much it is', async () => {
    expect(waitingLine([])).toBeUndefined();
    for (const name of ['b', 'd', 'c', 'a']) await put({ kind: 'slack', url: 'env:NOWHERE', name });
    const line = waitingLine((await go()).failed);
    expect(line).toBe(
      '4 messages are not told yet (a: the environment variable NOWHERE is not set; b: the environment variable NOWHERE is not set; c: the environment variable NOWHERE is not set; and 1 more place). Kept, and tried again: drillbook log outbox',
    );
  });

  it('takes a message once, also after it has arrived', async () => {
    const server = await listenHttp();
    expect([await put(slack), await put(slack)]).toEqual([true, false]);
    await go({ HOOK: server.url });
    expect(await put(slack)).toBe(false);
    await go({ HOOK: server.url });
    expect(server.received).toHaveLength(1);
  });

  it('goes on with the other places where one fails, cuts the line, or never answers', async () => {
    const [good, cut, mute] = [await listenHttp(), await listenHttp(), await listenHttp()];
    cut.answer = () => 'cut';
    mute.answer = () => 'silence';
    await put({ kind: 'slack', url: 'env:GOOD' });
    await put({ kind: 'slack', url: 'env:CUT', name: 'cut' });
    await put({ kind: 'slack', url: 'env:MUTE', name: 'mute' });
    await put({ kind: 'slack', url: 'env:NOWHERE', name: 'unset' });
    await put({ kind: 's3', store: 'file:/nowhere/at/all', name: 'objects' });
    const sent = await go({ GOOD: good.url, CUT: cut.url, MUTE: mute.url }, { patience: 400 });
    expect(sent.told.map(({ sink }) => sink.kind)).toEqual(['slack']);
    expect(sent.failed.map(({ problem }) => problem).sort()).toEqual([
      'cut: the connection was cut',
      'mute: no answer came in time',
      'objects: /nowhere/at/all cannot be read (ENOENT)',
      'unset: the environment variable NOWHERE is not set',
    ]);
  });

  it('keeps no secret, whatever the other side says', async () => {
    const server = await listenHttp();
    const token = 'xoxb-8842-secret-token';
    server.answer = () => ({ status: 403, body: `bad hook ${server.url}/${token}` });
    await put(slack);
    await go({ HOOK: `${server.url}/${token}` });
    const files = await readdir(outboxFolder(state), { recursive: true, withFileTypes: true });
    for (const file of files.filter((one) => one.isFile()))
      expect(await readFile(join(file.parentPath, file.name), 'utf8')).not.toContain(token);
  });

  it('says that it may be the second time where a try was killed', async () => {
    const server = await listenHttp();
    await put(slack);
    server.answer = () => 'silence';
    const program = `
      const { send } = await import(${JSON.stringify(new URL('../../../src/incident/sending.ts', import.meta.url).href)});
      await send({ stateFolder: ${JSON.stringify(state)}, environment: process.env, openObjects: undefined, all: true });`;
    const child = run(process.execPath, ['--input-type=module', '-e', program], {
      env: { ...process.env, HOOK: server.url },
    });
    child.catch(() => undefined);
    await expect.poll(() => server.received.length, { timeout: 20_000 }).toBe(1);
    child.child.kill('SIGKILL');
    await child.catch(() => undefined);
    expect(await waiting(state)).toMatchObject([{ tries: 1, trying: true }]);
    server.answer = () => ({ status: 200 });
    expect((await go({ HOOK: server.url }, { all: true })).told).toHaveLength(1);
    expect(server.received[1]!.body.text).toContain('Sent again');
    expect(await waiting(state)).toEqual([]);
  });
});

describe('settings of sinks', () => {
  it.each([
    { kind: 'slack', url: 'https://hooks.slack.com/services/T/B/x' },
    { kind: 'discord', url: 'https://discord.com/api/webhooks/1/x' },
    { kind: 'sendgrid', key: 'SG.x', from: 'a@b', to: ['c@d'] },
    { kind: 'smtp', server: 'smtp://me:secret@mail.example.org', from: 'a@b', to: ['c@d'] },
    { kind: 'webhook', url: 'https://user:pass@example.org/' },
  ])('refuse a secret in clear: $kind', (sink) => {
    const result = sinkSettings.safeParse(sink);
    expect(result.success).toBe(false);
    expect(result.error?.message).toContain('env:NAME');
  });
});
