import { useState } from 'react';
import type { Press } from '../key.ts';
import { entryOf, insert, press, type TextEntry } from '../text-entry.ts';

export interface TextEntryControl {
  readonly entry: TextEntry;
  readonly typed: (key: Press) => boolean;
  readonly pasted: (text: string) => void;
  readonly reset: (text: string) => void;
}

/** A text being typed, to be handed to `useKeys`. */
export function useTextEntry(initial: string, multiline = false): TextEntryControl {
  const [entry, setEntry] = useState(() => entryOf(initial));
  return {
    entry,
    typed: (key) => {
      if (press(entry, key, multiline) === undefined) return false;
      setEntry((now) => press(now, key, multiline) ?? now);
      return true;
    },
    pasted: (text) => setEntry((now) => insert(now, text, multiline)),
    reset: (text) => setEntry(entryOf(text)),
  };
}
