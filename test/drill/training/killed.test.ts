import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { endKilledTrainings, wordsOfKilled } from '../../../src/drill/training/killed.ts';
import { readResults, trainingsFolder } from '../../../src/drill/training/results.ts';
import { createJournal } from '../../../src/journal/journal.ts';
import { readJournal } from '../../../src/journal/read.ts';
import { runFolder } from '../../../src/journal/runs.ts';
import { fold } from '../../../src/run/fold.ts';
import type { TrainingFact } from '../../../src/run/training.ts';
import { PaperRun, procedureOf, targetIn } from '../../support/run.ts';
import { loadSyntax } from '../../support/syntax.ts';

let state: string;

beforeAll(loadSyntax);
beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'drillbook-killed-'));
  onTestFinished(() => rm(state, { recursive: true, force: true }));
});

/** A training as its journal has it when its process is gone. */
async function training(name: string, operator: string, facts: readonly TrainingFact[]): Promise<void> {
  const journal = await createJournal(join(trainingsFolder(state), name), operator);
  const started = {
    kind: 'started',
    training: name,
    scenario: 'deleted-rows',
    title: 'A list',
    version: '0',
  };
  for (const fact of [started as TrainingFact, ...facts]) await journal.append({ type: 'training', fact });
  await journal.close();
}

/** A run that stands at its first command. */
async function run(name: string): Promise<void> {
  const paper = new PaperRun(procedureOf('# Look\n\n## 1. Look\n\n```bash\ndate\n```\n'), {
    target: targetIn('sandbox'),
  });
  paper.send({ type: 'next' });
  const journal = await createJournal(runFolder(state, name), 'ana');
  for (const { seq: _, time: __, operator: ___, prev: ____, ...event } of paper.events)
    await journal.append(event as Parameters<typeof journal.append>[0]);
  await journal.close();
}

test('a training that was killed is kept as left, its run as abandoned, and who begins the next one is told once', async () => {
  const name = '20261121-0512-training-deleted-rows-k3f9';
  const of = '20261121-0513-look-aaaa';
  await run(of);
  await training(name, 'ana', [
    { kind: 'hint-taken', level: 1, text: 'look' },
    { kind: 'run-begun', run: of },
  ]);
  expect((await readResults(state))[0]).toMatchObject({ outcome: 'unfinished' });

  const killed = await endKilledTrainings(state, 'ben');
  expect(killed).toMatchObject([{ title: 'A list', operator: 'ana', runs: [of] }]);
  const words = wordsOfKilled(killed);
  for (const part of ['“A list” that ana began', 'left before the end', 'run as abandoned', 'made anew'])
    expect(words).toContain(part);

  const [result] = await readResults(state);
  expect(result).toMatchObject({ outcome: 'left', operator: 'ana', hints: 1 });
  const ended = fold((await readJournal(runFolder(state, of))).events);
  expect(ended).toMatchObject({ status: 'finished', outcome: 'abandoned' });
  expect(await endKilledTrainings(state, 'ben')).toEqual([]);
  expect(wordsOfKilled([])).toBeUndefined();
});

test('one that was ended by its trainee is left as it is', async () => {
  await training('20261121-0512-training-deleted-rows-aaaa', 'ana', [
    { kind: 'finished', outcome: 'given-up' },
  ]);
  expect(await endKilledTrainings(state, 'ana')).toEqual([]);
  expect(await readResults(state)).toMatchObject([{ outcome: 'given-up' }]);
});
