import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Bundle, bundle } from '../support/bundle.ts';
import { openTerminal, type Terminal } from '../support/terminal.ts';

/*
 * Thirty keys a second, as a held key repeats, and all at once, as a slow line delivers them. The pause between two keys
 * is the pace of a finger: nothing waits for it.
 */

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

function open(scene: string): Terminal {
  terminal = openTerminal({
    columns: 80,
    rows: 24,
    command: process.execPath,
    args: [play.file, scene],
    env: { PLAY_FOLDER: dirname(play.file) },
  });
  return terminal;
}

async function held(at: Terminal, key: string, times: number): Promise<void> {
  for (let count = 0; count < times; count++) {
    at.type(key);
    await pause(1000 / 30);
  }
}

const down = '\u001B[B';

describe('on a list', () => {
  test('each of thirty keys a second moves the mark by one, and what comes behind them acts', async () => {
    const at = open('many');
    await at.see('▸ Runbook 00');
    await held(at, 'j', 31);
    await at.see('▸ Runbook 31');
    await held(at, 'k', 10);
    at.type('q');
    expect((await at.exited()).code).toBe(0);
  });

  test('Enter and q behind twenty keys in one read act when their frame is painted', async () => {
    const at = open('many');
    await at.see('▸ Runbook 00');
    at.type(`${down.repeat(20)}\r`);
    await at.see('What is it for?');
    at.press('esc');
    await at.see('▸ Runbook 20');
    at.type(`${down.repeat(20)}q`);
    expect((await at.exited()).code).toBe(0);
  });

  test('Enter behind letters takes nothing that nobody has seen', async () => {
    const at = open('many');
    await at.see('▸ Runbook 00');
    at.type('/');
    await at.see(/^ search/m);
    at.type('book 42\r');
    await at.see('▸ Runbook 42');
    expect(at.screen()).toMatch(/^ search/m);
    at.press('enter');
    await at.see('What is it for?');
  });
});

test('Esc and what is pressed right behind it are two keys', async () => {
  const at = open('many');
  await at.see('▸ Runbook 00');
  at.type('/');
  await at.see(/^ search/m);
  await held(at, '\u001B', 1);
  await held(at, 'j', 1);
  await at.see('▸ Runbook 01');
  expect(at.screen()).not.toMatch(/^ search/m);
});

describe('under a flood', () => {
  test('each of thirty keys a second is one: none is lost, none counts twice', async () => {
    const at = open('flood');
    await at.see('Ready to begin');
    at.press('enter');
    await at.see('psql --version');
    at.press('enter');
    await at.see('running');
    at.type('o');
    await at.see('following');
    await at.see(/line \d{3,}/);
    at.type('g');
    await at.see(/▸ {3}ran version/);
    await held(at, 'j', 20);
    await at.see(/▸ {3}line 19\b/);
    await held(at, 'k', 10);
    await at.see(/▸ {3}line 9\b/);
  });
});
