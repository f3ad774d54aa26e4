import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type CastEvent, castEvents } from '../../src/execution/cast.ts';
import { product } from '../support/product.ts';
import { openTerminal, type Terminal } from '../support/terminal.ts';

const run = '20261120-0312-restore-aaaa';
let folder: string;
let cast: string;
let terminal: Terminal | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drillbook-replay-'));
  cast = join(folder, 'state', 'runs', run, 'run.cast');
  await mkdir(join(folder, 'state', 'runs', run), { recursive: true });
});
afterEach(async () => {
  await terminal?.close();
  terminal = undefined;
  await rm(folder, { recursive: true, force: true });
});

const env = () => ({ PATH: process.env.PATH ?? '', HOME: folder, DRILLBOOK_HOME: folder });

async function record(...events: readonly (readonly [number, string, string])[]): Promise<void> {
  const header = { version: 3, term: { cols: 80, rows: 24 } };
  await writeFile(cast, [header, ...events].map((line) => `${JSON.stringify(line)}\n`).join(''));
}

async function replay(...args: readonly string[]): Promise<Terminal> {
  terminal = openTerminal({
    columns: 80,
    rows: 24,
    command: process.execPath,
    args: [await product(), 'replay', run, ...args],
    env: env(),
  });
  return terminal;
}

async function eventsOf(path: string): Promise<CastEvent[]> {
  const events: CastEvent[] = [];
  for await (const event of castEvents(path)) events.push(event);
  return events;
}

test('a recording is played to its end, long pauses shortened', async () => {
  await record(
    [0.1, 'o', 'one\r\n'],
    [0, 'm', 'a step'],
    [100_000, 'o', 'two\x1b]0;title\x07\r\n'],
    [0, 'x', '0'],
  );
  const at = await replay('--idle', '0.01');
  expect(await at.exited()).toEqual({ code: 0, signal: undefined });
  expect(at.screen()).toBe('one\ntwo');
  expect(at.raw()).not.toContain('title');
});

test('space pauses, space goes on, q leaves', async () => {
  await record([0, 'o', 'one\r\n'], [1, 'o', 'two\r\n'], [1000, 'o', 'three\r\n']);
  const at = await replay('--idle', '1000');
  await at.see('one');
  at.type(' ');
  at.type(' ');
  await at.see('two');
  at.type('q');
  expect(await at.exited()).toEqual({ code: 0, signal: undefined });
  expect(at.screen()).toBe('one\ntwo');
});

test('without a terminal it says where the recording is', async () => {
  await record([0, 'o', 'one\r\n']);
  const done = await promisify(execFile)(process.execPath, [await product(), 'replay', run], { env: env() });
  expect(done.stdout).toBe(`${cast}\n`);
  expect(done.stderr).toContain('asciinema');
});

test('torn lines are passed over, other files refused', async () => {
  await writeFile(
    cast,
    '{"version": 3}\n[0.5, "o", "a"]\n# comment\n[1, "o"\n[0, "x", "0"]\n[0.1, "o", "cut',
  );
  expect(await eventsOf(cast)).toEqual([
    { wait: 0.5, code: 'o', data: 'a' },
    { wait: 0, code: 'x', data: '0' },
  ]);
  await writeFile(cast, '{"version": 2}\n');
  await expect(eventsOf(cast)).rejects.toThrow('asciicast v3');
});
