import { createHash } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { stillRunning, stopBackground, waitForBackground } from '../../src/execution/background.ts';
import { birthOf, isAlive } from '../../src/execution/process-fate.ts';
import { Redaction } from '../../src/execution/redaction.ts';
import { sessionProcesses } from '../../src/execution/session-processes.ts';
import { Shell } from './support/shell.ts';
import { until } from './support/until.ts';

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
  expect((await stat(join(shell.folder, '001.log'))).mode & 0o777).toBe(0o600);
});

test('bytes that are no text are recorded exactly and shown sanely', async () => {
  const { raw, output } = await shell.run(`printf 'a\\000b\\377\\xc3(\\033]0;title\\007\\033[2Jend'`);
  expect(raw).toEqual(Buffer.from('a\0b\xff\xc3(\x1b]0;title\x07\x1b[2Jend', 'latin1'));
  expect(output.tail).not.toMatch(/[\x00-\x09\x0b-\x1f]/);
  expect(output.tail).toContain('end');
});

test('a line of 10 MB without an end', async () => {
  const execution = shell.start('head -c 10000000 /dev/zero | tr "\\0" x; printf done');
  const result = await execution.done;
  expect(result.output.bytes).toBe(10_000_004);
  expect(execution.screen.lines).toBe(1);
  const rows = execution.screen.tail(3, 40);
  expect(rows).toHaveLength(3);
  expect(rows.join('')).toMatch(/^x+done$/);
  expect(result.output.tail.length).toBeLessThanOrEqual(4000);
});

test('a flood is recorded whole while little of it is kept in memory', async () => {
  const execution = shell.start('seq 1 300000');
  const result = await execution.done;
  expect(result.output.bytes).toBe(1_988_895);
  expect(execution.screen.lines).toBe(300_000);
  expect(execution.screen.tail(2, 80)).toEqual(['299999', '300000']);
  const raw = await readFile(join(shell.folder, '001.log'));
  expect(createHash('sha256').update(raw).digest('hex')).toBe(result.output.sha256);
});

test('outputs are pipes that /dev/stdout and /dev/stderr can be opened on', async () => {
  const { out, exit } = await shell.run(
    'echo a > /dev/stderr; echo b | tee /dev/stderr >/dev/null; echo c > /dev/stdout; test -p /dev/fd/1',
  );
  expect(exit).toEqual({ kind: 'code', code: 0 });
  expect(out.split('\n').sort()).toEqual(['', 'a', 'b', 'c']);
});

test('each of the two outputs is masked by itself', async () => {
  const { out } = await shell.run(
    'printf "hun"; printf "hun" >&2; sleep 0.1; printf "ter2 out"; printf "ter2 err" >&2',
    {
      redaction: new Redaction(['hunter2']),
    },
  );
  expect(out).not.toContain('ter2');
  expect(out.match(/\[redacted\]/g)).toHaveLength(2);
});

test('output of a process substitution that ends after the shell is still in the record', async () => {
  expect((await shell.run('echo one > >(sleep 0.05; cat)')).out).toBe('one\n');
});

test('there is no terminal to prompt on, and nothing to read', async () => {
  const { out } = await shell.run('read x; echo "$?"; (: < /dev/tty) 2>&1; tty; ps -o tty= -p $$');
  expect(out).toMatch(/^1\n/);
  expect(out).toContain('/dev/tty');
  expect(out).toMatch(/not a tty\n\?\n$/);
});

test.each([
  ['sudo', 'echo "sudo: a terminal is required to read the password; either use -S" >&2; exit 1'],
  ['ssh', 'echo "root@db: Permission denied (publickey,password)." >&2; exit 255'],
  ['host key', 'echo "Host key verification failed." >&2; exit 255'],
  ['libpq', 'echo "psql: error: fe_sendauth: no password supplied" >&2; exit 2'],
  ['git', `echo "fatal: could not read Username for 'https://x': No such device or address" >&2; exit 128`],
  ['a redirection', 'read -s password < /dev/tty'],
])('a prompt that had no terminal is offered one: %s', async (_, text) => {
  expect(await shell.run(text)).toMatchObject({ verdict: 'failed', needsTerminal: true });
});

test('an ordinary failure is not offered a terminal', async () => {
  expect((await shell.run('echo no such table >&2; exit 1')).needsTerminal).toBeUndefined();
});

test('a failed part of a pipeline is a hidden failure', async () => {
  const result = await shell.run('false | true');
  expect(result).toMatchObject({ verdict: 'hidden-failure', pipeStatus: [1, 0] });
  expect(result.reason).toContain('false (part 1 of 2)');
});

test('a producer stopped by head or grep -q is not a failure', async () => {
  expect(await shell.run('yes | head -1')).toMatchObject({ verdict: 'succeeded', pipeStatus: [141, 0] });
  expect((await shell.run('yes | grep -q y')).verdict).toBe('succeeded');
});

test('a producer killed by SIGPIPE because its consumer failed is one', async () => {
  expect((await shell.run('yes | (exit 3) | true')).verdict).toBe('hidden-failure');
});

test('a grep without a match is no failure, and says so', async () => {
  const result = await shell.run('echo abc | grep x');
  expect(result).toMatchObject({ exit: { kind: 'code', code: 1 }, verdict: 'succeeded' });
  expect(result.reason).toContain('nothing matched');
  expect((await shell.run('grep x nowhere')).verdict).toBe('failed');
  expect((await shell.run('echo abc | grep x | wc -l')).verdict).toBe('succeeded');
  expect((await shell.run('echo abc | grep -q x')).verdict).toBe('failed');
});

test('exit codes are explained', async () => {
  await writeFile(join(shell.folder, 'a'), 'a');
  expect((await shell.run('diff a /dev/null >/dev/null')).reason).toContain('the inputs differ');
  expect((await shell.run('no-such-program')).reason).toContain('not found');
  expect((await shell.run('./a')).reason).toContain('may not be executed');
  expect((await shell.run('sh -c "kill -9 \\$\\$"')).reason).toContain('SIGKILL');
});

test('a background process is told, with its number, and lives on', async () => {
  const { background, durationMs } = await shell.run('sleep 300 & sleep 301 & wait_for_nothing=1');
  expect(background.map((process) => process.command)).toEqual(['sleep 300', 'sleep 301']);
  expect(durationMs).toBeLessThan(30_000);
  expect(await stillRunning(background)).toEqual(background);
  expect(await stopBackground({ ...background[0]!, birth: 'another' }, 'SIGKILL')).toBe(false);
  for (const process of background) expect(await stopBackground(process, 'SIGTERM')).toBe(true);
  await waitForBackground(background);
  expect(await stillRunning(background)).toEqual([]);
});

test('what a background process says later goes to a file of its own, and does not kill it', async () => {
  const { background, raw } = await shell.run(
    '(while [ ! -e go ]; do sleep 0.02; done; echo late; echo more >&2; touch said) & echo early',
  );
  expect(raw.toString()).toBe('early\n');
  expect(background).not.toEqual([]);
  await writeFile(join(shell.folder, 'go'), '');
  await until(
    async () => (await readFile(join(shell.folder, '001.log.late'), 'utf8').catch(() => '')).length === 10,
  );
  await until(async () =>
    stat(join(shell.folder, 'said')).then(
      () => true,
      () => false,
    ),
  );
  expect(await readFile(join(shell.folder, '001.log'), 'utf8')).toBe('early\n');
});

test('a daemon in a session of its own does not hold the command up', async () => {
  const { out, background } = await shell.run('setsid sleep 300 & echo $!');
  expect(background).toEqual([]);
  process.kill(Number(out), 'SIGKILL');
});

test('the stop ladder climbs: SIGINT, SIGTERM, SIGKILL', async () => {
  const execution = shell.start(
    `trap 'echo int' INT; trap 'echo term' TERM; echo ready; while :; do sleep 0.05; done`,
  );
  const sees = (text: string) => until(() => execution.screen.tail(10, 80).includes(text));
  await sees('ready');
  expect(execution.interrupt()).toBe('SIGINT');
  await sees('int');
  expect(execution.interrupt()).toBe('SIGTERM');
  await sees('term');
  expect(execution.interrupt()).toBe('SIGKILL');
  expect(await execution.done).toMatchObject({
    exit: { kind: 'signal', signal: 'SIGKILL' },
    verdict: 'stopped',
  });
  expect(execution.stopping).toBe('SIGKILL');
});

test('stopping leaves no grandchild behind, with job control on too', async () => {
  const execution = shell.start('set -m; (sleep 300; true) & bash -c "sleep 301; true" & echo ready; wait');
  await until(() => execution.screen.bytes > 0);
  const { pid } = (await execution.spawned)!;
  expect((await sessionProcesses(pid)).length).toBeGreaterThanOrEqual(2);
  for (const _ of [1, 2, 3]) execution.interrupt();
  await execution.done;
  await until(async () => (await sessionProcesses(pid)).length === 0);
});

test.skipIf(process.platform !== 'linux')(
  'stopping reaches a child that waits in a session of its own',
  async () => {
    const execution = shell.start('setsid sleep 300; echo not reached');
    const { pid } = (await execution.spawned)!;
    let child = 0;
    await until(async () => {
      const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
      child = Number(children.trim().split(' ')[0]);
      return child > 0 && (await readFile(`/proc/${child}/comm`, 'utf8').catch(() => '')) === 'sleep\n';
    });
    execution.interrupt();
    expect((await execution.done).verdict).toBe('stopped');
    await until(async () => !(await isAlive(child, undefined)));
  },
);

test('an interrupt before there is a process still counts', async () => {
  const execution = shell.start('sleep 300');
  execution.interrupt();
  expect((await execution.done).verdict).toBe('stopped');
});

test('an interrupt in the moment of the start stops the command, at the latest with the next one, ten times', async () => {
  for (let time = 0; time < 10; time++) {
    const execution = shell.start('sleep 300');
    await execution.spawned;
    execution.interrupt();
    const again = setInterval(() => execution.interrupt(), 2000);
    expect((await execution.done).verdict).toBe('stopped');
    clearInterval(again);
  }
});

test('a time limit ends the command and is told as such', async () => {
  const result = await shell.run('sleep 300', { timeoutMs: 50 });
  expect(result).toMatchObject({ verdict: 'timed-out', exit: { kind: 'signal', signal: 'SIGTERM' } });
});

test('silence is flagged, not again and again, and kills nothing', async () => {
  let flags = 0;
  const execution = shell.start('echo a; while [ ! -e go ]; do sleep 0.02; done; echo b', {
    silenceMs: () => 60,
    onSilence: () => {
      flags++;
    },
  });
  await until(() => flags > 0);
  await writeFile(join(shell.folder, 'go'), '');
  const result = await execution.done;
  expect(result.verdict).toBe('succeeded');
  expect(result.silentMs).toBeGreaterThanOrEqual(60);
  // Once for each length of output at which it can have been silent: none, `a`, and `b`.
  expect(flags).toBeLessThanOrEqual(3);
});

test('the text begins when what comes before it is done, and never where that fails', async () => {
  const order: string[] = [];
  const held = Promise.withResolvers<void>();
  const execution = shell.start('echo begun', {
    beforeText: async ({ pid }) => {
      expect(await isAlive(pid, undefined)).toBe(true);
      await held.promise;
      order.push('written down');
    },
    onOutput: (chunk) => order.push(chunk.toString().trim()),
  });
  await until(() => execution.pid !== undefined);
  held.resolve();
  expect((await execution.done).verdict).toBe('succeeded');
  expect(order).toEqual(['written down', 'begun']);

  const refused = await shell.run('touch begun', {
    beforeText: () => Promise.reject(new Error('the disk is full')),
  });
  expect(refused).toMatchObject({
    verdict: 'failed',
    exit: { kind: 'not-started', error: 'It was not begun: the disk is full' },
  });
  expect(await stat(join(shell.folder, 'begun')).catch(() => 'absent')).toBe('absent');
});

test('tells the process with its birth, and whether it is still there', async () => {
  const execution = shell.start('echo ready; sleep 300');
  const spawned = (await execution.spawned)!;
  expect(spawned.pid).toBe(execution.pid);
  expect(await isAlive(spawned.pid, spawned.birth)).toBe(true);
  expect(await isAlive(spawned.pid, `${spawned.birth}-another`)).toBe(false);
  execution.interrupt();
  await execution.done;
  expect(await isAlive(spawned.pid, spawned.birth)).toBe(false);
  expect(await birthOf(spawned.pid)).toBeUndefined();
});

test('reports of the command and its children come back, and the file goes', async () => {
  const { reports, out, faults } = await shell.run(
    `stat -c %a "$DRILLBOOK_REPORT"; echo "$DRILLBOOK_REPORT"; echo '{"a":1}' >> "$DRILLBOOK_REPORT"; bash -c 'echo "[2]" >> "$DRILLBOOK_REPORT"; echo nonsense >> "$DRILLBOOK_REPORT"'`,
  );
  expect(reports).toEqual([{ a: 1 }, [2]]);
  expect(faults).toHaveLength(1);
  const [mode, path] = out.split('\n');
  expect(mode).toBe('600');
  await expect(stat(path!)).rejects.toThrow('ENOENT');
});

test('secrets reach neither the file nor the screen nor the result', async () => {
  const secret = 'hunter2-is-secret';
  const more = { environment: { DB_PASS: secret }, redaction: new Redaction([secret]) };
  const execution = shell.start(
    'echo "$DB_PASS"; printf "%s" "$DB_PASS" | base64; echo postgres://u:other@h; bash -c "sleep 300; :" "$DB_PASS" & :',
    more,
  );
  const result = await execution.done;
  const raw = await readFile(join(shell.folder, '001.log'), 'utf8');
  for (const text of [raw, JSON.stringify(result), execution.screen.tail(20, 80).join('\n')]) {
    expect(text).not.toContain(secret);
    expect(text).not.toContain('other@');
    expect(text).not.toContain(Buffer.from(secret).toString('base64'));
  }
  expect(raw).toBe('[redacted]\n[redacted]\npostgres://u:[redacted]@h\n');
  expect(result.background.length).toBeGreaterThan(0);
  for (const { pid } of result.background) process.kill(pid, 'SIGKILL');
});

test('where bash is missing, a sentence says what to do', async () => {
  const { findBash } = await import('../../src/execution/bash-program.ts');
  expect(await findBash('/nonexistent', [])).toBeUndefined();
  const result = await shell.run('echo hi', { bash: () => Promise.resolve(undefined) });
  expect(result.exit.kind).toBe('not-started');
  expect(result.reason).toMatch(/bash was not found.*Install/);
});

test('an output file that cannot be made stops the command before it starts', async () => {
  const result = await shell.run('touch ran', { outputFile: join(shell.folder, 'nowhere', 'x.log') });
  expect(result.exit.kind).toBe('not-started');
  await expect(stat(join(shell.folder, 'ran'))).rejects.toThrow('ENOENT');
});

test('a full disk is told, and does not stop the command', async () => {
  const result = await shell.start('echo lost; touch ran', { outputFile: '/dev/full' }).done;
  expect(result.exit).toEqual({ kind: 'code', code: 0 });
  expect(result.faults.join()).toContain('/dev/full');
  await stat(join(shell.folder, 'ran'));
});

test('onData comes when there is something to see, and not for every chunk', async () => {
  let calls = 0;
  await shell.run('for i in 1 2 3 4 5 6 7 8 9; do echo $i; done', { onData: () => calls++ });
  expect(calls).toBeGreaterThanOrEqual(1);
  expect(calls).toBeLessThan(9);
});
