import { render } from 'ink-testing-library';
import { afterEach, expect, test, vi } from 'vitest';
import { fitOf } from '../../src/drill/training/scenario.ts';
import { scenarios } from '../../src/drill/training/scenarios.ts';
import type { ProcedureChoice } from '../../src/run/training.ts';
import { Gate } from '../../src/tui/gate.ts';
import type { Training } from '../../src/tui/house.ts';
import { keymap } from '../../src/tui/keymap.ts';
import { TrainingDesk } from '../../src/tui/screens/training-desk.tsx';
import { TrainingHints } from '../../src/tui/screens/training-hints.tsx';
import { AskTraining } from '../../src/tui/screens/training-question.tsx';
import { themeFor } from '../../src/tui/theme.ts';
import { type Ui, UiProvider } from '../../src/tui/ui.ts';
import { ScriptedHouse } from './scripted-house.ts';
import { scriptedTraining } from './scripted-training.ts';

const shown: { unmount: () => void }[] = [];
afterEach(() => {
  for (const each of shown.splice(0)) each.unmount();
});

/** Draws a screen of a training. */
function drawnOf(node: React.ReactNode, training?: Training) {
  const gate = new Gate();
  const ui = {
    columns: 100,
    rows: 30,
    tooSmall: false,
    theme: themeFor({}),
    gate,
    house: new ScriptedHouse(),
    frame: { widths: [] },
    fail: () => {},
    trouble: undefined,
    say: () => {},
    notice: undefined,
    keymap,
    training,
  } as Ui;
  const drawn = render(<UiProvider value={ui}>{node}</UiProvider>);
  shown.push(drawn);
  return { gate, drawn };
}

/** Draws a screen, and presses Enter in it as often as it changes, up to `times`. */
async function enterAlone(node: React.ReactNode, times: number): Promise<string> {
  const { gate, drawn } = drawnOf(node);
  for (let turn = 0; turn < times; turn++) {
    const before = drawn.lastFrame();
    await vi.waitFor(() => {
      gate.painted();
      drawn.stdin.write('\r');
      expect(drawn.lastFrame()).not.toBe(before);
    });
  }
  return drawn.lastFrame() ?? '';
}

/** A training of a scenario whose sandbox is only told of. */
function trainingOf(scenario: (typeof scenarios)[number]) {
  const choices: readonly ProcedureChoice[] = scenario.procedures.map((one) => ({
    path: one,
    runbook: one.split('#')[0]!,
    procedure: one.split('#')[1]!,
    title: one,
  }));
  const questions = scenario.questions.map(({ id, text, answers }) => ({
    id,
    text,
    marked: 0,
    answers: answers.map((answer, index) => ({ ...answer, id: `${index}`, right: answer.right === true })),
  }));
  const training = {
    title: scenario.title,
    symptoms: ['Something is said.'],
    look: vi.fn(async () => ['something is shown']),
    questions: () => questions,
    questionBefore: () => undefined,
    answer: vi.fn(async () => {}),
    hints: () => [],
    hint: vi.fn(async () => undefined),
    procedures: () => ({ choices, marked: choices.findIndex((one) => fitOf(scenario, one) === 'wrong') }),
    choose: vi.fn(async () => {}),
    begun: async () => {},
    bringBack: vi.fn(async () => {}),
    check: vi.fn(async () => []),
    finish: vi.fn(async () => ''),
    close: async () => {},
  } satisfies Training;
  return { training, questions };
}

test.each(scenarios.map((scenario) => [scenario.id, scenario] as const))(
  '%s: Enter alone only looks, and answers wrongly where it is asked',
  async (_, scenario) => {
    const { training, questions } = trainingOf(scenario);
    const onProcedure = vi.fn();
    await enterAlone(<TrainingDesk training={training} onProcedure={onProcedure} onDone={() => {}} />, 6);
    expect(training.look).toHaveBeenCalled();
    for (const deed of [training.choose, training.check, training.finish, training.hint, onProcedure])
      expect(deed).not.toHaveBeenCalled();
    for (const question of questions) {
      const onRight = vi.fn();
      await enterAlone(
        <AskTraining
          training={training}
          question={question}
          header={[]}
          onRight={onRight}
          onClose={() => {}}
        />,
        5,
      );
      expect(training.answer).toHaveBeenCalledWith(question, expect.objectContaining({ right: false }));
      expect(training.answer).not.toHaveBeenCalledWith(question, expect.objectContaining({ right: true }));
      expect(onRight).not.toHaveBeenCalled();
    }
  },
);

test('in the middle of a run Enter alone takes no hint; the second answer takes the next one', async () => {
  const training = scriptedTraining();
  const onClose = vi.fn();
  const { gate, drawn } = drawnOf(<TrainingHints header={[]} onClose={onClose} />, training);
  await vi.waitFor(() => {
    gate.painted();
    drawn.stdin.write('\r');
    expect(onClose).toHaveBeenCalled();
  });
  expect(training.hints()).toEqual([]);
  drawn.stdin.write('j');
  await vi.waitFor(() => expect(drawn.lastFrame()).toMatch(/▸ take hint 1 of 3/));
  await vi.waitFor(() => {
    gate.painted();
    if (training.hints().length === 0) drawn.stdin.write('\r');
    expect(drawn.lastFrame()).toContain('1. The newest backup is from 02:00.');
  });
  expect(drawn.lastFrame()).toContain('2 of 3 left');
  expect(training.hints()).toEqual(['The newest backup is from 02:00.']);
});
