import { dirname } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Bundle, bundle } from '../support/bundle.ts';
import { openTerminal, type Terminal } from '../support/terminal.ts';

let play: Bundle;
let terminal: Terminal | undefined;

beforeAll(async () => {
  play = await bundle('test/tui/play.ts');
});
afterAll(() => play.remove());
afterEach(async () => {
  await terminal?.close();
  terminal = undefined;
});

/** Plays a scene from a shell that compares the terminal's modes of before with those of after. */
function open(scene: string): Terminal {
  const script = `
before=$(stty -a)
"$1" "$2" "$3" &
echo "pid $!"
fg >/dev/null
echo "code $?"
[ "$before" = "$(stty -a)" ] && echo "the same modes"
`;
  terminal = openTerminal({
    columns: 80,
    rows: 24,
    command: 'bash',
    args: ['--norc', '-m', '-c', script, 'bash', process.execPath, play.file, scene],
    env: { PLAY_FOLDER: dirname(play.file) },
  });
  return terminal;
}

async function begin(scene: string): Promise<{ readonly at: Terminal; readonly pid: number }> {
  const at = open(scene);
  await at.until('its number', () => /pid (\d+)/.test(at.raw()));
  const pid = Number(/pid (\d+)/.exec(at.raw())![1]);
  await at.see('Ready to begin');
  at.press('enter');
  await at.see('⏎ run');
  return { at, pid };
}

/** The shell has its terminal again as it was, the cursor is seen, and nothing that the screens may set is on. */
async function givenBack(at: Terminal, code: number): Promise<void> {
  await at.until('the end', () => at.scrollback().includes(`code ${code}`));
  await at.until('the same modes', () => at.scrollback().includes('the same modes'));
  await at.exited();
  expect(at.cursorVisible()).toBe(true);
  const raw = at.raw();
  for (const mode of ['2004', '1049', '2026'])
    expect(raw.lastIndexOf(`\u001B[?${mode}h`), mode).toBeLessThanOrEqual(
      raw.lastIndexOf(`\u001B[?${mode}l`),
    );
}

describe('the terminal is given back as it was', () => {
  test('after q', async () => {
    const { at } = await begin('failing');
    at.type('q');
    await givenBack(at, 0);
  });

  test('after Ctrl+C twice', async () => {
    const { at } = await begin('failing');
    at.press('ctrl+c');
    await at.see('Stop this run?');
    at.press('ctrl+c');
    await givenBack(at, 130);
  });

  test.each(['SIGTERM', 'SIGHUP', 'SIGINT'] as const)('after %s while a command runs', async (signal) => {
    const { at, pid } = await begin('flood');
    at.press('enter');
    await at.see('running');
    process.kill(pid, signal);
    await givenBack(at, 130);
  });

  test.each(['SIGTERM', 'SIGHUP'] as const)('after %s while the output is looked at', async (signal) => {
    const { at, pid } = await begin('viewer');
    at.press('enter');
    await at.see('r retry');
    at.type('o');
    await at.see('following');
    process.kill(pid, signal);
    await givenBack(at, 130);
  });

  test('after a crash, and what broke can be read', async () => {
    const { at } = await begin('crash');
    at.press('enter');
    await givenBack(at, 1);
    expect(at.scrollback()).toContain('something in the program is broken');
  });
});
