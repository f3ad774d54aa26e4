import { render } from 'ink-testing-library';
import type { ReactNode } from 'react';
import { afterEach, expect, test, vi } from 'vitest';
import { Gate } from '../../src/tui/gate.ts';
import { keymap } from '../../src/tui/keymap.ts';
import { Ask } from '../../src/tui/screens/ask.tsx';
import { Choose } from '../../src/tui/screens/choose.tsx';
import { Inputs } from '../../src/tui/screens/inputs.tsx';
import { themeFor } from '../../src/tui/theme.ts';
import { type Ui, UiProvider } from '../../src/tui/ui.ts';
import { ScriptedHouse } from './scripted-house.ts';

const shown: { unmount: () => void }[] = [];
afterEach(() => {
  for (const each of shown.splice(0)) each.unmount();
});

/** Draws a component as the application would, each frame counted as painted. */
function draw(node: ReactNode) {
  const gate = new Gate();
  const ui: Ui = {
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
  };
  const drawn = render(<UiProvider value={ui}>{node}</UiProvider>);
  shown.push(drawn);
  const press = (keys: string): void => {
    gate.painted();
    drawn.stdin.write(keys);
  };
  return { ...drawn, press, frame: () => drawn.lastFrame() ?? '' };
}

const nothing = (): void => {};

test('a list takes the marked one on Enter', async () => {
  const onSelect = vi.fn();
  const items = ['a', 'b', 'c'].map((key) => ({ key, label: `the ${key}`, value: key }));
  const drawn = draw(
    <Choose
      question="q"
      header={[]}
      title="Which?"
      items={items}
      initial={1}
      onSelect={onSelect}
      onClose={nothing}
    />,
  );
  await vi.waitFor(() => expect(drawn.frame()).toContain('▸ the b'));
  drawn.press('j');
  await vi.waitFor(() => expect(drawn.frame()).toContain('▸ the c'));
  drawn.press('\r');
  await vi.waitFor(() => expect(onSelect).toHaveBeenCalledWith('c'));
});

test('a list that is longer than the screen says so', async () => {
  const choose = (count: number) => (
    <Choose
      question="q"
      header={[]}
      title="Which?"
      items={Array.from({ length: count }, (_, at) => ({ key: `${at}`, label: `way ${at}`, value: at }))}
      onSelect={nothing}
      onClose={nothing}
    />
  );
  const long = draw(choose(100));
  await vi.waitFor(() => expect(long.frame()).toContain('100 in all; the list goes on'));
  const short = draw(choose(2));
  await vi.waitFor(() => expect(short.frame()).toContain('way 1'));
  expect(short.frame()).not.toContain('in all');
});

test('a question gives what was typed, and Esc leaves without it', async () => {
  const onSubmit = vi.fn();
  const onClose = vi.fn();
  const drawn = draw(<Ask question="q" header={[]} title="Why?" onSubmit={onSubmit} onClose={onClose} />);
  await vi.waitFor(() => expect(drawn.frame()).toContain('Why?'));
  drawn.press('so');
  await vi.waitFor(() => expect(drawn.frame()).toContain('▸ so'));
  drawn.press('\r');
  await vi.waitFor(() => expect(onSubmit).toHaveBeenCalledWith('so'));
  drawn.press('\u001B');
  await vi.waitFor(() => expect(onClose).toHaveBeenCalled());
});

test('a secret is never drawn', async () => {
  const drawn = draw(
    <Ask question="q" header={[]} title="Token" secret onSubmit={nothing} onClose={nothing} />,
  );
  await vi.waitFor(() => expect(drawn.frame()).toContain('Token'));
  drawn.press('hunter2');
  await vi.waitFor(() => expect(drawn.frame()).toContain('•••••••'));
  expect(drawn.frames.join('')).not.toContain('hunter2');
});

const question = { text: '<file>', value: 'file', secret: false, uses: 1 } as const;

test('values that are known are taken with one Enter, by name only', async () => {
  const onDone = vi.fn();
  const questions = [
    { ...question, name: 'file', suggestion: { value: '/a', source: 'backup' } },
    { ...question, name: 'token', text: '<token>', secret: true, suggestion: { source: 'environment' } },
  ] as const;
  const drawn = draw(<Inputs header={[]} questions={questions} onDone={onDone} onClose={nothing} />);
  await vi.waitFor(() => expect(drawn.frame()).toContain('▸ Begin the run'));
  drawn.press('\r');
  await vi.waitFor(() =>
    expect(onDone).toHaveBeenCalledWith([
      { name: 'file', secret: false },
      { name: 'token', secret: true },
    ]),
  );
});

test('the mark begins on a value that is missing, and a pick fills it', async () => {
  const onDone = vi.fn();
  const questions = [
    { ...question, name: 'known', text: '<known>', suggestion: { value: 'x', source: 'target' } },
    {
      ...question,
      name: 'file',
      choices: [
        { value: '/new', label: 'the new one' },
        { value: '/old', label: 'the old one' },
      ],
    },
  ] as const;
  const drawn = draw(<Inputs header={[]} questions={questions} onDone={onDone} onClose={nothing} />);
  await vi.waitFor(() => expect(drawn.frame()).toContain('▸ <file>'));
  drawn.press('\r');
  await vi.waitFor(() => expect(drawn.frame()).toContain('▸ the new one'));
  drawn.press('\r');
  await vi.waitFor(() => expect(drawn.frame()).toContain('▸ Begin the run'));
  drawn.press('\r');
  await vi.waitFor(() =>
    expect(onDone).toHaveBeenCalledWith([
      { name: 'known', secret: false },
      { name: 'file', value: '/new', secret: false },
    ]),
  );
});
