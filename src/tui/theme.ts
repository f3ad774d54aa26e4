/** What a colour stands for. The word beside it always says the same, so that no colour is needed to understand. */
export type Tone = 'danger' | 'caution' | 'good' | 'accent';

export interface Theme {
  readonly unicode: boolean;
  /** The name of the colour for a tone; undefined where no colour is wanted. */
  color(tone: Tone | undefined): string | undefined;
  /** A string as this terminal can show it: our own glyphs replaced where it knows ASCII only. */
  text(text: string): string;
  /** One glyph only where nothing shall move. */
  readonly spinner: readonly string[];
  /** A screen reader reads: words instead of marks, nothing beside anything else, no frames. */
  readonly reader: boolean;
  /** Nothing moves by itself but the time, and that seldom. */
  readonly still: boolean;
  /** Whether the terminal opens links (OSC 8). */
  readonly links: boolean;
}

// Each replacement is as wide as what it replaces: the layout is done before.
const inAscii: Readonly<Record<string, string>> = {
  '✓': '+',
  '▶': '>',
  '✗': 'x',
  '–': '-',
  '─': '-',
  '┆': '|',
  '│': '|',
  '┃': '|',
  '█': '#',
  '░': '.',
  '…': '~',
  '·': '-',
  '•': '*',
  '●': '*',
  '↪': '\\',
  '→': '>',
  '×': 'x',
  '▸': '>',
  '☐': '_',
  '☑': 'x',
  '›': '>',
  '⏎': '^',
  '↑': '^',
  '↓': 'v',
};

const ours = new RegExp(`[${Object.keys(inAscii).join('')}]`, 'g');
const colors: Readonly<Record<Tone, string>> = {
  danger: 'red',
  caution: 'yellow',
  good: 'green',
  accent: 'cyan',
};

/** What a mark says aloud. Frames and gaps are not read. */
const inWords: Readonly<Record<string, string>> = {
  '✓': 'done:',
  '▶': 'now:',
  '✗': 'not well:',
  '▸': 'marked:',
  '☐': 'open:',
  '☑': 'ticked:',
  '⏎': 'Enter',
  '↑': 'Up',
  '↓': 'Down',
  '↪': 'continued',
  '→': 'to',
  '·': '-',
  '•': '',
  '●': '',
  '┆': '',
  '│': '',
  '┃': '',
  '─': '',
  '█': '',
  '░': '',
};
const said = new RegExp(`[${Object.keys(inWords).join('')}]`, 'g');

/**
 * The look for a terminal, from its environment: `NO_COLOR` (no-color.org), `TERM`, the locale's character set,
 * `INK_SCREEN_READER` or `DRILLBOOK_SCREEN_READER`, `DRILLBOOK_REDUCED_MOTION`; `comfort` is what the preferences say.
 */
export function themeFor(
  env: Readonly<Record<string, string | undefined>>,
  comfort: { readonly screenReader?: boolean; readonly reducedMotion?: boolean } = {},
): Theme {
  const dumb = env.TERM === 'dumb';
  const colored = !env.NO_COLOR && !dumb;
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || '';
  const unicode =
    !dumb && env.TERM !== 'linux' && !env.DRILLBOOK_ASCII && (locale === '' || /utf-?8/i.test(locale));
  const reader = isOn(env.INK_SCREEN_READER ?? env.DRILLBOOK_SCREEN_READER) ?? comfort.screenReader ?? false;
  const still = reader || (isOn(env.DRILLBOOK_REDUCED_MOTION) ?? comfort.reducedMotion ?? false);
  const moving = unicode ? ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'] : ['|', '/', '-', '\\'];
  return {
    unicode,
    color: (tone) => (colored && tone ? colors[tone] : undefined),
    text: (text) =>
      reader
        ? text.replace(said, (glyph) => inWords[glyph] ?? glyph).replace(/ {3,}/g, '  ')
        : unicode
          ? text
          : text.replace(ours, (glyph) => inAscii[glyph] ?? glyph),
    spinner: still ? [unicode && !reader ? '●' : '*'] : moving,
    reader,
    still,
    links: !dumb && !reader && opensLinks(env),
  };
}

function isOn(word: string | undefined): boolean | undefined {
  return word === undefined || word === '' ? undefined : !/^(?:0|false|no|off)$/i.test(word);
}

/** Terminals that are known to open OSC 8 links; a multiplexer may cut the sequence, so that none is sent through it. */
function opensLinks(env: Readonly<Record<string, string | undefined>>): boolean {
  if (env.TMUX || env.STY) return false;
  if (/iTerm|WezTerm|ghostty|vscode|Hyper/i.test(env.TERM_PROGRAM ?? '')) return true;
  if (/kitty|ghostty|^foot/.test(env.TERM ?? '') || env.WT_SESSION !== undefined) return true;
  return Number(env.VTE_VERSION ?? 0) >= 5000;
}
