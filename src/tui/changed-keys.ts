import type { KeyName } from './key.ts';
import { type Action, type Binding, type Context, keymap } from './keymap.ts';

/** An operator's own keys: an action and the key, or the keys, that do it instead of the usual ones. */
export type KeyChanges = Readonly<Record<string, string | readonly string[]>>;

export type ChangedKeys =
  | { readonly ok: true; readonly keymap: readonly Binding[] }
  | { readonly ok: false; readonly problem: string };

/** What stays where it is: a list acts on Enter itself, a guard asks for Enter, and Ctrl+C always stops. */
const fixed: ReadonlySet<Action> = new Set([
  'choose',
  'submit',
  'confirm',
  'open',
  'accept',
  'interrupt',
  'suspend',
  'up',
  'down',
  'stop-run',
  'leave',
]);
/** Where a character is text. */
const writing: ReadonlySet<Context> = new Set(['field', 'editor', 'filter', 'inputs']);
/** What opens something to look at, which its key closes again. */
const looking: ReadonlySet<Action> = new Set([
  'output',
  'timeline',
  'link',
  'steps',
  'findings',
  'remedies',
  'values',
  'help',
]);
const named =
  /^(?:enter|esc|up|down|left|right|pageup|pagedown|home|end|tab|shift\+tab|backspace|delete|alt\+enter|(?:ctrl|alt)\+[a-z]|[^\p{Cc}])$/u;

/**
 * The keymap with an operator's own keys. Nothing of it counts where one is wrong: an action or a key that is not
 * known, an action that keeps its key, or a key that would do two things in one place.
 */
export function changedKeys(changes: KeyChanges): ChangedKeys {
  const actions = new Set<string>(keymap.map(({ action }) => action));
  for (const [action, given] of Object.entries(changes)) {
    if (!actions.has(action))
      return wrong(
        `${action} is no action; known are ${[...actions]
          .filter((known) => !fixed.has(known as Action))
          .sort()
          .join(', ')}`,
      );
    if (fixed.has(action as Action)) return wrong(`${action} keeps its key`);
    const keys = keysOf(given);
    if (keys.length === 0) return wrong(`${action} has no key`);
    const unknown = keys.find((key) => !named.test(key));
    if (unknown !== undefined)
      return wrong(
        `${action}: “${unknown}” is no key; one is a character, enter, esc, tab, ctrl+k, alt+x, …`,
      );
  }
  const changed = keymap.map((binding): Binding => {
    const given = changes[binding.action];
    if (given !== undefined) return { ...binding, keys: keysOf(given) };
    return binding.action === 'close' ? closing(binding, changes) : binding;
  });
  const problem = problemOf(changed, changes);
  return problem === undefined ? { ok: true, keymap: changed } : wrong(problem);
}

function keysOf(given: string | readonly string[]): readonly KeyName[] {
  return typeof given === 'string' ? [given] : given;
}

/** What was opened by another key is closed by that one. */
function closing(binding: Binding, changes: KeyChanges): Binding {
  if (!binding.in.includes('reader') && !binding.in.includes('list') && !binding.in.includes('output'))
    return binding;
  const keys = new Set(binding.keys);
  for (const [action, given] of Object.entries(changes)) {
    if (!looking.has(action as Action)) continue;
    const usual = keymap.find((one) => one.action === action)?.keys ?? [];
    if (!usual.some((key) => keys.has(key))) continue;
    for (const key of keysOf(given)) if (!takenBeside(binding, key)) keys.add(key);
  }
  return { ...binding, keys: [...keys] };
}

/** Something else has the key in the same place. */
function takenBeside(binding: Binding, key: KeyName): boolean {
  return keymap.some(
    (other) =>
      other !== binding &&
      other.keys.includes(key) &&
      other.in.some((context) => binding.in.includes(context)),
  );
}

function problemOf(bindings: readonly Binding[], changes: KeyChanges): string | undefined {
  const seen = new Map<string, Action>();
  for (const { action, keys, in: contexts } of bindings)
    for (const context of contexts)
      for (const key of keys) {
        if (writing.has(context) && [...key].length === 1 && changes[action] !== undefined)
          return `${action}: ${key} is text where something is typed; take one with ctrl or alt`;
        const place = `${context} ${key}`;
        const other = seen.get(place);
        if (other !== undefined && other !== action)
          return `${key} would be both ${other} and ${action} (${context})`;
        seen.set(place, action);
      }
  const everywhere = bindings.filter((binding) => binding.in.includes('anywhere'));
  for (const [action, given] of Object.entries(changes))
    for (const key of keysOf(given)) {
      const other = everywhere.find((binding) => binding.keys.includes(key));
      if (other) return `${key} is ${other.action} everywhere and cannot be ${action}`;
    }
  return undefined;
}

function wrong(problem: string): ChangedKeys {
  return { ok: false, problem };
}
