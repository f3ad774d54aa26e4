import { describe, expect, test } from 'vitest';
import { bindingOf, bindingsOf } from '../../src/tui/bindings.ts';
import { footer } from '../../src/tui/footer.ts';
import { type Action, type Context, contextTitles, keymap } from '../../src/tui/keymap.ts';
import { plain, widthOf } from '../../src/tui/line.ts';
import { helpLines } from '../../src/tui/screens/help.tsx';

const contexts = Object.keys(contextTitles) as Context[];
const actions = new Set<Action>(keymap.map((binding) => binding.action));

describe('the keymap', () => {
  test.each(contexts)('has no key twice: %s', (context) => {
    const keys = keymap.filter((binding) => binding.in.includes(context)).flatMap((binding) => binding.keys);
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  });

  test('runs and confirms by Enter alone', () => {
    for (const action of ['run', 'confirm', 'submit'] as const)
      for (const binding of keymap.filter((each) => each.action === action))
        expect(binding.keys).toEqual(['enter']);
  });

  test('gives a key only where its action is possible', () => {
    expect(bindingOf('command', 'enter', new Set(['run']))?.action).toBe('run');
    expect(bindingOf('command', 'enter', new Set(['skip']))).toBeUndefined();
    expect(bindingOf('command', 'r', new Set(['retry']))).toBeUndefined();
    expect(bindingOf('failed', 'r', new Set(['retry']))?.action).toBe('retry');
  });

  test('every key that moves nothing but the eye is one of the arrows and pages, or looks at an output', () => {
    const moving = keymap.filter((binding) => binding.moves);
    const names = new Set(moving.map(({ action }) => action));
    expect([...names].sort()).toEqual([
      'bottom',
      'down',
      'find-next',
      'find-previous',
      'follow',
      'narrow',
      'page-down',
      'page-up',
      'select',
      'top',
      'up',
      'wrap',
    ]);
    for (const action of ['find-next', 'find-previous', 'follow', 'select', 'wrap'] as const)
      for (const binding of moving.filter((one) => one.action === action))
        expect(binding.in).toEqual(['output']);
  });

  test('makes the help, the present place first, with every sentence in it', () => {
    const rows = helpLines('command', true).map(plain);
    expect(rows[0]).toContain('A command is next');
    for (const binding of keymap) expect(rows.some((row) => row.includes(binding.help))).toBe(true);
  });
});

describe('the footer', () => {
  test.each(contexts)('fits into its rows and ends with the help, where there is one: %s', (context) => {
    const bindings = bindingsOf(context, actions);
    for (const columns of [60, 80, 120])
      for (const height of [1, 2]) {
        const rows = footer(bindings, columns, height, true);
        expect(rows.length).toBeLessThanOrEqual(height);
        for (const row of rows) expect(widthOf(row)).toBeLessThanOrEqual(columns);
        if (bindings.some((binding) => binding.action === 'help'))
          expect(plain(rows.at(-1)!)).toMatch(/\? all keys$/);
      }
  });

  test('begins with what Enter does', () => {
    expect(plain(footer(bindingsOf('command', actions), 60, 1, true)[0]!)).toMatch(/^ ⏎ run/);
    expect(plain(footer(bindingsOf('command', actions), 60, 1, false)[0]!)).toMatch(/^ Enter run/);
  });
});
