/** How many colours: none, 16, 256, or all. */
export type ColourLevel = 0 | 1 | 2 | 3;

export interface Capabilities {
  readonly colour: ColourLevel;
  /** False where box drawing and marks must be ASCII. */
  readonly unicode: boolean;
  /** Knows OSC 9 or OSC 777, by which a terminal shows a desktop notification. */
  readonly notification: 'osc9' | 'osc777' | 'bell';
}

interface Output {
  readonly isTTY?: boolean;
}

/**
 * What a terminal can show, by its environment. NO_COLOR (https://no-color.org) wins over everything but FORCE_COLOR;
 * an output that is no terminal has no colour.
 */
export function capabilitiesOf(output: Output, environment: NodeJS.ProcessEnv = process.env): Capabilities {
  return {
    colour: colourOf(output, environment),
    unicode: unicodeOf(environment),
    notification: notificationOf(environment),
  };
}

function colourOf(output: Output, environment: NodeJS.ProcessEnv): ColourLevel {
  const { FORCE_COLOR: force, NO_COLOR: none, TERM: term = '', COLORTERM: truecolor = '' } = environment;
  if (force !== undefined && force !== '') {
    if (force === '0' || force === 'false') return 0;
    return force === '2' ? 2 : force === '3' ? 3 : 1;
  }
  if (none !== undefined && none !== '') return 0;
  if (output.isTTY !== true || term === 'dumb') return 0;
  if (/^(truecolor|24bit)$/i.test(truecolor) || /-direct$/.test(term)) return 3;
  if (/256(color)?$/i.test(term) || environment.TERM_PROGRAM === 'Apple_Terminal') return 2;
  return 1;
}

/** By the locale, in the order in which setlocale(3) looks: LC_ALL, LC_CTYPE, LANG. */
function unicodeOf(environment: NodeJS.ProcessEnv): boolean {
  if (environment.TERM === 'linux' || environment.TERM === 'dumb') return false;
  const locale = environment.LC_ALL || environment.LC_CTYPE || environment.LANG;
  if (!locale) return process.platform === 'darwin';
  return /utf-?8/i.test(locale);
}

function notificationOf(environment: NodeJS.ProcessEnv): Capabilities['notification'] {
  const { TERM_PROGRAM: program = '', TERM: term = '', LC_TERMINAL: outer = '' } = environment;
  // Within tmux or screen TERM and TERM_PROGRAM are theirs; these are what the terminal around them has left behind.
  const around =
    environment.KITTY_WINDOW_ID ??
    environment.ITERM_SESSION_ID ??
    environment.WEZTERM_PANE ??
    environment.GHOSTTY_RESOURCES_DIR;
  if (/iTerm|WezTerm|ghostty/i.test(program + outer) || /kitty|ghostty/.test(term) || around !== undefined)
    return 'osc9';
  if (/^(rxvt|foot)/.test(term) || environment.VTE_VERSION !== undefined) return 'osc777';
  return 'bell';
}

/** Whether a person sits there: both ends are a terminal that can move its cursor, and this is no CI job. */
export function isInteractive(
  input: Output = process.stdin,
  output: Output = process.stdout,
  environment: NodeJS.ProcessEnv = process.env,
): boolean {
  const ci = environment.CI !== undefined && !/^(|0|false)$/i.test(environment.CI);
  return input.isTTY === true && output.isTTY === true && environment.TERM !== 'dumb' && !ci;
}
