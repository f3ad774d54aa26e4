import { execFileSync, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { entryOf } from '../../src/incident/entry.ts';
import { writeEntry } from '../../src/incident/write.ts';
import { runFolder } from '../../src/journal/runs.ts';
import { failedVerification, success } from '../incident/restore-run.ts';

/** What the log costs over many entries, against what somebody would do by hand: `grep -r`. Milliseconds. */
export interface LogFigures {
  readonly entries: number;
  readonly first: number;
  readonly search: number;
  readonly stats: number;
  readonly list: number;
  readonly grep: number;
}

/** `entry`: the built product. */
export async function measureLog(entry: string, entries = 5000): Promise<LogFigures> {
  const home = await mkdtemp(join(tmpdir(), 'drillbook-log-bench-'));
  try {
    const state = join(home, 'state');
    const stories = [success(), failedVerification()];
    const made = stories.map((story) => entryOf(story.events, new Date()));
    for (let n = 0; n < entries; n++) {
      const id = `2026${String((n % 12) + 1).padStart(2, '0')}20-0312-restore-to-production-${n.toString(36).padStart(4, '0')}`;
      const folder = runFolder(state, id);
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, 'journal.jsonl'), stories[n % 2]!.bytes);
      await writeEntry({ ...made[n % 2]!, run: id }, folder);
    }
    const run = (...args: string[]): number => {
      const began = performance.now();
      const { status, stderr } = spawnSync(process.execPath, [entry, ...args], {
        env: { ...process.env, DRILLBOOK_HOME: home },
        maxBuffer: 1 << 30,
      });
      if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`);
      return performance.now() - began;
    };
    const median = (times: readonly number[]) => times.toSorted((a, b) => a - b)[times.length >> 1]!;
    const thrice = (...args: string[]) => median([1, 2, 3].map(() => run(...args)));
    const first = run('log', 'stats');
    const grep = median(
      [1, 2, 3].map(() => {
        const began = performance.now();
        execFileSync('grep', ['-ril', 'pg_terminate_backend', join(state, 'runs')], { maxBuffer: 1 << 30 });
        return performance.now() - began;
      }),
    );
    return {
      entries,
      first,
      search: thrice('log', 'search', 'pg_terminate_backend', 'members'),
      stats: thrice('log', 'stats'),
      list: thrice('log', 'list'),
      grep,
    };
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

export function logReport({ entries, first, search, stats, list, grep }: LogFigures): string {
  const row = (what: string, ms: number) =>
    `${what.padEnd(34)} ${ms.toFixed(0).padStart(7)} ms  ${(ms / grep).toFixed(2).padStart(6)} × grep -r`;
  return [
    `The log over ${entries} entries`,
    row('grep -ri over the runs', grep),
    row('log search, two words', search),
    row('log stats', stats),
    row('log list', list),
    row('log stats, no index yet', first),
  ].join('\n');
}
