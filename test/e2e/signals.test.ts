import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Desk, lives, openDesk, type Terminal, until } from './desk.ts';

let desk: Desk;
let terminal: Terminal | undefined;
let runbook: string;
/** While this file is there, the command has nothing to wait for. */
let free: string;

beforeAll(async () => {
  desk = await openDesk();
  runbook = join(desk.folder, 'wait.md');
  free = join(desk.folder, 'free');
  // A command with a child of its own, and a stubborn one.
  await writeFile(
    runbook,
    `# Wait

## Wait in a pipe

\`\`\`bash
test -e ${free} || sleep 1000 | { sleep 1000; }
\`\`\`

## Ignore the first signal

\`\`\`bash
bash -c 'trap "" INT; sleep 1000; sleep 1000'
\`\`\`
`,
  );
});
afterEach(async () => {
  await terminal?.close();
  terminal = undefined;
});
afterAll(() => desk.close());

/** Waits until the command of the newest run waits; all processes of its session. */
async function waiting(before: number): Promise<readonly number[]> {
  return until('the command waits', async () => {
    const runs = await desk.runs();
    if (runs.length === before) return false;
    const journal = await desk.journal(runs.at(-1)!).catch(() => []);
    const spawned = journal.findLast(({ type }) => type === 'command-spawned');
    const processes = spawned ? await session(spawned.pid) : [];
    const names = await Promise.all(
      processes.map((pid) => readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')),
    );
    return names.includes('sleep\n') && processes;
  });
}

/** Processes of a session (proc_pid_stat(5), field 6). */
async function session(wanted: number): Promise<readonly number[]> {
  const all = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(all.map(async (pid) => ((await sessionOf(pid)) === wanted ? [pid] : [])));
  return found.flat();
}

async function sessionOf(pid: number): Promise<number | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => undefined);
  return text === undefined ? undefined : Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[3]);
}

async function nothingIsLeft(processes: readonly number[]): Promise<void> {
  for (const pid of processes) expect(await lives(pid)).toBe(false);
  expect(await desk.running()).toBeUndefined();
}

/** The last run: its command was stopped; taken up again, the command is tried once more and the run goes to its end. */
async function resumable(signal: string): Promise<void> {
  const run = (await desk.runs()).at(-1)!;
  const journal = await desk.journal(run);
  expect(journal.findLast(({ type }) => type === 'command-finished')).toMatchObject({
    verdict: 'stopped',
    exit: { kind: 'signal', signal },
  });
  expect(journal.at(-1)!.type).not.toBe('run-finished');
  const verified = await desk.run(['log', 'verify', run]);
  expect(verified.code, verified.stderr).toBe(0);
  await writeFile(free, '');
  try {
    const again = await desk.run(['resume', run, '--plain']);
    expect(again.code, again.stderr).toBe(0);
    expect(again.stdout).toContain('resumed');
    expect(again.stdout + again.stderr).not.toContain('outcome unknown');
  } finally {
    await rm(free);
  }
  const whole = await desk.journal(run);
  expect(whole.filter(({ type }) => type === 'command-started').map(({ attempt }) => attempt)).toEqual([
    1, 2,
  ]);
  expect(whole.at(-1)).toMatchObject({ type: 'run-finished', outcome: 'passed' });
}

describe('without a terminal', () => {
  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    '%s stops the command and its children',
    async (signal) => {
      const before = (await desk.runs()).length;
      const work = desk.start(['run', `${runbook}#wait-in-a-pipe`, '--target', 'sandbox', '--plain']);
      const processes = await waiting(before);
      work.kill(signal);
      const { code, stdout, stderr } = await work.ended();
      expect(code, stderr).toBe(130);
      expect(stderr).toMatch(/interrupted; the run can be taken up again: drillbook resume \S+/);
      // One signal, one rung.
      expect(stdout.match(/^SIG\w+ sent$/gm)).toEqual(['SIGINT sent']);
      expect(stdout).toContain('stopped: interrupted by a signal');
      await nothingIsLeft(processes);
      await resumable('SIGINT');
    },
  );

  test('a command that ignores SIGINT gets SIGTERM after a grace', async () => {
    const before = (await desk.runs()).length;
    const work = desk.start(['run', `${runbook}#ignore-the-first-signal`, '--target', 'sandbox', '--plain']);
    const processes = await waiting(before);
    work.kill('SIGINT');
    const { code, stdout } = await work.ended();
    expect(code).toBe(130);
    expect(stdout.match(/^SIG\w+ sent$/gm)).toEqual(['SIGINT sent', 'SIGTERM sent']);
    await nothingIsLeft(processes);
  });
});

describe('at the screens', () => {
  async function running(): Promise<readonly number[]> {
    const before = (await desk.runs()).length;
    terminal = desk.terminal(80, 24, [
      'run',
      `${runbook}#wait-in-a-pipe`,
      '--mode',
      'drill',
      '--target',
      'sandbox',
    ]);
    await terminal.see('▸ Begin the run');
    terminal.press('enter');
    await terminal.see(/⏎ (begin|run)/);
    if (terminal.screen().includes('⏎ begin')) {
      terminal.press('enter');
      await terminal.see('⏎ run');
    }
    terminal.press('enter');
    return waiting(before);
  }

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    '%s stops the command and gives the terminal back',
    async (signal) => {
      const processes = await running();
      process.kill(terminal!.pid, signal);
      expect((await terminal!.exited()).code).toBe(130);
      expect(terminal!.cursorVisible()).toBe(true);
      await nothingIsLeft(processes);
      await resumable('SIGINT');
    },
  );

  test('Ctrl+C stops the command only; twice more stops the run and leaves', async () => {
    const processes = await running();
    terminal!.press('ctrl+c');
    await terminal!.see('r retry');
    for (const pid of processes) expect(await lives(pid)).toBe(false);
    expect(await desk.running()).toBeDefined();
    terminal!.press('ctrl+c');
    await terminal!.see('Stop this run?');
    terminal!.press('ctrl+c');
    expect((await terminal!.exited()).code).toBe(130);
    expect(terminal!.scrollback()).toMatch(/is stopped\.\s+Go on with: drillbook resume \S+/);
    expect(terminal!.cursorVisible()).toBe(true);
    await nothingIsLeft(processes);
    await resumable('SIGINT');
  });

  test('a terminal that is closed takes nothing with it but the command', async () => {
    const processes = await running();
    const { pid } = terminal!;
    // What the kernel does when the window goes away: the session's leader is told.
    process.kill(-pid, 'SIGHUP');
    await terminal!.exited();
    await nothingIsLeft(processes);
    await resumable('SIGINT');
  });
});
