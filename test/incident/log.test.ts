import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { log } from '../../src/cli/log.ts';
import { entryOf } from '../../src/incident/entry.ts';
import { messageOf } from '../../src/incident/message.ts';
import { post } from '../../src/incident/outbox.ts';
import { writeEntry } from '../../src/incident/write.ts';
import { runFolder } from '../../src/journal/runs.ts';
import { aborted, failedVerification, resumed, Story, success } from './restore-run.ts';

const ids = {
  success: '20261120-0312-restore-to-production-k3f9',
  failed: '20261120-0312-restore-to-production-f4a2',
  aborted: '20261120-0312-restore-to-production-b7c3',
  resumed: '20261120-0312-restore-to-production-r8e5',
};

let home: string;
let state: string;
let out: string;
let err: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'drillbook-log-'));
  state = join(home, 'state');
  vi.stubEnv('DRILLBOOK_HOME', home);
  [out, err] = ['', ''];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += text;
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    err += text;
    return true;
  });
});

afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await rm(home, { recursive: true, force: true });
});

/** A run on disk; with its entry where it says so. */
async function put(id: string, story: Story, written = false): Promise<string> {
  const folder = runFolder(state, id);
  await mkdir(join(folder, 'output'), { recursive: true });
  await writeFile(join(folder, 'journal.jsonl'), story.bytes);
  for (const event of story.events)
    if (event.type === 'command-finished')
      await writeFile(join(folder, 'output', event.output.file), event.output.tail);
  if (written) await writeEntry(entryOf(story.events, new Date()), folder);
  return folder;
}

async function putAll(): Promise<void> {
  await put(ids.success, success(), true);
  await put(ids.failed, failedVerification());
  await put(ids.aborted, aborted());
  await put(ids.resumed, resumed(), true);
}

describe('drillbook log', () => {
  it('lists runs, filtered', async () => {
    await putAll();
    expect(await log(['list'])).toBe(0);
    expect(out.trim().split('\n')).toHaveLength(4);
    expect(out).toContain('k3f9  incident  prod        passed      Restore to production');
    out = '';
    await log(['list', '--mode', 'drill', '--outcome', 'failed', '--since', '2026-11-20', '--json']);
    expect(JSON.parse(out)).toMatchObject({ schema: 1, runs: [{ id: ids.failed, outcome: 'failed' }] });
    out = '';
    await log(['list', '--until', '2026-11-19']);
    expect(out).toBe('');
    expect(err).toContain('No runs yet that fit');
  });

  it('shows an entry as it was written, with what a person has added', async () => {
    const folder = await put(ids.success, success(), true);
    const file = join(folder, 'entry.md');
    await writeFile(file, `${await readFile(file, 'utf8')}\nReviewed on Monday.\n`);
    await log(['show', 'k3f9']);
    expect(out).toMatch(/^# Incident: Restore to production – passed\n[\s\S]*Reviewed on Monday\.\n$/);
  });

  it('shows an entry that nobody wrote, and one that the journal has outgrown', async () => {
    const folder = await put(ids.success, success(), true);
    const later = success().say({
      type: 'question-answered',
      question: 'impact',
      answer: 'two shops could not sell',
    });
    await writeFile(join(folder, 'journal.jsonl'), later.bytes);
    await log(['show', ids.success]);
    expect(out).toContain('two shops could not sell');
    out = '';
    await put(ids.aborted, aborted());
    await log(['show', 'b7c3', '--json']);
    expect(JSON.parse(out)).toMatchObject({ schema: 1, outcome: 'abandoned' });
  });

  it('drafts an entry in the middle of a run', async () => {
    await put(ids.success, new Story().upToTerminate());
    await log(['draft', '20261120']);
    expect(out).toContain('# Incident: Restore to production – in progress');
  });

  it('shows what stands before the damage of a journal, and says so', async () => {
    const folder = await put(ids.success, success());
    const text = await readFile(join(folder, 'journal.jsonl'), 'utf8');
    await writeFile(join(folder, 'journal.jsonl'), text.replace('migration 2231', 'migration 2232'));
    await log(['show', 'k3f9']);
    expect(out).toContain('in progress');
    expect(err).toMatch(/is damaged \(line \d+: it was changed/);
  });

  it('finds entries by words, anywhere in them', async () => {
    await putAll();
    expect(await log(['search', 'MIGRATION', 'email', '--json'])).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      entries: [{ title: 'Restore to production', hits: expect.any(Array) }],
    });
    out = '';
    expect(await log(['search', 'dashboard'])).toBe(0);
    expect(out).toContain('done by hand: in the dashboard');
    out = '';
    expect(await log(['search', 'nowhere-at-all'])).toBe(1);
    expect(out).toBe('');
  });

  it('proves every run, and fails with the first bad line where one is not sound', async () => {
    await putAll();
    expect(await log(['verify'])).toBe(0);
    expect(out.match(/ sound, /g)).toHaveLength(4);
    expect(out).toContain('against 2 kept heads');
    expect(out).toContain('no head was kept');
    const folder = runFolder(state, ids.aborted);
    const text = await readFile(join(folder, 'journal.jsonl'), 'utf8');
    await writeFile(join(folder, 'journal.jsonl'), text.replace('"verify"', '"verifx"'));
    out = '';
    expect(await log(['verify', 'b7c3', '--json'])).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      runs: [{ sound: false, problems: [expect.stringMatching(/^line \d+: /)] }],
    });
  });

  it('adds the runs up', async () => {
    await putAll();
    await log(['stats', '--json']);
    expect(JSON.parse(out)).toMatchObject({
      runs: 4,
      incidents: 3,
      drills: { passed: 0, of: 1 },
      failed: expect.arrayContaining([expect.objectContaining({ step: 'Verify', count: 1 })]),
      skipped: expect.arrayContaining([expect.objectContaining({ step: 'Verify', count: 1 })]),
    });
    const [one, two] = JSON.parse(out).rto as { seconds: number }[];
    expect(JSON.parse(out).mttr).toBeCloseTo((one!.seconds + two!.seconds) / 2);
    out = '';
    await log(['stats']);
    expect(out).toMatch(/recovery time {2}[▁█]{2} {2}last/);
    expect(out).toContain('Slowest commands');
  });

  it('says so where there is nothing to add up', async () => {
    expect(await log(['stats'])).toBe(0);
    expect(out).toContain('no incident was recovered from yet');
    expect(out).toContain('none was finished yet');
  });

  it('exports CSV that a spreadsheet does not run, and JSON', async () => {
    await put(ids.success, success());
    await put(
      ids.aborted,
      new Story().say({
        type: 'run-finished',
        outcome: 'abandoned',
        reason: '=HYPERLINK("http://e.vil","a, b")\x1b[2J',
      }),
    );
    await log(['export']);
    const [names, ...rows] = out.trim().split('\r\n');
    expect(names).toMatch(/^run,started,ended,title,mode/);
    expect(rows).toHaveLength(2);
    expect(out).toContain('"\'=HYPERLINK(""http://e.vil"",""a, b"")"');
    expect(out).not.toContain('\x1b');
    out = '';
    await log(['export', '--format', 'json']);
    expect(JSON.parse(out).entries).toHaveLength(2);
  });

  it('exports one page for a browser, or a page for each, and writes over nothing', async () => {
    await putAll();
    const file = join(home, 'page.html');
    await log(['export', '--html', 'k3f9', '-o', file]);
    expect(await readFile(file, 'utf8')).toContain('<h1>Incident: Restore to production – passed</h1>');
    await expect(log(['export', '--html', 'f4a2', '-o', file])).rejects.toThrow('is there already');
    expect(await readFile(file, 'utf8')).toContain('passed</h1>');
    await expect(log(['export', '--html', 'all'])).rejects.toThrow('-o FOLDER');
    out = '';
    await log(['export', '--html', 'all', '--mode', 'incident', '-o', join(home, 'pages')]);
    expect(out.trim().split('\n').sort()).toEqual(
      [ids.success, ids.aborted, ids.resumed].map((id) => join(home, 'pages', `${id}.html`)).sort(),
    );
    out = '';
    await log(['export', '--html', 'b7c3']);
    expect(out).toMatch(/^<!doctype html>[\s\S]*<\/html>\n$/);
  });

  it('lets no sequence of a command reach the terminal', async () => {
    const nasty = '\x1b]0;owned\x07\x9b2J\u202e';
    await put(
      ids.success,
      new Story()
        .say({ type: 'note-added', text: `${nasty}note` })
        .say({ type: 'run-stopped', reason: nasty }),
    );
    for (const args of [
      ['list'],
      ['show', 'k3f9'],
      ['show', 'k3f9', '--json'],
      ['search', 'note'],
      ['export'],
      ['stats'],
    ])
      await log(args);
    expect(out).not.toMatch(/[\x1b\x07\x80-\x9f\u202e]/);
  });

  it('keeps going where a run cannot be read', async () => {
    await put(ids.success, success());
    await mkdir(runFolder(state, ids.failed), { recursive: true });
    expect(await log(['search', 'migration'])).toBe(0);
    expect(err).toContain(`left out ${ids.failed}`);
    await log(['list']);
    expect(out).toContain('unreadable: it has no journal');
    expect(await log(['verify'])).toBe(1);
  });

  it('refuses what it cannot do, with what to do instead', async () => {
    await putAll();
    await expect(log([])).rejects.toThrow(/Say what to do: list/);
    await expect(log(['show', 'nope'])).rejects.toThrow(
      /There is no run nope\. 'drillbook log list' shows the runs/,
    );
    await expect(log(['show', '2026'])).rejects.toThrow(/may mean several runs/);
    await expect(log(['list', '--since', 'yesterday'])).rejects.toThrow(/Write it as 2026-11-20/);
    // What nothing can fit must not look as if nothing had happened.
    await expect(log(['list', '--since', '2026-02-30'])).rejects.toThrow(/is not a day/);
    await expect(log(['stats', '--until', '2026-13-01'])).rejects.toThrow(/is not a day/);
    await expect(log(['list', '--since', '2026-11-21', '--until', '2026-11-20'])).rejects.toThrow(/no day/);
    await expect(log(['export', '--outcome', 'pased'])).rejects.toThrow(/take one of passed, failed/);
    await expect(log(['search', 'x', '--mode', 'drills'])).rejects.toThrow(/take one of incident, drill/);
    await expect(log(['export', '--format', 'xml'])).rejects.toThrow(/not a format/);
    await expect(log(['lst'])).rejects.toThrow();
    await mkdir(runFolder(state, 'empty'), { recursive: true });
    await writeFile(join(runFolder(state, 'empty'), 'journal.jsonl'), '');
    await expect(log(['draft', 'empty'])).rejects.toThrow(/has no entry: nothing was recorded/);
  });
});

describe('what follows from entries', () => {
  it('the index hears of what was changed, added and removed since', async () => {
    await putAll();
    const count = async () => {
      out = '';
      await log(['stats', '--json']);
      return JSON.parse(out).runs;
    };
    expect([await count(), await count()]).toEqual([4, 4]);
    await put('20261121-0400-restore-to-production-z1z1', success());
    expect(await count()).toBe(5);
    const later = success().say({ type: 'note-added', text: 'zebra crossing' });
    await put(ids.failed, later);
    out = '';
    expect(await log(['search', 'zebra'])).toBe(0);
    expect(out).toContain('Note: zebra crossing');
    await rm(runFolder(state, ids.failed), { recursive: true });
    expect(await count()).toBe(4);
    await writeFile(join(home, 'cache', 'log-index'), 'no index');
    expect(await count()).toBe(4);
  });

  it('follow-ups are open until they are closed', async () => {
    await put(
      ids.success,
      success().say({
        type: 'question-answered',
        question: 'follow-ups',
        answer: '- Rotate the key (Per)\n2. Buy disks\nnone',
      }),
    );
    await log(['follow-up', 'add', 'Ask', 'the', 'vendor', '--run', 'k3f9']);
    out = '';
    await log(['follow-up', 'list', '--json']);
    const all = JSON.parse(out).followUps;
    expect(all.map(({ text }: { text: string }) => text)).toEqual([
      'Rotate the key (Per)',
      'Buy disks',
      'Ask the vendor',
    ]);
    await log(['follow-up', 'close', all[0].id, '--note', 'done by Per']);
    await log(['follow-up', 'close', all[2].id]);
    out = '';
    await log(['follow-up']);
    expect(out).toContain('Buy disks');
    expect(out.trim().split('\n')).toHaveLength(1);
    await expect(log(['follow-up', 'close', all[0].id])).rejects.toThrow('no open follow-up');
    out = '';
    await log(['follow-up', 'list', '--all']);
    expect(out).toContain('closed ');
    expect(out).toContain('done by Per');
  });

  it('says what waits to be told, and that there is nothing', async () => {
    expect(await log(['outbox'])).toBe(0);
    expect(err).toContain('Everything has been told.');
    const { events } = success();
    const sink = { kind: 'slack' as const, url: 'env:NOWHERE', tell: ['end' as const] };
    await post(
      state,
      sink,
      home,
      messageOf(events.findLast((e) => e.type === 'run-finished')!, events, home, 'end'),
    );
    await log(['outbox']);
    expect(out).toMatch(
      /^[0-9a-f]{24} {2}slack: \[INCIDENT\] Restore to production on prod \(production\): passed \(not tried yet\)\n$/,
    );
    const id = out.slice(0, 24);
    expect(await log(['outbox', '--retry'])).toBe(1);
    expect(out).toContain('(1 try, slack: the environment variable NOWHERE is not set)');
    await expect(log(['outbox', '--drop', 'nothing'])).rejects.toThrow('no message nothing waits');
    // Who gives up on a message is asked no more.
    await log(['outbox', '--drop', id]);
    expect(err).toContain('given up: [INCIDENT] Restore to production');
    expect(await log(['outbox', '--retry'])).toBe(0);
  });
});
