import { execFile } from 'node:child_process';
import { appendFile, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Recording } from '../../src/execution/recording.ts';
import { Redaction } from '../../src/execution/redaction.ts';
import { Shell } from './support/shell.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drillbook-cast-'));
  path = join(folder, 'run.cast');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function lines(): Promise<unknown[]> {
  const text = await readFile(path, 'utf8');
  expect(text.endsWith('\n')).toBe(true);
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

test('a header, markers, output with carriage returns, and the exit', async () => {
  const recording = await Recording.open(path, 100, 30, 'Restore');
  recording.marker('1 Pre-checks');
  recording.output(Buffer.from('one\ntwo\r\n'), { fromPipe: true });
  recording.resize(80, 24);
  recording.exit(0);
  await recording.close();
  const [header, ...events] = (await lines()) as [Record<string, unknown>, ...[number, string, string][]];
  expect(header).toMatchObject({
    version: 3,
    term: { cols: 100, rows: 30 },
    title: 'Restore',
    idle_time_limit: 2,
  });
  expect(events.map(([, code, data]) => [code, data])).toEqual([
    ['m', '1 Pre-checks'],
    ['o', 'one\r\ntwo\r\n'],
    ['r', '80x24'],
    ['x', '0'],
  ]);
  for (const [interval] of events) expect(interval).toBeGreaterThanOrEqual(0);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test('a resumed run goes on in the same recording, and a torn line is cut off', async () => {
  const first = await Recording.open(path, 80, 24);
  first.marker('one');
  await first.close();
  await appendFile(path, '[1.0, "o", "cut');
  const second = await Recording.open(path, 90, 20);
  second.marker('two');
  await second.close();
  const events = (await lines()).slice(1) as [number, string, string][];
  expect(events.map(([, code, data]) => [code, data])).toEqual([
    ['m', 'one'],
    ['r', '90x20'],
    ['m', 'two'],
  ]);
});

test('a command stands above its output, on a terminal that the one before has no hold of', async () => {
  const recording = await Recording.open(path, 80, 24);
  recording.prompt('printf x\n  more');
  recording.output(Buffer.from('\x1b[?1049h\x1b[31mx'), { fromPipe: true });
  recording.prompt('echo \x1b]52;c;eA==\x07');
  await recording.close();
  const events = (await lines()).slice(1) as [number, string, string][];
  expect(events.map(([, , data]) => data)).toEqual([
    '\x1b[0m\x1b[1m$ printf x\r\n    more\x1b[0m\r\n',
    '\x1b[?1049h\x1b[31mx',
    '\x1b[?1049l\x1b[0m\x1b[0m\r\n\x1b[1m$ echo\x1b[0m\r\n',
  ]);
});

test('a character cut between two chunks is one character', async () => {
  const recording = await Recording.open(path, 80, 24);
  const bytes = Buffer.from('日');
  recording.output(bytes.subarray(0, 1), { fromPipe: true });
  recording.output(bytes.subarray(1), { fromPipe: true });
  await recording.close();
  expect((await lines())[1]).toMatchObject({ 1: 'o', 2: '日' });
});

test('a flood is recorded as what a viewer could have seen', async () => {
  const recording = await Recording.open(path, 80, 24);
  const chunk = Buffer.from(`${'x'.repeat(65_535)}\n`);
  for (let at = 0; at < 300; at++) recording.output(chunk, { fromPipe: true });
  await recording.close();
  expect((await stat(path)).size).toBeLessThan(1_000_000);
  expect(await readFile(path, 'utf8')).toContain('of a flood are in the output file');
});

test('a command is recorded as it runs, masked', async () => {
  const shell = await Shell.open();
  const recording = await Recording.open(path, 80, 24);
  await shell.run('echo hunter2-xyz', { recording, redaction: new Redaction(['hunter2-xyz']) });
  await recording.close();
  await shell.close();
  expect((await lines())[1]).toMatchObject({ 1: 'o', 2: '[redacted]\r\n' });
});

test('a pause of an hour is recorded as two seconds, and a short one as it was', async () => {
  const recording = await Recording.open(path, 80, 24);
  const now = vi.spyOn(performance, 'now');
  try {
    const start = performance.now();
    now.mockReturnValue(start);
    recording.marker('begin');
    now.mockReturnValue(start + 3_600_000);
    recording.marker('after an hour');
    now.mockReturnValue(start + 3_601_500);
    recording.marker('after a moment');
  } finally {
    now.mockRestore();
  }
  await recording.close();
  const [, , long, short] = (await lines()) as [unknown, unknown, [number], [number]];
  expect(long[0]).toBe(2);
  expect(short[0]).toBe(1.5);
});

/** The version of asciinema that is installed; 0 where none is. Version 3 of the format needs its version 3. */
const asciinema = await promisify(execFile)('asciinema', ['--version']).then(
  ({ stdout }) => Number(/(\d+)\./.exec(stdout)?.[1] ?? 0),
  () => 0,
);

test.skipIf(asciinema < 3)('asciinema (version 3 or later) prints what was shown', async () => {
  const shell = await Shell.open();
  const recording = await Recording.open(path, 80, 24);
  recording.marker('greet');
  await shell.run("printf 'one\\n\\033[32mtwo\\033[0m\\n'", { recording });
  recording.exit(0);
  await recording.close();
  await shell.close();
  const { stdout } = await promisify(execFile)('script', ['-qec', `asciinema cat '${path}'`, '/dev/null']);
  expect(stdout).toContain('one\r\n\x1b[32mtwo\x1b[0m\r\n');
});
