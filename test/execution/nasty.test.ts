import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ExecutionResult } from '../../src/execution/execution.ts';
import { type Nasty, nasty } from './support/nasty.ts';
import { Shell } from './support/shell.ts';
import { Person } from './support/terminal.ts';

const program = new URL('./support/nasty-program.ts', import.meta.url).pathname;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drillbook-nasty-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function holds(wanted: Nasty, result: ExecutionResult, raw: Buffer, atTerminal: boolean): void {
  // Recorded to the byte: what the journal says of the file is true.
  expect(result.output.bytes).toBe(raw.length);
  expect(result.output.sha256).toBe(createHash('sha256').update(raw).digest('hex'));
  expect(result.faults).toEqual([]);
  if (wanted.bytes !== undefined) expect(raw.length).toBe(wanted.bytes);
  // Shown sanely: nothing but text and line ends.
  expect(result.output.tail).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
  const text = raw.toString('latin1');
  const out = atTerminal ? text.replaceAll('\r\n', '\n') : text;
  if (typeof wanted.out === 'string') expect(out === wanted.out ? '' : out.slice(0, 300)).toBe('');
  else if (wanted.out) expect(wanted.out.test(out) ? '' : out.slice(0, 300)).toBe('');
  if (wanted.verdict) expect(result.verdict).toBe(wanted.verdict);
  if (wanted.code !== undefined) expect(result.exit).toEqual({ kind: 'code', code: wanted.code });
  if (wanted.signal !== undefined) expect(result.exit).toEqual({ kind: 'signal', signal: wanted.signal });
  if (wanted.reason) expect(result.reason).toMatch(wanted.reason);
}

describe('in pipes', () => {
  test.each(nasty.filter(({ only }) => only !== 'terminal').map((one) => [one.name, one] as const))(
    '%s',
    async (_, one) => {
      const shell = await Shell.open();
      try {
        for (const text of one.before ?? []) await shell.run(text);
        const { raw, ...result } = await shell.run(one.text);
        holds(one, result, raw, false);
      } finally {
        await shell.close();
      }
    },
  );
});

describe('at a pseudo-terminal', () => {
  // One person, who hands the terminal over to one command after the other.
  const wanted = nasty.filter(({ only }) => only !== 'pipes');
  beforeAll(async () => {
    const person = new Person(program, [join(folder, 'at')]);
    try {
      expect(await person.end(), person.seen.slice(-2000)).toBe(0);
    } finally {
      person.leave();
    }
  }, 180_000);

  test.each(wanted.map((one, at) => [one.name, one, at] as const))('%s', async (_, one, at) => {
    const place = join(folder, 'at', String(at));
    const result = JSON.parse(await readFile(join(place, 'result.json'), 'utf8')) as ExecutionResult;
    holds(one, result, await readFile(join(place, 'out.log')), true);
  });
});
