import type { KeyName } from './key.ts';
import { type Action, type Binding, type Context, keymap } from './keymap.ts';

/** The binding of a key in a context, among the actions that are possible there now. */
export function bindingOf(
  context: Context,
  key: KeyName,
  possible: ReadonlySet<Action>,
  keys: readonly Binding[] = keymap,
): Binding | undefined {
  return keys.find(
    (binding) => binding.in.includes(context) && possible.has(binding.action) && binding.keys.includes(key),
  );
}

/** The bindings of a context in the order of the keymap, among the actions that are possible there now. */
export function bindingsOf(
  context: Context,
  possible: ReadonlySet<Action>,
  keys: readonly Binding[] = keymap,
): readonly Binding[] {
  return keys.filter((binding) => binding.in.includes(context) && possible.has(binding.action));
}

/** A key as footer and help write it. */
export function keyLabel(key: KeyName, unicode: boolean): string {
  const known: Readonly<Record<string, readonly [string, string]>> = {
    enter: ['⏎', 'Enter'],
    up: ['↑', 'Up'],
    down: ['↓', 'Down'],
    esc: ['Esc', 'Esc'],
    ' ': ['Space', 'Space'],
    pageup: ['PgUp', 'PgUp'],
    pagedown: ['PgDn', 'PgDn'],
    tab: ['Tab', 'Tab'],
    'shift+tab': ['Shift+Tab', 'Shift+Tab'],
    home: ['Home', 'Home'],
    end: ['End', 'End'],
    'alt+enter': ['Alt+⏎', 'Alt+Enter'],
  };
  const label = known[key]?.[unicode ? 0 : 1];
  if (label !== undefined) return label;
  return key.startsWith('ctrl+') ? `Ctrl+${key.slice(5).toUpperCase()}` : key;
}
