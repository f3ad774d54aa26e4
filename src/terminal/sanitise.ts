/** String sequences (OSC, DCS, SOS, PM, APC) with their content, ended by BEL or ST; or cut off by the end of the text. */
const strings = /(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[\s\S]*?(?:\x07|\x1b\\|\x9c|$)/g;
/** CSI sequences, ECMA-48 5.4: parameters, intermediates, final byte. */
const csi = /(?:\x1b\[|\x9b)[0-?]*[ -/]*(?:[@-~]|$)/g;
/** What is left of escape sequences: `ESC` with intermediates and a final byte. */
const escapes = /\x1b[ -/]*[0-~]?/g;
const sgr = /^\x1b\[[0-9;:]*m$/;
/** Overrides, embeddings and isolates that let text look like other text ("Trojan Source"). */
const bidi = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
/** What may be a part of any of these, or of a line that ends with CR LF: text without it is safe as it is. */
const unsafe = /[^\t\n\x20-\x7e\xa0-\u024f]/;
/** Controls other than tab and newline; line and paragraph separators. */
const controls = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufff9-\ufffb]/g;

/**
 * Untrusted text made safe for the terminal: no sequence that moves the cursor, sets a title, a mode or the clipboard
 * is left. Tabs and newlines stay. `keepColour` keeps SGR colours and ends with a reset where there is one.
 * Bidirectional controls are shown as `⟨U+202E⟩`.
 */
export function sanitise(text: string, { keepColour = false } = {}): string {
  if (!unsafe.test(text)) return text;
  let coloured = false;
  const plain = text
    .replace(strings, '')
    .replace(csi, (sequence) => {
      if (!keepColour || !sgr.test(sequence)) return '';
      coloured = true;
      // A private-use stand-in keeps it from the next replacements.
      return `\ue01b${sequence.slice(2)}`;
    })
    .replace(escapes, '')
    .replaceAll('\r\n', '\n')
    .replace(controls, '');
  const shown = plain.replace(bidi, named);
  return coloured ? `${shown.replace(/\ue01b([0-9;:]*m)/g, '\x1b[$1')}\x1b[0m` : shown;
}

/** Like `sanitise`, for one line: tabs and newlines become spaces. */
export function sanitiseLine(text: string): string {
  return sanitise(text).replace(/[\t\n]+/g, ' ');
}

/** For text that a terminal emulator has already taken apart: only what deceives the eye is left to show. */
export function visible(text: string): string {
  return /[^\x20-\x7e]/.test(text) ? text.replace(controls, '').replace(bidi, named) : text;
}

function named(character: string): string {
  return `⟨U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}⟩`;
}
