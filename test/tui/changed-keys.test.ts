import { describe, expect, test } from 'vitest';
import { bindingOf } from '../../src/tui/bindings.ts';
import { type ChangedKeys, changedKeys } from '../../src/tui/changed-keys.ts';
import { contextTitles, keymap } from '../../src/tui/keymap.ts';

function problem(result: ChangedKeys): string {
  if (result.ok) throw new Error('it was taken');
  return result.problem;
}

describe("an operator's own keys", () => {
  test('replace the usual ones of an action in every place, and nothing else', () => {
    const result = changedKeys({ note: 'ctrl+n', run: ['enter', 'ctrl+r'] });
    if (!result.ok) throw new Error(result.problem);
    expect(bindingOf('command', 'ctrl+n', new Set(['note']), result.keymap)?.action).toBe('note');
    expect(bindingOf('command', 'n', new Set(['note']), result.keymap)).toBeUndefined();
    expect(bindingOf('command', 'ctrl+r', new Set(['run']), result.keymap)?.action).toBe('run');
    expect(result.keymap.length).toBe(keymap.length);
  });

  test('close again what they open', () => {
    const result = changedKeys({ timeline: 'T' });
    if (!result.ok) throw new Error(result.problem);
    expect(bindingOf('reader', 'T', new Set(['close']), result.keymap)?.action).toBe('close');
  });

  test.each([
    [{ dance: 'd' }, /^dance is no action; known are /],
    [{ note: 't' }, /t would be both note and timeline/],
    [{ note: 'ctrl+c' }, /ctrl\+c would be both interrupt and note/],
    [{ note: 'F13' }, /“F13” is no key/],
    [{ note: [] }, /note has no key/],
    [{ confirm: 'y' }, /confirm keeps its key/],
    [{ submit: 'y' }, /submit keeps its key/],
    [{ choose: 'y' }, /choose keeps its key/],
    [{ interrupt: 'y' }, /interrupt keeps its key/],
    [{ close: 'X' }, /X is text where something is typed/],
  ])('%j is not taken, and it is said why', (changes, why) => {
    expect(problem(changedKeys(changes))).toMatch(why);
  });

  test('none leave the keymap as it is', () => {
    expect(changedKeys({})).toEqual({ ok: true, keymap });
  });

  test('never give a key two meanings in one place', () => {
    const actions = [...new Set(keymap.map(({ action }) => action))];
    let taken = 0;
    for (const action of actions)
      for (const key of ['n', 'z', 'ctrl+n', 'alt+x', '!', 'enter']) {
        const result = changedKeys({ [action]: key });
        if (!result.ok) continue;
        taken++;
        for (const context of Object.keys(contextTitles) as (keyof typeof contextTitles)[]) {
          const owners = result.keymap.filter(
            (binding) => binding.in.includes(context) && binding.keys.includes(key),
          );
          expect(new Set(owners.map((owner) => owner.action)).size).toBeLessThanOrEqual(1);
        }
      }
    expect(taken).toBeGreaterThan(50);
  });
});
