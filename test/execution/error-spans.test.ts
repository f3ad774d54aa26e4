import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ErrorSpanReader, errorSpansOf } from '../../src/execution/error-spans.ts';
import { OutputIndex, top } from '../../src/execution/output-index.ts';
import { Shell } from './support/shell.ts';
import { until } from './support/until.ts';

let shell: Shell;
beforeEach(async () => {
  shell = await Shell.open();
});
afterEach(() => shell.close());

const layout = { columns: 80, wrap: true };

test('both outputs lie in one file under one hash, and every byte is known by its stream', async () => {
  const { raw, output } = await shell.run(
    'for i in 1 2 3; do echo "out $i"; sleep 0.02; echo "err $i" >&2; sleep 0.02; done',
  );
  const file = join(shell.folder, '001.log');
  expect(output).toMatchObject({ bytes: 36, stderrBytes: 18 });
  expect((await stat(errorSpansOf(file))).mode & 0o777).toBe(0o600);
  const spans = (await ErrorSpanReader.open(file))!;
  let apart = '';
  for (let at = 0; at < raw.length; at++) if (await spans.holds(at)) apart += String.fromCharCode(raw[at]!);
  await spans.close();
  expect(apart).toBe('err 1\nerr 2\nerr 3\n');
});

test('rows tell whether they came from standard error', async () => {
  await shell.run('echo fine; sleep 0.02; echo broken >&2; sleep 0.02; echo fine again');
  const index = await OutputIndex.open(join(shell.folder, '001.log'));
  expect((await index.rows(top, 9, layout)).map(({ text, isError }) => [text, isError])).toEqual([
    ['fine', false],
    ['broken', true],
    ['fine again', false],
  ]);
  expect(await index.text(5, 12)).toBe('broken\n');
  await index.close();
});

test('what comes from standard error is apart while the command runs', async () => {
  const execution = shell.start('echo fine; echo broken >&2; sleep 300');
  await until(() => execution.screen.bytes === 12);
  expect(execution.stderr.tail(5, 40)).toEqual(['broken']);
  // The map beside the output follows, for whoever looks into the file.
  await until(
    async () => (await readFile(errorSpansOf(join(shell.folder, '001.log'))).catch(() => '')).length === 16,
  );
  execution.interrupt();
  await execution.done;
});

test('without a word on standard error there is no map, and an older one is gone', async () => {
  await shell.run('echo broken >&2', { outputFile: join(shell.folder, 'x.log') });
  const { output } = await shell.start('echo fine', { outputFile: join(shell.folder, 'x.log') }).done;
  expect(output.stderrBytes).toBe(0);
  expect(await ErrorSpanReader.open(join(shell.folder, 'x.log'))).toBeUndefined();
});

test('a flood of alternating words keeps its map small in memory and right to the end', async () => {
  const { output } = await shell.run('for i in $(seq 1 20000); do echo "$i"; echo "$i" >&2; done');
  expect(output.stderrBytes).toBe(output.bytes / 2);
  const spans = await readFile(errorSpansOf(join(shell.folder, '001.log')));
  let sum = 0;
  let end = 0;
  for (let at = 0; at < spans.length; at += 16) {
    expect(Number(spans.readBigUInt64LE(at))).toBeGreaterThanOrEqual(end);
    end = Number(spans.readBigUInt64LE(at)) + Number(spans.readBigUInt64LE(at + 8));
    sum += Number(spans.readBigUInt64LE(at + 8));
  }
  expect(sum).toBe(output.stderrBytes);
});
