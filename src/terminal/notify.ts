import type { Capabilities } from './capabilities.ts';
import { passedThrough } from './multiplexer.ts';
import { sanitiseLine } from './sanitise.ts';

const bell = '\x07';
/** Terminals cut long notifications and titles themselves, some of them badly. */
const longest = 200;

/**
 * What makes a terminal call its user: a desktop notification by OSC 9 (iTerm2) or OSC 777 (urxvt), where it knows one,
 * and the bell in any case, for a window in the background. Through tmux and screen it is passed to the terminal around. The texts may be
 * untrusted: nothing in them can end the sequence or begin another.
 */
export function notification(
  { notification: way }: Pick<Capabilities, 'notification'>,
  { title, body }: { readonly title: string; readonly body: string },
  environment: NodeJS.ProcessEnv = process.env,
): string {
  // The bell is the multiplexer's own affair: it marks the window with it.
  switch (way) {
    case 'osc9':
      return passedThrough(`\x1b]9;${message(title, body)}${bell}`, environment) + bell;
    case 'osc777':
      return passedThrough(`\x1b]777;notify;${safe(title)};${safe(body)}${bell}`, environment) + bell;
    case 'bell':
      return bell;
  }
}

/**
 * Sets the window's title (OSC 2, xterm); the one before is put on the terminal's stack of titles (CSI 22 t), from where
 * `restoredTitle` takes it back. Empty where there is nothing to say.
 */
export function windowTitle(text: string): string {
  const title = safe(text);
  // Ended by ST: a bell would ring in a terminal that does not know the sequence.
  return title === '' ? '' : `\x1b[22;2t\x1b]2;${title}\x1b\\`;
}

/** Takes back what `windowTitle` set. */
export const restoredTitle = '\x1b[23;2t';

/** A number in front would be a command of ConEmu's, which shares OSC 9 (`9;4;…` is a progress bar). */
function message(title: string, body: string): string {
  const text = safe(body === '' ? title : `${title}: ${body}`);
  return /^\d/.test(text) ? `– ${text}` : text;
}

/** Semicolons separate the fields of a sequence. */
function safe(text: string): string {
  const line = sanitiseLine(text).replaceAll(';', ',').trim();
  const characters = [...line];
  return characters.length > longest ? `${characters.slice(0, longest - 1).join('')}…` : line;
}
