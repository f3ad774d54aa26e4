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

/** Runs the first command of a scene. */
async function running(
  scene: string,
  columns: number,
  rows: number,
  env: Record<string, string> = {},
): Promise<Terminal> {
  terminal = openTerminal({
    columns,
    rows,
    command: process.execPath,
    args: [play.file, scene],
    env: { PLAY_FOLDER: dirname(play.file), ...env },
  });
  await terminal.see('Ready to begin');
  terminal.press('enter');
  await terminal.see(/(⏎|Enter) run/);
  terminal.press('enter');
  return terminal;
}

const sizes = [
  [60, 20],
  [100, 30],
] as const;

describe.each(sizes)('a command that runs, at %i×%i', (columns, rows) => {
  test('says how long it usually takes, its timeout, its silence, and each rung of the ladder', async () => {
    const at = await running('watched', columns, rows);
    await at.see(/running \d/);
    await at.see('no output for 2m05s');
    if (columns >= 100) {
      await at.see('timeout 30m');
      await at.see('pid 4121');
      expect(at.screen()).toMatch(/typical 1–3s|longer than typical/);
    }
    // Longer than ever before: that is said, whatever else must go.
    await at.see('longer than typical 1–3s');
    at.press('ctrl+c');
    await at.see('SIGINT sent; Ctrl+C again: SIGTERM');
    at.press('ctrl+c');
    await at.see('SIGTERM sent; Ctrl+C again: SIGKILL');
    expect(at.screen().split('\n').length).toBeLessThanOrEqual(rows);
    at.press('ctrl+c');
    await at.see('r retry');
  });

  test('shows a bar with amount, rate and time left where it says how far it is', async () => {
    const at = await running('progress', columns, rows);
    await at.see(/█+░+ 42% {2}12\.6 MB of 30\.0 MB · 3\.1 MB\/s/);
    if (columns >= 100) await at.see(/about 6s left · table public\.members/);
    await at.see(/running \d/);
    at.press('ctrl+c');
    await at.see('r retry');
  });

  test('says afterwards what it changed', async () => {
    const at = await running('changes', columns, rows);
    await at.see('There is enough room');
    await at.see('sets BACKUP_NAME · cd /backups');
    expect(at.screen()).toContain('✓ exit 0');
  });

  test('a hidden failure is shown as one', async () => {
    const at = await running('hidden', columns, rows);
    await at.see('✗ hidden failure');
    await at.see('whose last part ended well');
  });

  test('what goes on in the background is asked about at the end of its step', async () => {
    const at = await running('background', columns, rows);
    await at.see('This step is done');
    at.press('enter');
    await at.see('2 processes still run in the background');
    const screen = await at.see('This step is done: say');
    for (const text of ['▸ pid 4711  sleep 300', 'pid 4712  ssh -N', 'for 0', 'wait for it', 'let it go on'])
      expect(screen).toContain(text);
    // Stops the first, waits for the second for a while, and lets it go on.
    at.press('up', 'enter');
    await at.see('▸ pid 4712  ssh -N');
    expect(at.screen()).not.toContain('pid 4711');
    at.press('enter');
    await at.see('Waiting for pid 4712');
    await at.see('go on waiting');
    at.press('down', 'down', 'enter');
    await at.see('Nothing runs in the background any more');
    at.press('enter');
    await at.see('To be done by hand');
    at.type('t');
    await at.see('Timeline');
    expect(at.screen()).toContain('background process 4711: stopped');
    expect(at.screen()).toContain('background process 4712: left running, knowingly');
  });

  test('going on puts the question off to the end of the run', async () => {
    const at = await running('background', columns, rows);
    await at.see('This step is done');
    at.press('enter');
    await at.see('This step is done: say what becomes of them');
    at.press('down', 'enter');
    await at.see('To be done by hand');
    at.press('enter');
    await at.see('Every step is done');
    at.press('enter');
    await at.see('The run is at its end: say what becomes of them');
    expect(at.screen()).not.toContain('asked again');
  });
});

test('in ASCII and without colour the bar and the words are the same', async () => {
  const at = await running('progress', 60, 20, { NO_COLOR: '1', LANG: 'C' });
  await at.see(/#+\.+ 42% {2}12\.6 MB of 30\.0 MB/);
  expect(at.screen()).not.toMatch(/[^\u0000-\u007F]/);
});

describe('the end of a long command', () => {
  const notice =
    /\u001B\]9;Drillbook: Restore to production: . failed {2}exit 3 in 45s[^\u0007]*psql --version\u0007/;

  test('notifies the desktop by OSC 9 where the terminal knows it, and rings', async () => {
    const at = await running('bell', 100, 30, { TERM_PROGRAM: 'WezTerm' });
    await at.see('r retry');
    await at.until('a notification', () => notice.test(at.raw()));
    expect(at.raw()).toMatch(/\u0007/);
  });

  test('goes through tmux to the terminal around it', async () => {
    const at = await running('bell', 100, 30, { KITTY_WINDOW_ID: '1', TMUX: '/tmp/x,1,0' });
    await at.until('a wrapped notification', () => /\u001BPtmux;\u001B\u001B\]9;Drillbook/.test(at.raw()));
  });

  test('only rings where the terminal knows no notification, and is still where nobody wants to be called', async () => {
    const rings = await running('bell', 100, 30);
    await rings.until('the bell', () => rings.raw().includes('\u0007'));
    expect(rings.raw()).not.toContain('\u001B]9;');
    await rings.close();
    const still = await running('bell', 100, 30, { PLAY_NOTIFY: 'off', TERM_PROGRAM: 'WezTerm' });
    await still.see('r retry');
    still.type('t');
    await still.see('Timeline');
    expect(still.raw()).not.toContain('\u0007');
  });
});
