/** What a colour stands for. The word beside it always says the same, so that no colour is needed to understand. */
export type Tone = 'danger' | 'caution' | 'good' | 'accent';

export interface Theme {
  readonly unicode: boolean;
  /** The name of the colour for a tone; undefined where no colour is wanted. */
  color(tone: Tone | undefined): string | undefined;
  /** A string as this terminal can show it: our own glyphs replaced where it knows ASCII only. */
  text(text: string): string;
  readonly spinner: readonly string[];
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

/** The look for a terminal, from its environment: `NO_COLOR` (no-color.org), `TERM`, and the locale's character set. */
export function themeFor(env: Readonly<Record<string, string | undefined>>): Theme {
  const dumb = env.TERM === 'dumb';
  const colored = !env.NO_COLOR && !dumb;
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || '';
  const unicode =
    !dumb && env.TERM !== 'linux' && !env.DRILLBOOK_ASCII && (locale === '' || /utf-?8/i.test(locale));
  return {
    unicode,
    color: (tone) => (colored && tone ? colors[tone] : undefined),
    text: (text) => (unicode ? text : text.replace(ours, (glyph) => inAscii[glyph] ?? glyph)),
    spinner: unicode ? ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'] : ['|', '/', '-', '\\'],
  };
}
