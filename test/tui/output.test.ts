import { open, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
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

/** Runs the first command of a scene, which fails, and opens what it printed. */
async function viewer(
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
  await terminal.see('psql --version');
  terminal.press('enter');
  await terminal.see('r retry');
  terminal.type('o');
  await terminal.see('Output, try 1');
  await terminal.see('Esc back');
  return terminal;
}

describe.each([
  [60, 20],
  [100, 30],
] as const)('the output of a command at %i×%i', (columns, rows) => {
  test('begins at its end, marks errors and standard error by signs, and is safe', async () => {
    const at = await viewer('viewer', columns, rows);
    await at.see('following');
    const screen = await at.see(/▸ e pg_restore: warning/);
    expect(screen).toMatch(/^ ! {2,}ERROR: {2}relation/m);
    expect(screen).toMatch(/^ {4}NOTICE: {2}0 errors/m);
    expect(screen).toContain('red and nothing cleared');
    expect(screen.split('\n')[0]).toContain('Output, try 1');
    expect(screen).toContain('psql 3: an error in a script');
    expect(at.raw()).not.toContain('\u001B]0;');
    expect(screen.split('\n').length).toBeLessThanOrEqual(rows);
  });

  test('moves by row, page, top and end; the mark is always seen', async () => {
    const at = await viewer('viewer', columns, rows);
    await at.see('following');
    at.type('g');
    await at.see(/▸ {3}row 1\n/);
    expect(at.screen()).not.toContain('following');
    at.press('down', 'down');
    await at.see(/▸ {3}row 3\n/);
    at.press('pagedown');
    await at.until('a page further', (now) => !/ row 1\n/.test(now) && now.includes('▸'));
    at.type('G');
    await at.see(/▸ e pg_restore/);
    await at.see('following');
    at.press('up');
    await at.seeNot('following');
    at.type('f');
    await at.see('following');
  });

  test('searches with / n N, around the ends, and says where it found nothing', async () => {
    const at = await viewer('viewer', columns, rows);
    await at.see('following');
    at.type('/');
    await at.see('⏎ done');
    at.type('row 4');
    await at.see(/ \/ row 4/);
    at.press('enter');
    await at.see(/▸ {3}row 4\n/);
    await at.see('again from the top');
    at.type('n');
    await at.see(/▸ {3}row 40\n/);
    at.type('nn');
    await at.see(/▸ {3}row 42\n/);
    at.type('N');
    await at.see(/▸ {3}row 41\n/);
    at.type('/');
    await at.see('⏎ done');
    at.type('no such word');
    at.press('enter');
    await at.see('not found: no such word');
  });

  test('wraps long rows or cuts them off', async () => {
    const at = await viewer('viewer', columns, rows);
    await at.see('with its end');
    at.type('w');
    await at.see('cut off');
    expect(at.screen()).not.toContain('with its end');
    at.type('w');
    await at.see('with its end');
  });

  test('copies the marked line, or the selected ones whole, by OSC 52', async () => {
    const at = await viewer('viewer', columns, rows);
    await at.see('following');
    const copied = (): readonly string[] =>
      [...at.raw().matchAll(/\u001B\]52;c;([^\u0007]*)\u0007/g)].map(([, text]) =>
        Buffer.from(text!, 'base64').toString(),
      );
    at.type('y');
    await at.see('1 line sent to the clipboard');
    expect(copied()).toEqual(['pg_restore: warning: something']);
    at.type('v');
    await at.see('selecting');
    at.press('up', 'up', 'up');
    await at.see(/▸ {3}a?.*\n/);
    at.type('y');
    await at.see(/\d+ lines sent to the clipboard/);
    expect(copied()[1]).toContain('pg_restore: warning: something');
    expect(copied()[1]).toContain('ERROR:  relation "members" does not exist\nNOTICE');
    expect(copied()[1]).not.toContain('\u001B');
  });

  test('opens the pager and comes back at once; shows its keys; goes back', async () => {
    const at = await viewer('viewer', columns, rows);
    await at.see('following');
    at.type('p');
    await at.until('the pager and the screen', () => at.raw().includes('paged '));
    await at.see(/▸ e pg_restore/);
    expect(at.scrollback()).not.toContain('back to the run: Enter');
    at.type('?');
    await at.see('The output of a command  (now)');
    at.press('esc');
    await at.see(/▸ e pg_restore/);
    at.press('esc');
    await at.see('r retry');
  });
});

test('without colour the signs are the same', async () => {
  const at = await viewer('viewer', 100, 30, { NO_COLOR: '1', LANG: 'C' });
  await at.see(/> e pg_restore: warning/);
  expect(at.screen()).toMatch(/^ ! {2,}ERROR/m);
  expect(at.raw()).not.toMatch(/\u001B\[(3[0-7]|9[0-7])m/);
});

describe('an output of 100 MB', () => {
  const lines = 1_000_000;
  let file: string;
  beforeAll(async () => {
    file = join(dirname(play.file), 'long.log');
    const handle = await open(file, 'w');
    const row = (number: number) => `line ${String(number).padStart(8, '0')} ${'.'.repeat(80)}\n`;
    for (let from = 1; from <= lines; from += 50_000)
      await handle.write(Array.from({ length: 50_000 }, (_, index) => row(from + index)).join(''));
    await handle.write('the last words\n');
    await handle.close();
  });
  afterAll(() => rm(file, { force: true }));

  test('is opened at its end, and every key draws only the window', async () => {
    const at = await viewer('long', 100, 30, { PLAY_RECORDING: file });
    await at.see('▸   the last words');
    const before = at.raw().length;
    at.type('g');
    await at.see('▸   line 00000001');
    at.type('G');
    await at.see('▸   the last words');
    // Two windows of 26 rows were drawn, and a little around them: nothing of the millions of rows between.
    expect(at.raw().length - before).toBeLessThan(40_000);
    at.type('/');
    await at.see('⏎ done');
    at.type('line 00500000');
    at.press('enter');
    await at.see('▸   line 00500000');
    at.press('up');
    await at.see('▸   line 00499999');
  });
});

describe('while it runs', () => {
  test('follows a flood, stays where a key has put it, and Ctrl+C still acts', async () => {
    terminal = openTerminal({
      columns: 60,
      rows: 20,
      command: process.execPath,
      args: [play.file, 'flood'],
      env: { PLAY_FOLDER: dirname(play.file) },
    });
    const at = terminal;
    await at.see('Ready to begin');
    at.press('enter');
    await at.see('psql --version');
    at.press('enter');
    await at.see('running');
    at.type('o');
    await at.see('following');
    await at.see(/▸ {3}x*\n|line \d{2,}/);
    at.type('g');
    await at.see(/▸ {3}ran version|▸ {3}line 0/);
    for (let count = 0; count < 12; count++) at.type('j');
    await at.until(
      'the mark twelve rows further',
      (now) => now.split('\n').findIndex((row) => row.startsWith('▸')) === 14,
    );
    at.press('ctrl+c');
    await at.see('ended by SIGINT');
    at.press('esc');
    await at.see('r retry');
  });
});
