import { useInput, usePaste } from 'ink';
import { bindingOf, bindingsOf } from '../bindings.ts';
import { type Press, pressOf } from '../key.ts';
import type { Action, Binding, Context } from '../keymap.ts';
import { useUi } from '../ui.ts';

export type Handlers = Partial<Record<Action, (() => void | Promise<void>) | undefined>>;

export interface KeyOptions {
  readonly active?: boolean;
  /** Gets what is no key of the context: text for a field. Before `handlers` where it says true (it took the key). */
  readonly typed?: (press: Press) => boolean;
  readonly pasted?: (text: string) => void;
  /** Actions whose keys another component acts on (a list); they are only named in the footer. */
  readonly listed?: readonly Action[];
}

/**
 * Binds what can be done now to the keys that the keymap has for it, and gives the bindings for the footer. An
 * action without a handler has no key and is not shown.
 */
export function useKeys(context: Context, handlers: Handlers, options: KeyOptions = {}): readonly Binding[] {
  const { gate, fail, tooSmall, keymap } = useUi();
  const possible = new Set(
    (Object.keys(handlers) as Action[]).filter((action) => handlers[action] !== undefined),
  );
  const active = options.active !== false && !tooSmall;
  useInput(
    (input, key) => {
      const press = pressOf(input, key);
      if (press.text !== '' && options.typed?.(press)) return;
      const binding = bindingOf(context, press.name, possible, keymap);
      const handler = binding && handlers[binding.action];
      if (!handler) {
        options.typed?.(press);
        return;
      }
      const { action, moves, marked: onMark = false } = binding;
      if (moves) return gate.move(handler);
      const act = (): void | Promise<void> => {
        fail(undefined);
        return handler();
      };
      void gate.act(act, fail, { action, onMark });
    },
    { isActive: active },
  );
  usePaste((text) => options.pasted?.(text), { isActive: active && options.pasted !== undefined });
  return bindingsOf(context, new Set([...possible, ...(options.listed ?? [])]), keymap);
}
