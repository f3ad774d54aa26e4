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

/** Opens the scene at its first command. */
async function open(columns: number, rows: number): Promise<Terminal> {
  terminal = openTerminal({
    columns,
    rows,
    command: process.execPath,
    args: [play.file, 'guessed'],
    env: { PLAY_FOLDER: dirname(play.file) },
  });
  await terminal.see('Ready to begin');
  terminal.press('enter');
  await terminal.see('⏎ run');
  return terminal;
}

const sizes = [
  [60, 20],
  [100, 30],
] as const;

describe.each(sizes)('a guess at %i×%i', (columns, rows) => {
  test('is said with its reason, read the other way by g, guarded and run like any other', async () => {
    const at = await open(columns, rows);
    expect(at.screen()).not.toContain('other reading');
    at.press('enter');
    await at.see('next step');
    await at.see('? a guess');
    expect(at.screen()).toContain('g other reading');
    expect(at.screen().replace(/\s+┆?\s*/g, ' ')).toMatch(/sample output, because \S/);
    at.type('g');
    await at.see('kqueue drain all');
    await at.see('⏎ run');
    // And back: the step is done again.
    at.type('g');
    await at.see('next step');
    at.type('g');
    await at.see('⏎ run');
    at.press('enter');
    // What it does is not known: the sandbox runs it all the same.
    await at.see('next step');
    expect(at.screen()).not.toContain('other reading');
    at.type('t');
    await at.see(/line 13 read as commands, not as sample output/);
  });
});

describe.each(sizes)('a linked runbook at %i×%i', (columns, rows) => {
  test('is listed, opened beside the run, and closed by the same key', async () => {
    const at = await open(columns, rows);
    await at.see('l linked runbook');
    at.type('l');
    await at.see('Open which linked runbook?');
    await at.see('outside this folder');
    await at.see('There is no file');
    at.press('enter');
    await at.see('The other runbook (only to read)');
    expect(at.screen()).toContain('It lies outside the folder of this runbook');
    expect(at.screen()).toContain('echo other');
    at.type('l');
    await at.see('⏎ run');
  });

  test('that is not there says so', async () => {
    const at = await open(columns, rows);
    await at.see('l linked runbook');
    at.type('l');
    await at.see('Open which linked runbook?');
    at.press('down');
    await at.see('▸ one that is gone');
    at.press('enter');
    await at.see('There is no file /runbooks/gone.md.');
    expect(at.screen()).not.toContain('begin it');
  });

  test('is begun as a run of its own, and this one can be resumed', async () => {
    const at = await open(columns, rows);
    await at.see('l linked runbook');
    at.type('l');
    await at.see('Open which linked runbook?');
    at.press('enter');
    await at.see('B begin it');
    at.type('B');
    await at.see('What is it for?');
  });
});
