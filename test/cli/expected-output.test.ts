import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { finished } from '../../src/cli/command-end.ts';
import { outputHolds } from '../../src/cli/expected-output.ts';
import type { ExecutionResult } from '../../src/execution/execution.ts';

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drillbook-expected-'));
  file = join(folder, '001.log');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const noise = `${'x'.repeat(99)}\n`;

test.each([0, 1, 10_485, 10_486, 20_000, 41_000])('a line is found behind %i other lines', async (before) => {
  await writeFile(file, `${noise.repeat(before)}\x1b[32mready\x1b[0m to serve\n${noise.repeat(30_000)}`);
  expect(await outputHolds(file, '/^ready to serve$/')).toBe(true);
  expect(await outputHolds(file, 'ready to serve')).toBe(true);
  expect(await outputHolds(file, '/^serve/')).toBe(false);
});

test('a line that a chunk cuts in two is one line', async () => {
  // The first chunk ends inside of "ready", and "read" alone is not what was said.
  await writeFile(file, `${'y'.repeat(1024 * 1024 - 5)}\nready\n`);
  expect(await outputHolds(file, '/^read$/')).toBe(false);
  expect(await outputHolds(file, '/^eady$/')).toBe(false);
  expect(await outputHolds(file, '/^ready$/')).toBe(true);
});

test('a line without an end, a progress bar and a pattern that is none', async () => {
  await writeFile(file, `${'z'.repeat(3 * 1024 * 1024)} (ready`);
  expect(await outputHolds(file, '(ready')).toBe(true);
  expect(await outputHolds(file, '(steady')).toBe(false);
  await writeFile(file, '10%\r50%\rdone\r\n');
  expect(await outputHolds(file, '/^50%$/')).toBe(true);
});

test('what the author expects decides over a command that went well, and over no other', async () => {
  const result: ExecutionResult = {
    exit: { kind: 'code', code: 0 },
    durationMs: 1,
    verdict: 'succeeded',
    output: { file: '001.log', bytes: 0, sha256: '', tail: '' },
    changed: [],
    stateChanges: [],
    background: [],
    reports: [],
    faults: [],
    recorded: true,
  };
  const action = { ...base, expect: '/^ready$/' };
  await writeFile(file, `ready\n${noise.repeat(1000)}`);
  expect(await finished(action, result, file)).toMatchObject({ verdict: 'succeeded' });
  await writeFile(file, noise);
  expect(await finished(action, result, file)).toMatchObject({
    verdict: 'failed',
    reason: 'its output does not contain /^ready$/',
  });
  expect(await finished(action, { ...result, verdict: 'stopped' }, file)).toMatchObject({
    verdict: 'stopped',
  });
  expect(await finished(action, result, join(folder, 'gone'))).toMatchObject({ verdict: 'failed' });
});

const base = {
  kind: 'execute',
  command: 'c',
  attempt: 1,
  text: 'true',
  interactive: false,
  output: '001.log',
} as const;
