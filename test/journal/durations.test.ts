import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { typicalDurations } from '../../src/journal/durations.ts';
import { createJournal } from '../../src/journal/journal.ts';
import { runFolder } from '../../src/journal/runs.ts';
import type { RunEvent } from '../../src/run/event.ts';
import { commandFinished, commandStarted, started } from './events.ts';

let state: string;
beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'drillbook-durations-'));
});
afterEach(() => rm(state, { recursive: true, force: true }));

const ids = [
  '20261118-0312-restore-aaaa',
  '20261119-0312-restore-bbbb',
  '20261120-0312-restore-cccc',
] as const;

async function ran(
  run: string,
  text: string,
  ...ends: Partial<Extract<RunEvent, { type: 'command-finished' }>>[]
) {
  const journal = await createJournal(runFolder(state, run), 'ana');
  await journal.append(started({ run }));
  for (const [at, end] of ends.entries()) {
    const attempt = at + 1;
    await journal.append(commandStarted(attempt, text));
    await journal.append({ ...commandFinished(), ...end, attempt } as RunEvent);
  }
  await journal.close();
}

test('what a command took before, by its text, where it succeeded', async () => {
  await ran(ids[0], 'pg_restore x', { durationMs: 1000 }, { durationMs: 5, verdict: 'failed' });
  await ran(ids[1], 'pg_restore x', { durationMs: 4000 }, { durationMs: 2000 });
  await ran(ids[2], 'pg_dump x', { durationMs: 10 }, { durationMs: 21 });
  expect(Object.fromEntries(await typicalDurations(state))).toEqual({
    'pg_restore x': { count: 3, median: 2000, shortest: 1000, longest: 4000 },
    'pg_dump x': { count: 2, median: 16, shortest: 10, longest: 21 },
  });
  expect([...(await typicalDurations(state, { without: ids[2] })).keys()]).toEqual(['pg_restore x']);
});

test('the longest time in which a command said nothing before', async () => {
  await ran(ids[0], 'pg_restore x', { durationMs: 90_000, silentMs: 60_000 }, { durationMs: 9, silentMs: 2 });
  await ran(ids[1], 'pg_restore x', { durationMs: 99_000, silentMs: 98_000, verdict: 'failed' });
  expect((await typicalDurations(state)).get('pg_restore x')?.silent).toBe(60_000);
});

test('a journal that is torn or missing tells what it can', async () => {
  await ran(ids[0], 'pg_restore x', { durationMs: 1000 });
  await appendFile(join(runFolder(state, ids[0]), 'journal.jsonl'), '{"type":"command-finished","comm');
  expect((await typicalDurations(state)).get('pg_restore x')?.count).toBe(1);
  expect(await typicalDurations(join(state, 'nothing'))).toEqual(new Map());
});
