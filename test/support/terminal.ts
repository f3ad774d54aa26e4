import { spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';

export interface TerminalOptions {
  readonly columns: number;
  readonly rows: number;
  readonly command: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** How long a person would look before giving up, milliseconds. */
  readonly patience?: number;
}

const keys = {
  enter: '\r',
  esc: '\u001B',
  up: '\u001B[A',
  down: '\u001B[B',
  right: '\u001B[C',
  left: '\u001B[D',
  home: '\u001B[H',
  end: '\u001B[F',
  pageup: '\u001B[5~',
  pagedown: '\u001B[6~',
  tab: '\t',
  backspace: '\u007F',
  'ctrl+c': '\u0003',
  'ctrl+j': '\n',
  'ctrl+u': '\u0015',
  'ctrl+z': '\u001A',
} as const;

export type KeyOfTerminal = keyof typeof keys;

/** How long a person would look before giving up; a state that is reached ends the wait at once. Milliseconds. */
const usualPatience = 120_000;

/** A program at a pseudo-terminal, used as a person would: type, press, see. */
export interface Terminal {
  /** Sends text as it is. */
  type(text: string): void;
  press(...keys: readonly KeyOfTerminal[]): void;
  /** A bracketed paste. */
  paste(text: string): void;
  /** Waits until the text, or a match, is on the screen. Rejects with the screen where it does not come. */
  see(text: string | RegExp): Promise<string>;
  /** Waits until the text is gone. */
  seeNot(text: string | RegExp): Promise<string>;
  /** Waits until the screen satisfies a condition. */
  until(what: string, condition: (screen: string) => boolean): Promise<string>;
  /** The rows that can be seen, without trailing blanks. */
  screen(): string;
  /** Everything that scrolled away, and the screen. */
  scrollback(): string;
  /** Everything that the program has written, as it came. */
  raw(): string;
  cursorVisible(): boolean;
  resize(columns: number, rows: number): void;
  /** Resolves when the program has ended. */
  exited(): Promise<{ readonly code: number; readonly signal: number | undefined }>;
  readonly pid: number;
  /** Ends the program if it has not ended. */
  close(): Promise<void>;
}

/** Starts a program at a pseudo-terminal of a size. The caller closes it. */
export function openTerminal({
  columns,
  rows,
  command,
  args = [],
  env = {},
  cwd,
  patience = usualPatience,
}: TerminalOptions): Terminal {
  const emulator = new xterm.Terminal({ cols: columns, rows, scrollback: 10_000, allowProposedApi: true });
  const program = spawn(command, [...args], {
    name: 'xterm-256color',
    cols: columns,
    rows,
    ...(cwd ? { cwd } : {}),
    env: {
      PATH: process.env.PATH ?? '',
      HOME: process.env.HOME ?? '/',
      LANG: 'C.UTF-8',
      CI: 'false',
      ...env,
    },
  });
  let written = '';
  let end: { readonly code: number; readonly signal: number | undefined } | undefined;
  const watchers = new Set<() => void>();
  const changed = (): void => {
    for (const watcher of [...watchers]) watcher();
  };
  // Up to where the emulator has read, and whether that is in the middle of a frame (synchronised update, mode 2026).
  let read = 0;
  const inFrame = (): boolean => {
    const recent = written.slice(Math.max(0, read - 65_536), read);
    return recent.lastIndexOf('\u001B[?2026h') > recent.lastIndexOf('\u001B[?2026l');
  };
  program.onData((data) => {
    written += data;
    emulator.write(data, () => {
      read += data.length;
      if (!inFrame()) changed();
    });
  });
  program.onExit(({ exitCode, signal }) => {
    end = { code: exitCode, signal: signal || undefined };
    // What was written last may still be on its way to the emulator.
    emulator.write('', changed);
  });

  const rowsFrom = (first: number): string => {
    const { buffer } = emulator;
    const lines: string[] = [];
    for (let index = first; index < buffer.active.baseY + emulator.rows; index++)
      lines.push(buffer.active.getLine(index)?.translateToString(true) ?? '');
    return lines.join('\n').trimEnd();
  };
  const screen = (): string => rowsFrom(emulator.buffer.active.baseY);
  const until = (what: string, condition: (screen: string) => boolean): Promise<string> =>
    new Promise((resolve, reject) => {
      const stop = (): void => {
        clearTimeout(timer);
        watchers.delete(look);
      };
      const look = (): void => {
        // Half a frame is no screen that a person sees.
        if (inFrame() && end === undefined) return;
        const now = screen();
        if (condition(now)) {
          stop();
          resolve(now);
        } else if (end !== undefined) {
          stop();
          reject(new Error(`the program ended (${end.code}) without: ${what}\n${frame(now)}`));
        }
      };
      const timer = setTimeout(() => {
        stop();
        reject(new Error(`never seen: ${what}\n${frame(screen())}`));
      }, patience);
      watchers.add(look);
      look();
    });
  const holds = (text: string | RegExp) => (now: string) =>
    typeof text === 'string' ? now.includes(text) : text.test(now);
  const exited = (): Promise<{ readonly code: number; readonly signal: number | undefined }> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`it did not end\n${frame(screen())}`)), patience);
      const look = (): void => {
        if (end === undefined) return;
        clearTimeout(timer);
        watchers.delete(look);
        resolve(end);
      };
      watchers.add(look);
      look();
    });

  return {
    type: (text) => program.write(text),
    press: (...names) => program.write(names.map((name) => keys[name]).join('')),
    paste: (text) => program.write(`\u001B[200~${text}\u001B[201~`),
    see: (text) => until(`to see ${text}`, holds(text)),
    seeNot: (text) => until(`not to see ${text}`, (now) => !holds(text)(now)),
    until,
    screen,
    scrollback: () => rowsFrom(0),
    raw: () => written,
    cursorVisible: () => written.lastIndexOf('\u001B[?25l') < written.lastIndexOf('\u001B[?25h'),
    resize: (newColumns, newRows) => {
      emulator.resize(newColumns, newRows);
      program.resize(newColumns, newRows);
    },
    exited,
    pid: program.pid,
    close: async () => {
      if (end === undefined) program.kill('SIGKILL');
      await exited();
      emulator.dispose();
    },
  };
}

function frame(screen: string): string {
  return `┌──\n${screen
    .split('\n')
    .map((row) => `│${row}`)
    .join('\n')}\n└──`;
}
