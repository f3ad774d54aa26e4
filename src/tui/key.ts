import type { Key } from 'ink';

/** One key as the keymap names it: `enter`, `esc`, `up`, `ctrl+c`, `alt+enter`, or the character itself. */
export type KeyName = string;

export interface Press {
  readonly name: KeyName;
  /** What it would type; empty for keys that type nothing. */
  readonly text: string;
}

/** Ink's account of a key in the keymap's words. */
export function pressOf(input: string, key: Key): Press {
  const named = nameOf(input, key);
  if (named !== undefined) return { name: named, text: '' };
  if (key.ctrl) return { name: `ctrl+${input}`, text: '' };
  if (key.meta) return { name: `alt+${input}`, text: '' };
  return { name: input, text: input };
}

function nameOf(input: string, key: Key): KeyName | undefined {
  if (key.return || input === '\r') return key.meta ? 'alt+enter' : 'enter';
  if (input === '\n') return 'ctrl+j';
  if (key.escape) return 'esc';
  if (key.upArrow) return 'up';
  if (key.downArrow) return 'down';
  if (key.leftArrow) return 'left';
  if (key.rightArrow) return 'right';
  if (key.pageUp) return 'pageup';
  if (key.pageDown) return 'pagedown';
  if (key.home) return 'home';
  if (key.end) return 'end';
  if (key.tab) return key.shift ? 'shift+tab' : 'tab';
  if (key.backspace) return 'backspace';
  if (key.delete) return 'delete';
  return undefined;
}
