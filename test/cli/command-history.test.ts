import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CommandHistory } from '../../src/cli/command-history.ts';
import { runFolder } from '../../src/journal/runs.ts';

let state: string;
beforeAll(async () => {
  state = await mkdtemp(join(tmpdir(), 'drillbook-history-'));
});
afterAll(() => rm(state, { recursive: true, force: true }));

async function ran(run: string, text: string, durationMs: number): Promise<void> {
  const folder = runFolder(state, run);
  await mkdir(folder, { recursive: true });
  const events = [
    { type: 'command-started', command: 'c', attempt: 1, text },
    { type: 'command-finished', command: 'c', attempt: 1, verdict: 'succeeded', durationMs },
  ];
  await writeFile(
    join(folder, 'journal.jsonl'),
    events.map((event) => `${JSON.stringify(event)}\n`).join(''),
  );
}

test('a command is known by the earlier runs beside its own, and its own does not count', async () => {
  await ran('20261101-0000-restore-aaaa', 'pg_restore -d x a.dump', 2000);
  await ran('20261102-0000-restore-bbbb', 'pg_restore -d x a.dump', 4000);
  await ran('20261103-0000-restore-cccc', 'pg_restore -d x a.dump', 90_000);
  const history = new CommandHistory(runFolder(state, '20261103-0000-restore-cccc'));
  await history.read();
  expect(history.of('pg_restore -d x a.dump')).toEqual({
    count: 2,
    median: 3000,
    shortest: 2000,
    longest: 4000,
  });
  expect(history.of('pg_restore -d y a.dump')).toBeUndefined();
});

test('where there is nothing beside it, nothing is known and nothing fails', async () => {
  const history = new CommandHistory('/nowhere/runs/one');
  await history.read();
  expect(history.of('true')).toBeUndefined();
});
