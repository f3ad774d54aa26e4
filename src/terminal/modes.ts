/** Private modes (DECSET) that a program may leave on, and what turns each off. */
const undo: Readonly<Record<string, string>> = {
  '1': '\x1b[?1l',
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
  '47': '\x1b[?47l',
  '1047': '\x1b[?1047l',
  '1049': '\x1b[?1049l',
  '2004': '\x1b[?2004l',
  '2026': '\x1b[?2026l',
};
/** Modes that are on by default: a program leaves them off. */
const redo: Readonly<Record<string, string>> = { '7': '\x1b[?7h', '25': '\x1b[?25h' };

/**
 * Watches a program's output for modes that it turns on and off; `restoring` is what brings the terminal back where
 * the program ended without doing so. Only what was really changed is undone: turning off an alternate screen that is
 * not on would move the cursor.
 */
export function leftBehindModes(): { see(chunk: Uint8Array): void; restoring(): string } {
  const on = new Set<string>();
  const off = new Set<string>();
  let rest = '';
  let coloured = false;
  return {
    see(chunk) {
      const text = rest + Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1');
      if (!text.includes('\x1b')) {
        rest = '';
        return;
      }
      for (const [, numbers, set] of text.matchAll(/\x1b\[\?([0-9;]+)([hl])/g)) {
        for (const number of numbers!.split(';')) {
          if (number in redo) set === 'l' ? off.add(number) : off.delete(number);
          else if (number in undo) set === 'h' ? on.add(number) : on.delete(number);
        }
      }
      coloured ||= text.includes('\x1b[');
      // A sequence that the end of the chunk cut in two.
      rest = /\x1b(?:\[\??[0-9;]*)?$/.exec(text.slice(-32))?.[0] ?? '';
    },
    restoring() {
      return (
        [...on].map((number) => undo[number]).join('') +
        [...off].map((number) => redo[number]).join('') +
        (coloured ? '\x1b[0m' : '')
      );
    },
  };
}
