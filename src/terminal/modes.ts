/** Private modes (DECSET) that a program may leave on, and what turns each off. */
const undo: Readonly<Record<string, string>> = {
  '1': '\x1b[?1l',
  '6': '\x1b[?6l',
  '7': '',
  '25': '',
  '9': '\x1b[?9l',
  '1000': '\x1b[?1000l',
  '1002': '\x1b[?1002l',
  '1003': '\x1b[?1003l',
  '1004': '\x1b[?1004l',
  '1005': '\x1b[?1005l',
  '1006': '\x1b[?1006l',
  '1015': '\x1b[?1015l',
  '1016': '\x1b[?1016l',
  '47': '\x1b[?47l',
  '1047': '\x1b[?1047l',
  '1049': '\x1b[?1049l',
  '2004': '\x1b[?2004l',
  '2026': '\x1b[?2026l',
};
/** Modes that are on by default: a program leaves them off. */
const redo: Readonly<Record<string, string>> = { '7': '\x1b[?7h', '25': '\x1b[?25h' };

/**
 * Other states of a terminal: what enters one (and what leaves it again, for the same pattern) and what brings it back. The
 * keyboard protocols are xterm's modifyOtherKeys and kitty's (https://sw.kovidgoyal.net/kitty/keyboard-protocol/); the rest
 * is of the VT100 and VT510. Leaving a scroll region sends the cursor home, so it is saved.
 */
const states: readonly { readonly enters: RegExp; readonly leaves?: RegExp; readonly back: string }[] = [
  { enters: /^\x1b\[>\d*u$/, leaves: /^\x1b\[<\d*u$/, back: '\x1b[<u' },
  { enters: /^\x1b\[=[1-9]\d*(?:;\d+)?u$/, leaves: /^\x1b\[=0?(?:;1)?u$/, back: '\x1b[=0u' },
  { enters: /^\x1b\[>4;[1-9]\d*m$/, leaves: /^\x1b\[>4(?:;0)?m$/, back: '\x1b[>4m' },
  { enters: /^\x1b\[\d*;?\d+r$/, leaves: /^\x1b\[r$/, back: '\x1b7\x1b[r\x1b8' },
  { enters: /^\x1b\[4h$/, leaves: /^\x1b\[4l$/, back: '\x1b[4l' },
  { enters: /^\x1b\[[1-6] q$/, leaves: /^\x1b\[0? q$/, back: '\x1b[0 q' },
  { enters: /^\x1b=$/, leaves: /^\x1b>$/, back: '\x1b>' },
  { enters: /^\x1b\(0$/, leaves: /^\x1b\([AB]$/, back: '\x1b(B' },
  { enters: /^\x0e$/, leaves: /^\x0f$/, back: '\x0f' },
];
const stateSequences = /\x1b\[[<>=]?[0-9;]*[ ]?[uqrmhl]|\x1b[=>]|\x1b\([0AB]|[\x0e\x0f]/g;

/**
 * Watches a program's output for modes that it turns on and off; `restoring` is what brings the terminal back where
 * the program ended without doing so. Only what was really changed is undone: turning off an alternate screen that is
 * not on would move the cursor.
 */
export function leftBehindModes(): { see(chunk: Uint8Array): void; restoring(): string } {
  const on = new Set<string>();
  const off = new Set<string>();
  const entered = new Set<string>();
  let rest = '';
  let coloured = false;
  return {
    see(chunk) {
      const text = rest + Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1');
      if (!/[\x1b\x0e\x0f]/.test(text)) {
        rest = '';
        return;
      }
      for (const [, numbers, set] of text.matchAll(/\x1b\[\?([0-9;]+)([hl])/g)) {
        for (const number of numbers!.split(';')) {
          if (number in redo) set === 'l' ? off.add(number) : off.delete(number);
          else if (number in undo) set === 'h' ? on.add(number) : on.delete(number);
        }
      }
      for (const [sequence] of text.matchAll(stateSequences))
        for (const { enters, leaves, back } of states)
          if (enters.test(sequence)) entered.add(back);
          else if (leaves?.test(sequence)) entered.delete(back);
      coloured ||= text.includes('\x1b[');
      // A sequence that the end of the chunk cut in two.
      rest = /\x1b(?:\[[?<>=]?[0-9;]*[ ]?|\()?$/.exec(text.slice(-32))?.[0] ?? '';
    },
    restoring() {
      // Before the other screen is left: a keyboard's modes are kept for each screen.
      return (
        [...entered].join('') +
        [...on].map((number) => undo[number]).join('') +
        [...off].map((number) => redo[number]).join('') +
        (coloured ? '\x1b[0m' : '')
      );
    },
  };
}
