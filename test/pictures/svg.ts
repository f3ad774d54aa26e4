import xterm from '@xterm/headless';

const [cellWidth, cellHeight, edge] = [8.4, 18, 16];

/** Colours of a picture: paper, ink, and the eight of the terminal. */
const looks = {
  light: {
    paper: '#ffffff',
    ink: '#1f2328',
    line: '#d0d7de',
    colours: ['#24292f', '#b62324', '#116329', '#7d4e00', '#0550ae', '#8250df', '#0f6b76', '#57606a'],
  },
  dark: {
    paper: '#0d1117',
    ink: '#e6edf3',
    line: '#30363d',
    colours: ['#6e7681', '#ff7b72', '#56d364', '#e3b341', '#79c0ff', '#d2a8ff', '#56d4dd', '#c9d1d9'],
  },
} as const;

export type Look = keyof typeof looks;

/** What a program wrote to a terminal of a size, as a picture of the screen that it left. */
export async function pictureOf(raw: string, columns: number, rows: number, look: Look): Promise<string> {
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
  await new Promise<void>((done) => terminal.write(raw, done));
  const { active } = terminal.buffer;
  const { paper, ink, line, colours } = looks[look];
  const texts: string[] = [];
  for (let row = 0; row < rows; row++) {
    const cells = active.getLine(active.baseY + row);
    const runs: { text: string; at: number; attributes: string }[] = [];
    for (let column = 0; column < columns; column++) {
      const cell = cells?.getCell(column);
      if (!cell || cell.getWidth() === 0) continue;
      const fill = cell.isFgPalette() ? ` fill="${colours[cell.getFgColor() % 8]}"` : '';
      const attributes = `${fill}${cell.isBold() ? ' font-weight="bold"' : ''}${cell.isDim() ? ' opacity="0.65"' : ''}`;
      const before = runs.at(-1);
      if (before?.attributes === attributes) before.text += cell.getChars() || ' ';
      else runs.push({ text: cell.getChars() || ' ', at: column, attributes });
    }
    // Browsers fold blanks: what stands behind several of them gets a place of its own.
    const spans = runs.flatMap(({ text, at, attributes }) =>
      [...text.matchAll(/\S+(?: \S+)*/g)].map(
        ({ 0: words, index }) => `<tspan x="${placeOf(at + index)}"${attributes}>${escaped(words)}</tspan>`,
      ),
    );
    texts.push(`<text y="${edge + 13 + row * cellHeight}">${spans.join('')}</text>`);
  }
  terminal.dispose();
  const [width, height] = [Math.ceil(columns * cellWidth + 2 * edge), rows * cellHeight + 2 * edge];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="14" fill="${ink}">
<title>A screen of Drillbook</title>
<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8" fill="${paper}" stroke="${line}"/>
${texts.join('\n')}
</svg>
`;
}

/** The rows of a picture as text, without what is blank behind them. For glyphs of one column. */
export function rowsOf(svg: string): readonly string[] {
  return [...svg.matchAll(/<text [^>]*>(.*)<\/text>/g)].map(([, spans]) => {
    let row = '';
    for (const [, x, text] of spans!.matchAll(/<tspan x="([\d.]+)"[^>]*>([^<]*)<\/tspan>/g))
      row =
        row.padEnd(Math.round((Number(x) - edge) / cellWidth)) +
        text!.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
    return row;
  });
}

function placeOf(column: number): string {
  return (edge + column * cellWidth).toFixed(1);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
