import { createHash } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Shell } from './support/shell.ts';

let shell: Shell;
beforeEach(async () => {
  shell = await Shell.open();
});
afterEach(() => shell.close());

test('records what a command prints, with its length and hash', async () => {
  const result = await shell.run('printf "hello\\nworld"');
  expect(result.out).toBe('hello\nworld');
  expect(result.exit).toEqual({ kind: 'code', code: 0 });
  expect(result.verdict).toBe('succeeded');
  expect(result.output).toMatchObject({ file: '001.log', bytes: 11, tail: 'hello\nworld' });
  expect(result.output.sha256).toBe(createHash('sha256').update(result.raw).digest('hex'));
});

test('a failed part of a pipeline is a hidden failure', async () => {
  const result = await shell.run('false | true');
  expect(result).toMatchObject({ verdict: 'hidden-failure', pipeStatus: [1, 0] });
  expect(result.reason).toContain('false (part 1 of 2)');
});
