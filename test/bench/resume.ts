import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { openJournal } from '../../src/journal/journal.ts';
import { readJournal } from '../../src/journal/read.ts';
import type { RunEvent } from '../../src/run/event.ts';
import { fold } from '../../src/run/fold.ts';

const root = new URL('../..', import.meta.url).pathname;
const events = 10_000;
const rounds = 7;

/** What it costs to take up a run with many events; times in milliseconds, medians of the rounds. */
export interface ResumeFigures {
  readonly bytes: number;
  /** `drillbook resume RUN --plain`, from start to end: a run of a few events, and one of many. */
  readonly short: number;
  readonly long: number;
  /** Reading and proving the journal, and folding it once, in this process. */
  readonly read: number;
  readonly fold: number;
}

/** Takes the same run up before and after ten thousand events. `entry` is the bundled program. */
export async function measureResume(entry: string): Promise<ResumeFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'drillbook-resume-'));
  try {
    const state = join(folder, 'home');
    const drillbook = (...args: string[]) =>
      new Promise<number>((end) => {
        const child = execFile(
          process.execPath,
          [entry, ...args],
          {
            cwd: folder,
            env: { PATH: process.env.PATH, HOME: folder, DRILLBOOK_HOME: state, DRILLBOOK_OPERATOR: 'bench' },
          },
          () => end(child.exitCode ?? -1),
        );
      });
    const runbook = join(folder, 'long.md');
    await writeFile(
      runbook,
      '# Long\n\n## Long\n\n1. Look:\n\n   ```bash\n   uptime\n   ```\n\n2. Call somebody.\n',
    );
    const begun = await drillbook('run', runbook, '--mode', 'incident', '--plain');
    if (begun !== 3) throw new Error(`the run that was to wait for a person ended with ${begun}`);
    const run = await newestRun(state);
    const resumed = () => median(() => drillbook('resume', run.id, '--plain'));
    const short = await resumed();
    await fill(run.folder);
    const long = await resumed();
    const reading = await readJournal(run.folder);
    return {
      bytes: reading.size,
      short,
      long,
      read: await median(() => readJournal(run.folder)),
      fold: await median(async () => fold(reading.events)),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The figures beside their goal, one line each. */
export function resumeReport({ bytes, short, long, read, fold: folding }: ResumeFigures): readonly string[] {
  return [
    `resume: ${events.toLocaleString('en')} events, ${(bytes / 1e6).toFixed(1)} MB`,
    `  over a run of a few    ${(long - short).toFixed(0)} ms (${long.toFixed(0)} − ${short.toFixed(0)})   goal ≤ 150 ms`,
    `  of it, reading         ${read.toFixed(0)} ms, folding once ${folding.toFixed(0)} ms`,
  ];
}

async function newestRun(state: string): Promise<{ readonly id: string; readonly folder: string }> {
  const places = [join(state, 'state', 'runs'), join(state, 'runs')];
  for (const place of places) {
    const id = (await readdir(place).catch(() => [])).sort().at(-1);
    if (id) return { id, folder: join(place, id) };
  }
  throw new Error(`there is no run below ${state}`);
}

/** What a long night writes: the same command again and again, with output, and notes in between. */
async function fill(folder: string): Promise<void> {
  const { journal, reading } = await openJournal(folder, 'bench');
  const finished = reading.events.findLast((event) => event.type === 'command-finished')!;
  const began = reading.events.findLast((event) => event.type === 'command-started')!;
  const more: RunEvent[] = [];
  for (let attempt = 2; more.length < events; attempt++) {
    const { seq: _s, time: _t, operator: _o, prev: _p, ...start } = began;
    const { seq: _s2, time: _t2, operator: _o2, prev: _p2, ...end } = finished;
    more.push(
      { ...start, attempt },
      { type: 'command-spawned', command: began.command, attempt, pid: 4121, birth: '1@boot' },
      { ...end, attempt, output: { ...end.output, tail: `attempt ${attempt} `.repeat(20) } },
      { type: 'note-added', text: `looked a ${attempt}. time, still waiting` },
    );
  }
  for (let at = 0; at < more.length; at += 500) await journal.appendAll(more.slice(at, at + 500));
  await journal.close();
}

async function median(task: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    await task();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[Math.floor(rounds / 2)]!;
}

if (import.meta.main) {
  const entry = resolve(process.argv[2] ?? join(root, 'dist', 'main.js'));
  for (const line of resumeReport(await measureResume(entry))) process.stdout.write(`${line}\n`);
}
