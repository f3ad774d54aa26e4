import type { IBufferCell, IBufferLine } from '@xterm/headless';
import headless from '@xterm/headless';
import { castEvents, castSize } from '../execution/cast.ts';
import { visible } from '../terminal/sanitise.ts';

/** A stretch of a row in one look: its text, and classes of the page's style (empty where it has none). */
export type Run = readonly [text: string, look: string];

/** What of the screen changed at a moment: seconds from the beginning, and the rows that are others now. */
export interface Frame {
  readonly at: number;
  readonly rows: readonly (readonly [row: number, runs: readonly Run[]])[];
  /** What begins here: a step. */
  readonly mark?: string;
}

/** A recording as a page plays it: screens, not sequences, so that nothing in it can act on a browser. */
export interface Replay {
  readonly columns: number;
  readonly rows: number;
  readonly frames: readonly Frame[];
  /** The recording goes on, and the page would become too large. */
  readonly cut: boolean;
}

/** What a page holds of a recording at most. */
export interface Limits {
  /** Characters of all frames: the page stays one that can be mailed. */
  readonly characters: number;
  /** Characters of output that are played; a flood behind that would take minutes. */
  readonly output: number;
}

const usual: Limits = { characters: 4_000_000, output: 32_000_000 };
/** No two frames are closer, in seconds; of a long recording with a spinner in it a look a second is enough. */
const closest = (frames: number): number => (frames < 3_000 ? 0.1 : 1);

/**
 * Plays a recording (asciicast v3) into a terminal and keeps what could be seen. `mask` has the last word on every row.
 * Throws where the file cannot be read or is no recording.
 */
export async function framesOf(
  path: string,
  mask: (text: string) => string,
  limits: Limits = usual,
): Promise<Replay> {
  const { columns, rows } = bounded(await castSize(path));
  const terminal = new headless.Terminal({ cols: columns, rows, scrollback: 0, allowProposedApi: true });
  const shown: string[] = Array.from({ length: rows }, () => '[]');
  const frames: Frame[] = [];
  let [at, last, size, fed] = [0, -1, 0, 0];
  let mark: string | undefined;
  let waiting = '';
  const look = async (): Promise<void> => {
    await new Promise<void>((done) => terminal.write(waiting, done));
    waiting = '';
    const changed: [number, readonly Run[]][] = [];
    for (let row = 0; row < rows; row++) {
      const runs = runsOf(terminal.buffer.active.getLine(terminal.buffer.active.baseY + row), columns, mask);
      const text = JSON.stringify(runs);
      if (text === shown[row]) continue;
      shown[row] = text;
      size += text.length;
      changed.push([row, runs]);
    }
    if (changed.length === 0 && mark === undefined) return;
    frames.push({ at: Number(at.toFixed(2)), rows: changed, ...(mark === undefined ? {} : { mark }) });
    mark = undefined;
    last = at;
  };
  let over = false;
  for await (const { wait, code, data } of castEvents(path)) {
    // What came close together is one look, taken before the pause that ends it.
    if (waiting !== '' && at + wait - last >= closest(frames.length)) await look();
    at += wait;
    if (code === 'o') {
      waiting += data;
      fed += data.length;
      if (waiting.length > 256 * 1024) await look();
    } else if (code === 'm') {
      if (waiting !== '' || mark !== undefined) await look();
      mark = mask(visible(data));
    }
    over = size > limits.characters || fed > limits.output;
    if (over) break;
  }
  if (!over) await look();
  terminal.dispose();
  return { columns, rows, frames, cut: over };
}

function bounded({ columns, rows }: { columns: number; rows: number }): { columns: number; rows: number } {
  const within = (value: number, most: number) => Math.max(2, Math.min(most, Math.floor(value) || 2));
  return { columns: within(columns, 300), rows: within(rows, 100) };
}

function runsOf(
  line: IBufferLine | undefined,
  columns: number,
  mask: (text: string) => string,
): readonly Run[] {
  const whole = line?.translateToString(true) ?? '';
  if (!line || whole === '') return [];
  const covered = mask(whole);
  // What was masked now has lost its places, and its colours with them.
  if (covered !== whole) return [[visible(covered), '']];
  const runs: [string, string][] = [];
  let cell: IBufferCell | undefined;
  for (let column = 0; column < columns; column++) {
    cell = line.getCell(column, cell);
    if (!cell || cell.getWidth() === 0) continue;
    const look = lookOf(cell);
    const text = cell.getChars() || ' ';
    const before = runs.at(-1);
    if (before?.[1] === look) before[0] += text;
    else runs.push([text, look]);
  }
  const end = runs.at(-1);
  if (end?.[1] === '') end[0] = end[0].trimEnd();
  return runs.filter(([text]) => text !== '').map(([text, look]) => [visible(text), look]);
}

function lookOf(cell: IBufferCell): string {
  const palette = cell.isFgPalette() ? cell.getFgColor() : -1;
  return [
    ...(cell.isBold() ? ['b'] : []),
    ...(cell.isDim() ? ['d'] : []),
    ...(cell.isInverse() ? ['i'] : []),
    ...(palette >= 0 && palette < 16 ? [`c${palette % 8}`] : []),
  ].join(' ');
}
