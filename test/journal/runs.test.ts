import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createJournal } from '../../src/journal/journal.ts';
import { lockRun } from '../../src/journal/lock.ts';
import { isRunId, newRunId, slug } from '../../src/journal/run-id.ts';
import { findRun, listRuns, runFolder } from '../../src/journal/runs.ts';
import type { RunEvent } from '../../src/run/event.ts';
import { note, started, temporaryFolder } from './events.ts';

async function run(state: string, id: string, at: string, ...events: readonly RunEvent[]): Promise<void> {
  const journal = await createJournal(runFolder(state, id), 'olga', () => Date.parse(at));
  await journal.appendAll([started({ run: id }), ...events]);
  await journal.close();
}

describe('the list of runs', () => {
  it('shows each run with where it stands, newest first', async () => {
    const state = await temporaryFolder();
    const target = {
      name: 'prod',
      environment: 'production',
      engine: 'postgres',
      database: 'members',
      address: 'db:5432',
      tags: [],
      objectives: {},
    } as const;
    await run(state, '20261120-0312-a-aaaa', '2026-11-20T03:12:00Z', { type: 'step-entered', step: 'check' });
    await run(
      state,
      '20261120-0500-b-bbbb',
      '2026-11-20T05:00:00Z',
      { type: 'step-entered', step: 'check' },
      { type: 'step-entered', step: 'restore' },
      { type: 'run-finished', outcome: 'passed' },
      { type: 'question-answered', question: 'impact', answer: 'none' },
    );
    await run(
      state,
      '20261119-0500-c-cccc',
      '2026-11-19T05:00:00Z',
      { type: 'run-stopped', reason: 'lunch' },
      note('x'),
    );
    await run(state, '20261118-0500-d-dddd', '2026-11-18T05:00:00Z', { type: 'handed-over', to: 'per' });
    await run(
      state,
      '20261117-0500-e-eeee',
      '2026-11-17T05:00:00Z',
      { type: 'run-stopped', reason: 'lunch' },
      { type: 'run-resumed', host: 'laptop', version: '0.1.0', tornBytes: 0 },
    );
    const journal = await createJournal(runFolder(state, '20261116-0500-f-ffff'), 'olga', () => 0);
    await journal.append(started({ target }));
    await journal.close();

    const runs = await listRuns(state);
    expect(runs.map(({ id, status, outcome }) => [id.slice(-4), status, outcome])).toEqual([
      ['bbbb', 'finished', 'passed'],
      ['aaaa', 'running', undefined],
      ['cccc', 'stopped', undefined],
      ['dddd', 'handed-over', undefined],
      ['eeee', 'running', undefined],
      ['ffff', 'running', undefined],
    ]);
    expect(runs[0]).toMatchObject({ progress: { step: 2, of: 2, title: 'Restore' }, mode: 'incident' });
    expect(runs[1]).toMatchObject({
      title: 'Restore to production',
      startedAt: '2026-11-20T03:12:00.000Z',
      lastAt: '2026-11-20T03:12:00.000Z',
      progress: { step: 1, of: 2, title: 'Check' },
      operator: 'olga',
    });
    expect(runs[5]).toMatchObject({
      target: 'prod',
      environment: 'production',
      progress: { step: 0, of: 2 },
    });
  });

  it('tells which run a living process has in its hands', async () => {
    const state = await temporaryFolder();
    await run(state, '20261120-0312-a-aaaa', '2026-11-20T03:12:00Z');
    const locking = await lockRun(runFolder(state, '20261120-0312-a-aaaa'), '20261120-0312-a-aaaa', 'olga');
    expect((await listRuns(state))[0]?.holder).toMatchObject({ pid: process.pid, operator: 'olga' });
    if (locking.kind === 'locked') await locking.lock.release();
    expect((await listRuns(state))[0]?.holder).toBeUndefined();
  });

  it('lists broken folders with what is wrong, and the good ones beside them', async () => {
    const state = await temporaryFolder();
    await run(state, '20261120-0312-good-aaaa', '2026-11-20T03:12:00Z');
    const bad: Readonly<Record<string, string | undefined>> = {
      '20261120-0101-none-aaaa': undefined,
      '20261120-0102-empty-aaaa': '',
      '20261120-0103-garbage-aaaa': '\0\x01garbage\nmore\n',
      '20261120-0104-other-aaaa': '{"type":"note-added","time":"2026-11-20T03:12:00Z","text":"x"}\n',
      '20261120-0105-bones-aaaa': '{"type":"run-started","time":"2026-11-20T03:12:00Z"}\n',
    };
    for (const [id, content] of Object.entries(bad)) {
      await mkdir(runFolder(state, id), { recursive: true });
      if (content !== undefined) await writeFile(join(runFolder(state, id), 'journal.jsonl'), content);
    }
    await mkdir(join(runFolder(state, '20261120-0106-folder-aaaa'), 'journal.jsonl'), { recursive: true });
    await writeFile(join(state, 'runs', 'a-file'), '');
    const runs = await listRuns(state);
    expect(runs).toHaveLength(7);
    for (const found of runs) {
      if (found.id.includes('good')) expect(found.status).toBe('running');
      else expect(found).toMatchObject({ status: 'unreadable', fault: expect.stringMatching(/\w+ \w+/) });
    }
  });

  it('is empty where nothing has run yet', async () => {
    expect(await listRuns(await temporaryFolder())).toEqual([]);
  });
});

describe('finding a run', () => {
  it('takes a whole id, a beginning of one, or its last four characters', async () => {
    const state = await temporaryFolder();
    for (const id of ['20261120-0312-a-k3f9', '20261120-0312-a-k3f9-x', '20261121-0000-b-m2p4'])
      await mkdir(runFolder(state, id), { recursive: true });
    expect(await findRun(state, '20261121')).toMatchObject({ kind: 'found', id: '20261121-0000-b-m2p4' });
    expect(await findRun(state, 'M2P4')).toMatchObject({ kind: 'found', id: '20261121-0000-b-m2p4' });
    expect(await findRun(state, '20261120-0312-a-k3f9')).toMatchObject({ kind: 'found' });
    expect(await findRun(state, '20261120')).toMatchObject({
      kind: 'ambiguous',
      ids: expect.arrayContaining([]),
    });
    expect(await findRun(state, '2025')).toEqual({ kind: 'none' });
    expect(await findRun(state, '')).toEqual({ kind: 'none' });
    expect(await findRun(state, '../..')).toEqual({ kind: 'none' });
  });

  it('never leads out of the folder of runs', () => {
    for (const id of ['..', '../x', '/etc', '.', '', 'a/b', 'A'])
      expect(() => runFolder('/state', id)).toThrow(RangeError);
  });
});

describe('the id of a run', () => {
  it('sorts by time and reads well', () => {
    const id = newRunId('Restore to Production (Emergency)', new Date('2026-11-20T03:12:59Z'));
    expect(id).toMatch(/^20261120-0312-restore-to-production-emergency-[2-9a-z]{4}$/);
    expect(isRunId(id)).toBe(true);
  });

  it('is sound for any title', () => {
    expect(slug('Größe — Überprüfung')).toBe('grosse-uberprufung');
    expect(slug('Restore the members database to the newest verified backup')).toBe(
      'restore-the-members-database-to-the',
    );
    for (const title of ['', '日本語', '../../etc/passwd', '-'.repeat(99), 'x'.repeat(99)])
      expect(isRunId(newRunId(title, new Date(0)))).toBe(true);
  });
});
