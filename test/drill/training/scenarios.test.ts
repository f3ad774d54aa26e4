import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { questionBefore } from '../../../src/drill/training/command-question.ts';
import { fitOf } from '../../../src/drill/training/scenario.ts';
import { scenarios } from '../../../src/drill/training/scenarios.ts';
import { readEffects } from '../../../src/effects/read.ts';
import type { RunState } from '../../../src/run/state.ts';
import type { ProcedureChoice } from '../../../src/run/training.ts';
import { compile } from '../../../src/runbook/compile.ts';
import { loadSyntax } from '../../support/syntax.ts';

const runbooks = new URL('../../../runbooks', import.meta.url).pathname;
let procedures: readonly ProcedureChoice[];

beforeAll(async () => {
  await loadSyntax();
  const names = (await readdir(runbooks)).sort();
  const read = await Promise.all(names.map((name) => readFile(join(runbooks, name), 'utf8')));
  procedures = read.flatMap((text, index) =>
    compile(text).procedures.map(({ id, title }) => ({
      path: join(runbooks, names[index]!),
      runbook: names[index]!,
      procedure: id,
      title,
    })),
  );
});

test('there are ten scenarios, each with a name of its own', () => {
  expect(new Set(scenarios.map(({ id }) => id)).size).toBe(10);
});

test.each(scenarios.map((scenario) => [scenario.id, scenario] as const))(
  '%s: Enter alone answers no question and takes no procedure that leads to its end',
  (_, scenario) => {
    expect(scenario.questions.length).toBeGreaterThanOrEqual(2);
    for (const { id, answers } of scenario.questions) {
      expect(answers.length, id).toBeGreaterThanOrEqual(3);
      expect(
        answers.filter(({ right }) => right),
        id,
      ).toHaveLength(1);
      expect(answers[0]!.right, `${id}: the first answer is the one that is marked`).toBeUndefined();
      expect(
        answers.every(({ consequence }) => consequence.length > 20),
        id,
      ).toBe(true);
    }
    const best = procedures.filter((one) => fitOf(scenario, one) === 'best');
    expect(best, 'its procedure is one that ships').toHaveLength(1);
    const marked = procedures.findIndex((one) => fitOf(scenario, one) === 'wrong');
    expect(marked).toBeGreaterThanOrEqual(0);
    expect(fitOf(scenario, procedures[marked]!)).toBe('wrong');
    expect(scenario.path.length).toBeGreaterThanOrEqual(3);
    expect(scenario.read.length).toBeGreaterThan(0);
  },
);

test.each([
  ['dropdb members', 'members'],
  ['dropdb --if-exists members_restored', 'members_restored'],
  ["psql -d members -c 'DROP TABLE bookings'", 'members'],
  ["psql -d shop -c 'TRUNCATE orders'", 'shop'],
  ['psql -c "ALTER DATABASE members RENAME TO members_old" -d postgres', 'members'],
])('before %s the right answer names %s, and is never the one that is marked', (text, where) => {
  const reading = readEffects(text, 'shell');
  const state = { started: { target: { database: 'members' } } } as RunState;
  const question = questionBefore(state, {
    kind: 'guarded',
    command: text,
    guard: { kind: 'enter' },
    reading,
    cautions: [],
  });
  expect(question, JSON.stringify(reading.effects)).toBeDefined();
  const right = question!.answers.filter((answer) => answer.right);
  expect(right).toHaveLength(1);
  expect(right[0]!.text).toContain(where);
  expect(question!.answers[question!.marked]!.right).toBe(false);
  expect(new Set(question!.answers.map((answer) => answer.text)).size).toBe(4);
});

test('answers are short enough to be read whole, and the wrong ones stand the other way round', () => {
  const reading = readEffects(
    'psql -d postgres -c "ALTER DATABASE members RENAME TO members_old" -c "ALTER DATABASE members_restored RENAME TO members"',
    'shell',
  );
  const state = { started: { target: { database: 'members' } } } as RunState;
  const question = questionBefore(state, {
    kind: 'guarded',
    command: 'swap',
    guard: { kind: 'enter' },
    reading,
    cautions: [],
  });
  const texts = question!.answers.map((answer) => answer.text);
  expect(texts).toContain(
    'renames database members to members_old; renames database members_restored to members',
  );
  expect(texts.join('\n')).not.toContain('restored_restored');
  for (const text of texts) expect(text.length).toBeLessThan(96);
});

test('a command that reads is not asked about', () => {
  const state = { started: { target: { database: 'members' } } } as RunState;
  expect(
    questionBefore(state, {
      kind: 'guarded',
      command: 'c',
      guard: { kind: 'enter' },
      reading: readEffects("psql -c 'SELECT 1'", 'shell'),
      cautions: [],
    }),
  ).toBeUndefined();
});

test.each([
  ['psql -d members -f back.sql', 'members'],
  ['psql -d shop -f "$ROLLBACK_FILE"', 'shop'],
  ['deploy-everything --now', 'members'],
])('before %s, of which nobody knows what it does, that is what is asked', (text, where) => {
  const state = { started: { target: { database: 'members' } } } as RunState;
  const question = questionBefore(state, {
    kind: 'guarded',
    command: text,
    guard: { kind: 'enter' },
    reading: readEffects(text, 'shell'),
    cautions: [],
  });
  const right = question!.answers.filter((answer) => answer.right);
  expect(right).toHaveLength(1);
  expect(right[0]!.text).toMatch(new RegExp(`does not tell, and it may change ${where}`));
  expect(question!.answers[0]!.right).toBe(false);
  expect(new Set(question!.answers.map((answer) => answer.text)).size).toBe(4);
});
