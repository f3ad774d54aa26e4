import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { sessionProcesses } from '../../src/execution/session-processes.ts';
import { type Desk, database, databases, type Event, events, lives, openDesk, until } from './desk.ts';
import { members, membersOfBackup, ready, restored } from './restored.ts';
import { follow, offered } from './way.ts';

let desk: Desk;
afterEach(() => desk.close());

const journalOf = (run: string) => join(desk.folder, 'home/state/runs', run, 'journal.jsonl');

/** Waits until an event is on disk that satisfies a condition, and gives it. */
async function onDisk(run: string, what: string, condition: (event: Event) => boolean): Promise<Event> {
  return until(what, async () =>
    events(await readFile(journalOf(run), 'utf8').catch(() => '')).find(condition),
  );
}

const onlyRun = () => until('the run has a folder', async () => (await desk.runs())[0]);

/** The start of the command with that caption's text, once its process lives. */
async function spawned(run: string, text: string): Promise<Event> {
  const started = await onDisk(
    run,
    `${text} has started`,
    (event) => event.type === 'command-started' && event.text.includes(text),
  );
  return onDisk(
    run,
    `${text} has a process`,
    (event) => event.type === 'command-spawned' && event.command === started.command,
  );
}

/** Waits until a command's shell has been let go and runs that program. */
const runs = (pid: number, program: string) =>
  until(`${program} runs`, async () =>
    (await sessionProcesses(pid)).some(({ command }) => command.includes(program)),
  );

/** Stops a process and all of its session's first group, as a machine that hangs would. */
const freeze = (pid: number) => process.kill(-pid, 'SIGSTOP');
const thaw = (pid: number) => process.kill(-pid, 'SIGCONT');

/** The chain holds, and no number is missing. */
async function journalIsWhole(run: string): Promise<void> {
  expect((await desk.journal(run)).map(({ seq }) => seq)).toEqual(
    (await desk.journal(run)).map((_, index) => index + 1),
  );
  const verified = await desk.run(['log', 'verify', run]);
  expect(verified.code, verified.stderr + verified.stdout).toBe(0);
}

test('killed in the middle of the restore: what still runs is told, waited for, and settled', async () => {
  desk = await openDesk();
  const at = await desk.sandbox();
  const first = desk.start(['run', desk.runbook, '--target', 'sandbox', '--plain']);
  const run = await onlyRun();
  const { pid } = await spawned(run, 'pg_restore --exit-on-error');
  await runs(pid, 'pg_restore');
  freeze(pid);
  first.kill('SIGKILL');
  await first.ended();

  // Its process is there, and that is what is said; nothing is settled while it may still change things.
  const second = await desk.run(['resume', '--plain', '--settle', 'failed: surely']);
  expect(second.code, second.stderr).toBe(3);
  expect(second.stderr).toMatch(/^certain: \d+ facts of the run are on disk and their chain is whole$/m);
  expect(second.stderr).toMatch(/^certain: the server is the one that the run began with/m);
  expect(second.stderr).toContain(`UNCERTAIN: a command of before is still running (pid ${pid})`);
  expect(second.stderr).toContain('wait until it ends, or stop it');
  expect(await lives(pid)).toBe(true);
  expect(await databases(at.url)).toEqual({ members: false, members_restored: true });

  thaw(pid);
  await until('the command has ended by itself', async () => !(await lives(pid)));

  // Now it is only its outcome that nobody saw.
  const third = await desk.run(['resume', '--plain']);
  expect(third.code, third.stderr).toBe(3);
  expect(third.stderr).toContain('UNCERTAIN: interrupted, outcome unknown: pg_restore --exit-on-error');
  expect(third.stderr).toContain('give --settle "succeeded: how you know"');

  // The operator finds out, says so, and the run gets to its end.
  const all = (await members(database(at.url, 'members_restored'))).all;
  expect(all).toBe(await membersOfBackup(at));
  const fourth = await desk.run(['resume', '--plain', '--settle', 'succeeded: the rows are counted']);
  expect(fourth.code, fourth.stderr).toBe(0);
  expect(fourth.stdout).toContain('settled as succeeded: the rows are counted');
  expect(fourth.stdout).not.toContain('step 1/11');
  expect(fourth.stdout).toContain('\npassed');
  await restored(at);
  await journalIsWhole(run);

  const journal = await desk.journal(run);
  expect(journal.filter(({ type }) => type === 'command-interrupted').map(({ alive }) => alive)).toEqual([
    true,
    false,
  ]);
  // Nothing that had an end was run a second time.
  const starts = journal.filter(({ type }) => type === 'command-started').map(({ command }) => command);
  expect(new Set(starts).size).toBe(starts.length);
  const entry = await readFile(join(desk.folder, 'home/state/runs', run, 'entry.md'), 'utf8');
  expect(entry).toContain('the rows are counted');
});

test('killed at the screens with its command and its sandbox: resumed there, the step is gone through again', async () => {
  desk = await openDesk();
  const first = desk.terminal(100, 30, ['run', desk.runbook, '--mode', 'drill', '--target', 'sandbox']);
  await follow(first, '▸ Begin the run', 'command 3 of 4 · Restore, and stop');
  first.press('enter');
  const run = await onlyRun();
  const { pid } = await spawned(run, 'pg_restore --exit-on-error');
  await runs(pid, 'pg_restore');
  freeze(pid);
  process.kill(first.pid, 'SIGKILL');
  await first.exited();
  process.kill(-pid, 'SIGKILL');
  await until('the command is gone', async () => !(await lives(pid)));
  await until('the sandbox has stopped with its owner', async () => !(await desk.running()));

  const again = desk.terminal(100, 30, ['resume']);
  const found = await offered(again, 'Not certain', 'go on');
  expect(found).toContain('interrupted, outcome unknown: pg_restore');
  expect(found).toContain('their chain is whole');
  expect(found).toContain('the server is the one that the run began with');
  again.press('enter');
  await again.see('Not certain: whether it took effect. Nobody saw its end.');
  again.type('f');
  await again.see('How did you find out?');
  again.type('it was killed');
  again.press('enter');
  await again.see('settled as failed: it was killed');
  again.type('b');
  await offered(again, '▸ 6 Restore into a new database', 'choose');
  again.press('enter');
  await follow(again, 'command 1 of 4 · Remove what', 'Proposed: passed');
  again.press('enter');
  await offered(again, '(1 of 2)', 'done');
  again.press('enter');
  await offered(again, '(2 of 2)', 'done');
  again.press('enter');
  const end = await offered(again, 'Entry written', 'back');
  expect(end).toContain('– passed');
  await restored((await desk.running())!);
  await journalIsWhole(run);
  expect((await desk.journal(run)).filter(({ type }) => type === 'command-interrupted')).toEqual([
    expect.objectContaining({ alive: false, pid }),
  ]);
  again.press('enter');
  await again.see('Runbooks');
  again.type('q');
  expect((await again.exited()).code).toBe(0);
});

test('killed in maintenance, before and after a command: resumed, the application serves again', async () => {
  desk = await openDesk();
  const at = await desk.sandbox();
  const first = desk.start(['run', desk.runbook, '--target', 'sandbox', '--plain']);
  await first.see('Seen from outside: 503');
  first.kill('SIGKILL');
  await first.ended();
  const run = await onlyRun();
  expect(await ready(at)).toBe(503);
  const second = desk.start(['resume', '--plain', '--settle', 'succeeded: curl says 503']);
  const { command } = await onDisk(
    run,
    'the statistics have started',
    ({ type, text }) => type === 'command-started' && text.includes('"ANALYZE"'),
  );
  second.kill('SIGKILL');
  await second.ended();
  expect(await ready(at)).toBe(503);
  const statistics = (await desk.journal(run)).find(
    (event) => event.type === 'command-spawned' && event.command === command,
  );
  if (statistics) await until('its process has ended', async () => !(await lives(statistics.pid)));

  const third = await desk.run(['resume', '--plain', '--settle', 'succeeded: asked the server', '--json']);
  expect(third.code, third.stderr).toBe(0);
  // The events of this passage as JSON, whole and in order, as they stand in the journal.
  const told = events(third.stdout);
  expect(told[0]!.type).toBe('run-resumed');
  expect(told.at(-1)).toMatchObject({ type: 'run-finished', outcome: 'passed' });
  expect(told).toEqual((await desk.journal(run)).slice(-told.length));
  await restored(at);
  await journalIsWhole(run);
});

test('killed again and again in a storm of commands: what is journaled as done was done once', async () => {
  desk = await openDesk();
  await desk.sandbox();
  const many = 40;
  const log = join(desk.folder, 'log');
  const lines = Array.from({ length: many }, (_, index) => `echo ${index + 1} >> "$LOG"`);
  const runbook = join(desk.folder, 'storm.md');
  await writeFile(runbook, `# Storm\n\n## 1. Write\n\n\`\`\`bash\n${lines.join('\n')}\n\`\`\`\n`);
  const done = async (): Promise<readonly string[]> =>
    (await readFile(log, 'utf8').catch(() => '')).split('\n').filter((line) => line !== '');

  let work = desk.start(['run', runbook, '--target', 'sandbox', '--plain', '--input', `LOG=${log}`]);
  const run = await onlyRun();
  for (const point of [3, 11, 18, 26]) {
    await onDisk(
      run,
      `command ${point} is started`,
      ({ type, text }) => type === 'command-started' && text.startsWith(`echo ${point} `),
    );
    work.kill('SIGKILL');
    await work.ended();
    // A command that was let in goes on without its Drillbook; one that was not leaves no line, and is run again.
    const journal = await desk.journal(run);
    const spawned = journal.findLast(({ type }) => type === 'command-spawned');
    if (spawned) await until('it has ended', async () => !(await lives(spawned.pid)));
    work = desk.start(['resume', '--plain', '--settle', 'succeeded: the line is in the log']);
  }
  const { code, stderr } = await work.ended();
  expect(code, stderr).toBe(0);
  expect(await done()).toEqual(lines.map((_, index) => String(index + 1)));
  await journalIsWhole(run);
});
