import { expect, test } from 'vitest';
import type { RunEvent } from '../../src/run/event.ts';
import { fold } from '../../src/run/fold.ts';
import type { Part } from '../../src/runbook/part.ts';
import type { Procedure } from '../../src/runbook/procedure.ts';
import { isShellLoaded } from '../../src/syntax/shell.ts';
import { PaperRun } from '../support/run.ts';

// Nothing here loads the shell grammar: a list of runs and a sweep of old ones look at journals without it.
const range = { start: 0, end: 1, line: 1, column: 1, endLine: 1, endColumn: 2 };
const command = (id: string, text: string): Part => ({
  kind: 'command',
  id,
  language: 'shell',
  text,
  range,
  hints: {},
});
const sample: Part = {
  kind: 'sample',
  text: 'cat $FILE',
  range: { ...range, start: 10, end: 20 },
  block: 'block-1',
};

const procedure: Procedure = {
  id: 'restore',
  title: 'Restore',
  path: [],
  range,
  prose: '',
  items: [{ kind: 'step', id: 'step-1', title: 'Look', range, parts: [command('step-1/1', 'ls'), sample] }],
  placeholders: [],
  variables: [],
  guesses: [
    {
      block: 'block-1',
      range: sample.range,
      role: 'sample',
      guess: { reason: 'no language tag', otherwise: 'commands' },
      other: {
        role: 'commands',
        places: [
          {
            step: 'step-1',
            parts: [{ ...command('step-1/block-1/1', 'cat $FILE'), range: sample.range }],
          },
        ],
      },
    },
  ],
};

const changes: readonly RunEvent[] = [
  {
    type: 'remedy-taken',
    title: 'The disk is full',
    line: 9,
    step: 'step-1',
    before: 'step-1/1',
    parts: [command('symptom/1', 'df -h <disk>')],
  },
  { type: 'block-reread', block: 'block-1', role: 'commands', was: 'sample', line: 1, reason: 'a guess' },
];

test('a run whose steps were changed on its way is told from its journal', () => {
  expect(isShellLoaded()).toBe(false);
  const run = new PaperRun(procedure).record({ type: 'step-entered', step: 'step-1' }, ...changes);
  const [step] = fold(run.events).started.procedure.items;
  expect(step?.kind === 'step' && step.parts).toMatchObject([
    { id: 'symptom/1' },
    { id: 'step-1/1' },
    { id: 'step-1/block-1/1' },
  ]);
});
