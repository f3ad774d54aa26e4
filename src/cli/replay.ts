import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { castEvents } from '../execution/cast.ts';
import { findRun } from '../journal/runs.ts';
import { leftBehindModes } from '../terminal/modes.ts';
import { PlayedText } from '../terminal/played-text.ts';
import { guardTerminal } from '../terminal/restore.ts';
import { commandLine, parse } from './arguments.ts';
import { exit, Refusal } from './exit.ts';
import { readSettings } from './settings.ts';
import { isTerminal } from './terminal.ts';

/** `drillbook replay RUN`. */
export async function replay(args: readonly string[]): Promise<number> {
  let code: number = exit.done;
  const command = commandLine('replay', 'Plays the recording of a run. Space pauses, q leaves.')
    .argument('<run>', 'its id, the beginning of it, or its last four characters')
    .option('--speed <factor>', 'how many times faster than it was', '1')
    .option('--idle <seconds>', 'no pause is longer than that', '2')
    .action(async (given: string, options: { speed: string; idle: string }) => {
      const speed = positive(options.speed, '--speed');
      const idle = positive(options.idle, '--idle');
      code = await replayRun(given, speed, idle);
    });
  await parse(command, args);
  return code;
}

async function replayRun(given: string, speed: number, idle: number): Promise<number> {
  const settings = await readSettings(process.env, process.cwd());
  const found = await findRun(settings.folders.state, given);
  if (found.kind === 'none')
    throw new Refusal(`there is no run ${given}. 'drillbook log list' shows the runs.`);
  if (found.kind === 'ambiguous')
    throw new Refusal(`${given} may mean several runs: ${found.ids.join(', ')}`);
  const path = join(found.folder, 'run.cast');
  if (!(await stat(path).catch(() => undefined)))
    throw new Refusal(`the run ${found.id} has no recording: no command was run in it`, exit.failed);
  if (!isTerminal()) {
    process.stdout.write(`${path}\n`);
    process.stderr.write(
      'drillbook: there is no terminal to play it on; asciinema plays it too: asciinema play FILE\n',
    );
    return exit.done;
  }
  return await play(path, speed, idle);
}

async function play(path: string, speed: number, idle: number): Promise<number> {
  const { stdin, stdout } = process;
  const guarding = guardTerminal();
  const keys = watchKeys(stdin);
  const safe = new PlayedText();
  const modes = leftBehindModes();
  try {
    for await (const { wait, code, data } of castEvents(path)) {
      await keys.pass((Math.min(wait, idle) * 1000) / speed);
      if (keys.left) break;
      if (code !== 'o') continue;
      const text = safe.push(data);
      modes.see(Buffer.from(text));
      stdout.write(text);
    }
  } finally {
    keys.release();
    stdout.write(`${modes.restoring()}\r\n`);
    guarding.release();
  }
  return keys.left === 'interrupted' ? exit.interrupted : exit.done;
}

interface Keys {
  /** Why it was left, if it was. */
  readonly left: 'quit' | 'interrupted' | undefined;
  /** Resolves after so many milliseconds of playing, or as soon as it is left; a pause does not count. */
  pass(ms: number): Promise<void>;
  release(): void;
}

function watchKeys(input: NodeJS.ReadStream): Keys {
  let left: Keys['left'];
  let paused = false;
  let look = () => {};
  const onKeys = (bytes: Buffer) => {
    const text = bytes.toString();
    if (text.includes('\x03')) left = 'interrupted';
    else if (text === 'q') left = 'quit';
    else if (text === ' ') paused = !paused;
    look();
  };
  input.setRawMode(true);
  input.on('data', onKeys);
  input.resume();
  return {
    get left() {
      return left;
    },
    pass: (ms) =>
      new Promise((resolve) => {
        let remaining = ms;
        let since = 0;
        let timer: NodeJS.Timeout | undefined;
        const end = () => {
          clearTimeout(timer);
          look = () => {};
          resolve();
        };
        look = () => {
          if (left) return end();
          if (timer) remaining -= performance.now() - since;
          clearTimeout(timer);
          timer = undefined;
          if (paused) return;
          since = performance.now();
          timer = setTimeout(end, Math.max(0, remaining));
        };
        look();
      }),
    release: () => {
      input.off('data', onKeys);
      input.setRawMode(false);
      input.pause();
    },
  };
}

function positive(text: string, option: string): number {
  const number = Number(text);
  if (!Number.isFinite(number) || number <= 0)
    throw new Refusal(`${option} wants a number above 0, not ${text}`);
  return number;
}
