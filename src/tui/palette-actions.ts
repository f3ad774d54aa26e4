import { bindingsOf, keyLabel } from './bindings.ts';
import type { Handlers } from './hooks/use-keys.ts';
import type { Action, Binding, Context } from './keymap.ts';
import type { PaletteItem } from './palette.ts';

/** The actions of a context that are possible, each with its key; what only moves the eye is left out. */
export function actionItems(
  context: Context,
  handlers: Handlers,
  keymap: readonly Binding[],
  unicode: boolean,
  close: () => void,
): readonly PaletteItem[] {
  const possible = new Set((Object.keys(handlers) as Action[]).filter((action) => handlers[action]));
  return bindingsOf(context, possible, keymap)
    .filter(({ moves, action }) => !moves && action !== 'palette')
    .map(({ action, label, help, keys }) => ({
      key: `do/${action}`,
      kind: 'do',
      label,
      detail: help,
      press: keyLabel(keys[0]!, unicode),
      act: () => {
        // What it shows itself comes after.
        close();
        return handlers[action]?.();
      },
    }));
}
