import { expect, test } from 'vitest';
import { debriefOf } from '../../../src/drill/training/debrief.ts';
import { peopleOf } from '../../../src/drill/training/results.ts';
import { scenarioOf } from '../../../src/drill/training/scenarios.ts';
import { scoreOf } from '../../../src/drill/training/score.ts';
import type { RecordedEvent } from '../../../src/run/state.ts';
import type { TrainingFact } from '../../../src/run/training.ts';

const questions = ['what', 'restore-all'];

/** The facts as a journal has them, ten seconds apart. */
function journal(facts: readonly TrainingFact[], operator = 'ana'): readonly RecordedEvent[] {
  return facts.map((fact, index) => ({
    type: 'training',
    fact,
    seq: index + 1,
    time: new Date(Date.UTC(2026, 10, 21, 3, 0, index * 10)).toISOString(),
    operator,
    prev: '',
  }));
}

const started: TrainingFact = {
  kind: 'started',
  training: '20261121-0300-training-deleted-rows-k3f9',
  scenario: 'deleted-rows',
  title: 'A course leader',
  version: '0.1.0',
};
const answered = (question: string, right: boolean, command?: string): TrainingFact => ({
  kind: 'answered',
  question,
  text: 'What?',
  answer: right ? 'so' : 'otherwise',
  right,
  consequence: 'It would have hit the live database.',
  ...(command === undefined ? {} : { command }),
});
const chosen = (fit: 'best' | 'wrong'): TrainingFact => ({
  kind: 'procedure-chosen',
  runbook: fit === 'best' ? 'accidental-deletion.md' : 'postgres-restore.md',
  procedure: 'p',
  title: fit === 'best' ? 'Bring deleted rows back' : 'Restore a PostgreSQL database',
  fit,
});
const checked = (holds: boolean): TrainingFact => ({
  kind: 'checked',
  checks: [{ text: 'The rows are back', holds }],
});
const finished: TrainingFact = { kind: 'finished', outcome: 'solved' };

test('the best way costs nothing', () => {
  const score = scoreOf(
    journal([
      started,
      answered('what', true),
      answered('restore-all', true),
      chosen('best'),
      checked(true),
      finished,
    ]),
    [],
    questions,
  );
  expect(score).toMatchObject({
    outcome: 'solved',
    points: 100,
    right: 2,
    wrong: [],
    nearMisses: [],
    mistakes: [],
    seconds: 50,
  });
});

test('a wrong answer before a command is a near miss; what went wrong is told and costs', () => {
  const score = scoreOf(
    journal([
      started,
      answered('what', false),
      answered('what', true),
      { kind: 'hint-taken', level: 1, text: 'look' },
      chosen('wrong'),
      answered('before/c1', false, 'c1'),
      { kind: 'brought-back' },
      checked(false),
      chosen('best'),
      checked(true),
      finished,
    ]),
    [],
    questions,
  );
  // 100 − 2 wrong answers − 1 unanswered − 1 hint − 1 wrong procedure − brought back − said it was over.
  expect(score.points).toBe(100 - 12 - 4 - 5 - 15 - 10 - 8);
  expect(score).toMatchObject({ right: 0, unanswered: 1, hints: 1, broughtBack: 1 });
  expect(score.nearMisses).toEqual([
    'before it ran: “otherwise”. It would have hit the live database.',
    'said that it was over while this did not hold: The rows are back',
  ]);
  const text = debriefOf(score, scenarioOf('deleted-rows'));
  for (const words of [
    'does not lead there',
    'the best way',
    'RESCUE_TABLE=bookings',
    'Hints: 1 of 3',
    '## To read',
    'were simulated',
    '1 min 40 s',
  ])
    expect(text).toContain(words);
});

test('what was given up has at most 40 points; a guard that was overridden is a mistake, one that refused a near miss', () => {
  const run = [
    {
      type: 'guard-overridden',
      command: 'c',
      effect: 'destroys',
      refusal: 'the server changed',
      reason: 'hurry',
    },
  ].map((event, index) => ({
    ...event,
    seq: index + 1,
    time: '2026-11-21T03:00:00.000Z',
    operator: 'ana',
    prev: '',
  }));
  const score = scoreOf(
    journal([started, chosen('best'), { kind: 'finished', outcome: 'given-up' }]),
    [run as RecordedEvent[]],
    [],
  );
  expect(score.points).toBe(40);
  expect(score.mistakes).toEqual(['overrode a guard: the server changed (hurry)']);
});

test('people are added up over their trainings', () => {
  const solved = scoreOf(journal([started, chosen('best'), checked(true), finished]), [], []);
  const left = scoreOf(journal([started], 'ben'), [], []);
  expect(left.outcome).toBe('unfinished');
  expect(peopleOf([left, solved, { ...solved, points: 60 }])).toEqual([
    expect.objectContaining({ operator: 'ana', trainings: 2, solved: 2, best: { 'deleted-rows': 100 } }),
    expect.objectContaining({ operator: 'ben', trainings: 1, solved: 0, best: {} }),
  ]);
});
