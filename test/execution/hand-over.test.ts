import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ExecutionResult } from '../../src/execution/execution.ts';
import { Shell } from './support/shell.ts';
import { Person } from './support/terminal.ts';

const program = new URL('./support/hand-over-program.ts', import.meta.url).pathname;
let folder: string;
let person: Person;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drillbook-hand-over-'));
});
afterEach(async () => {
  person?.leave();
  await rm(folder, { recursive: true, force: true });
});

function sit(kind: 'pty' | 'plain', ...commands: string[]): Person {
  person = new Person(program, [folder, kind, ...commands]);
  return person;
}

function results(): ExecutionResult[] {
  return [...person.seen.matchAll(/RESULT (\{.*\})\r*\n/g)].map(([, json]) => JSON.parse(json!));
}

test.each(['pty', 'plain'] as const)(
  'a command has a terminal of the right size and its exit code comes back (%s)',
  async (kind) => {
    sit(kind, 'stty size; tty; exit 3');
    await person.see('[ended 0]');
    person.type('\r');
    expect(await person.end()).toBe(0);
    expect(person.seen).toContain('30 100');
    expect(person.seen).toContain('/dev/pts/');
    expect(results()[0]).toMatchObject({
      exit: { kind: 'code', code: 3 },
      verdict: 'failed',
      recorded: kind === 'pty',
      faults: kind === 'pty' ? [] : [expect.stringContaining('is not recorded')],
    });
  },
);

test.each(['pty', 'plain'] as const)(
  'it reads what is typed, and the shell state passes on (%s)',
  async (kind) => {
    sit(kind, 'read -p "name? " name; cd /', 'echo "got <$name> in $PWD"');
    await person.see('name? ');
    person.type('Ada Lovelace\r');
    await person.see('[ended 0]');
    person.type('\r');
    await person.see('got <Ada Lovelace> in /');
    await person.see('[ended 1]');
    person.type('\r');
    await person.end();
    expect(results()[0]!.changed).toEqual(expect.arrayContaining(['name', '(folder)']));
    expect(person.seen).toContain('OWN "" RAW true');
  },
);

test('the output is recorded, the input never, secrets neither', async () => {
  sit('pty', 'read -s -p "password: " p; echo; echo "length ${#p} $PASS"');
  await person.see('password: ');
  person.type('typed-in-the-dark\r');
  await person.see('[ended 0]');
  person.type('\r');
  await person.end();
  const log = await readFile(join(folder, '0.log'), 'utf8');
  expect(log).toBe(`password: \r\nlength 17 ${'*'.repeat(17)}\r\n`);
  expect(results()[0]!.output.bytes).toBe(log.length);
  const cast = await readFile(join(folder, 'run.cast'), 'utf8');
  for (const text of [log, cast, person.seen]) {
    expect(text).not.toContain('typed-in-the-dark');
    expect(text).not.toContain('hunter2-hand-over');
  }
  expect(cast).toContain('length 17');
});

test.each(['pty', 'plain'] as const)('Ctrl+C goes to the child and not to us (%s)', async (kind) => {
  sit(
    kind,
    'trap "echo caught" INT; echo ready; while [ -z "$stop" ]; do read -t 0.05 stop; done; echo over',
  );
  await person.see('ready');
  person.type('\x03');
  await person.see('caught');
  person.type('x\r');
  await person.see('over');
  await person.see('[ended 0]');
  person.type('\r');
  expect(await person.end()).toBe(0);
});

test('a change of the window’s size reaches the child', async () => {
  sit('pty', 'trap "stty size" WINCH; echo ready; while [ -z "$stop" ]; do read -t 0.05 stop; done');
  await person.see('ready');
  person.pty.resize(77, 19);
  await person.see('19 77');
  person.type('x\r');
  await person.see('[ended 0]');
  person.type('\r');
  await person.end();
  expect(await readFile(join(folder, 'run.cast'), 'utf8')).toContain('"r", "77x19"');
});

test('everything that a short command prints arrives, twenty times', async () => {
  sit('pty', ...Array.from({ length: 20 }, (_, at) => `seq -s " " 1 3000; echo "end of ${at}"`));
  for (let at = 0; at < 20; at++) {
    await person.see(`[ended ${at}]`);
    person.type('\r');
  }
  await person.end();
  for (let at = 0; at < 20; at++) {
    expect(await readFile(join(folder, `${at}.log`), 'utf8')).toMatch(
      new RegExp(`^1 2 .* 3000\\r\\nend of ${at}\\r\\n$`),
    );
  }
});

test('a long output is shown and recorded to its last byte', async () => {
  sit('pty', 'seq 1 200000');
  await person.see('[ended 0]');
  person.type('\r');
  await person.end();
  const log = await readFile(join(folder, '0.log'), 'utf8');
  expect(log.length).toBe(1_288_895 + 200_000);
  expect(person.seen).toContain('\r\n199999\r\n200000\r\n');
});

test('1,000 lines typed at full speed over ten hand-overs all arrive, and none leaks', async () => {
  sit(
    'pty',
    ...Array.from(
      { length: 10 },
      (_, at) =>
        `echo "go ${at}"; while IFS= read -r line && [ "$line" != stop ]; do echo "$line" >> got; done`,
    ),
  );
  const typed: string[] = [];
  for (let at = 0; at < 10; at++) {
    await person.see(`go ${at}`);
    const lines = Array.from({ length: 100 }, (_, line) => `line ${at}.${line} of the text`);
    typed.push(...lines);
    person.type(`${lines.join('\r')}\rstop\r`);
    await person.see(`[ended ${at}]`);
    person.type('\r');
  }
  await person.end();
  expect((await readFile(join(folder, 'got'), 'utf8')).trimEnd().split('\n')).toEqual(typed);
  expect(person.seen).toContain('OWN "" RAW true');
});

test('what is typed while the next screen waits for Enter reaches nobody', async () => {
  sit('pty', 'echo hello', 'echo again');
  await person.see('[ended 0]');
  person.type('yyq');
  person.type('\r');
  await person.see('[ended 1]');
  person.type('zz\r');
  await person.end();
  expect(person.seen).toContain('OWN ""');
});

test('modes that a killed program left on are turned off', async () => {
  sit('pty', `printf '\\033[?1049h\\033[?25l\\033[?1000;1006h\\033[?2004h'; kill -9 $$`);
  await person.see('[ended 0]');
  const after = person.seen.slice(person.seen.indexOf('\x1b[?2004h'), person.seen.indexOf('[ended 0]'));
  for (const sequence of ['\x1b[?1049l', '\x1b[?25h', '\x1b[?1000l', '\x1b[?1006l', '\x1b[?2004l'])
    expect(after).toContain(sequence);
  person.type('\r');
  await person.end();
  expect(results()[0]!.exit).toEqual({ kind: 'signal', signal: 'SIGKILL' });
});

test('a newline of a full-screen program only moves down', async () => {
  sit('pty', `stty -opost; printf 'one\\ntwo'; stty opost; echo`);
  await person.see('[ended 0]');
  person.type('\r');
  await person.end();
  expect(person.seen).toContain('one\ntwo');
});

test('without a terminal an interactive command is refused with a sentence', async () => {
  const shell = await Shell.open();
  const input = { isTTY: false } as NodeJS.ReadStream;
  const result = await shell.run('psql', { interactive: true, terminal: { input, output: process.stdout } });
  await shell.close();
  expect(result.exit.kind).toBe('not-started');
  expect(result.reason).toContain('wants a terminal');
});
