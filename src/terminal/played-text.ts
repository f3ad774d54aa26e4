/** String sequences (OSC, DCS, SOS, PM, APC) with their content: titles, clipboard, links, graphics. */
const strings = /(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[\s\S]*?(?:\x07|\x1b\\|\x9c)/g;
/** CSI sequences that the terminal answers as if somebody typed, or that act on the window or a printer. */
const acting = /(?:\x1b\[|\x9b)[0-?]*[ -/]*[cntip]|\x1bZ|\x05/g;
/** What makes the terminal send other than keys, or other keys: the mouse, focus, pastes, keyboard protocols. */
const reporting =
  /(?:\x1b\[|\x9b)(?:\?[0-9;]*\b(?:9|100[0-6]|1015|1016|2004)\b[0-9;]*[hl]|[<>=?][0-9;]*u|>[0-9;]*m)/g;
/** What the end of a piece has cut in two. */
const begun = /(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])(?:(?!\x07|\x1b\\|\x9c)[\s\S])*$|\x1b\[?[0-?]*[ -/]*$/;
/** The most that waits for an end that may never come. */
const mostHeld = 64 * 1024;

/**
 * Makes recorded output fit to be played on a terminal: it may move the cursor, use colours and the other screen, as it
 * did when it was recorded, but touches neither clipboard nor title and asks the terminal nothing. One for each recording.
 */
export class PlayedText {
  #held = '';

  push(piece: string): string {
    const text = this.#held + piece;
    const cut = begun.exec(text)?.index ?? text.length;
    this.#held = text.length - cut > mostHeld ? '' : text.slice(cut);
    return text.slice(0, cut).replace(strings, '').replace(acting, '').replace(reporting, '');
  }
}
