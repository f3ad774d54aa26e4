// What starting costs: the screens to their first frame in an empty home, and `--help`, each as a ratio to a Node that
// does nothing, measured in the same passage; then what reading runbooks costs. Then backups of a gigabyte. Prints tables and asserts nothing.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTerminal } from '../support/terminal.ts';
import { backupReport, measureBackup } from './backup.ts';
import { effectsReport, measureEffects } from './effects.ts';
import { floodReport, measureFlood } from './flood.ts';
import { logReport, measureLog } from './log.ts';
import { measureReading, readingReport } from './reading.ts';
import { measureResume, resumeReport } from './resume.ts';

const rounds = 9;
const root = new URL('../..', import.meta.url).pathname;
const entry = join(root, 'dist', 'main.js');

/** Milliseconds that a program takes from its start to its end. */
async function whole(args: readonly string[], env: Record<string, string> = {}): Promise<number> {
  const began = performance.now();
  const child = spawn(process.execPath, [...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, ...env },
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: is dist/ built? npm run build`);
  return performance.now() - began;
}

/** Milliseconds until the first frame of the screens is there. */
async function firstFrame(folder: string, home: string): Promise<number> {
  const began = performance.now();
  const terminal = openTerminal({
    columns: 100,
    rows: 30,
    command: process.execPath,
    args: [entry],
    cwd: folder,
    env: { HOME: folder, DRILLBOOK_HOME: home },
  });
  await terminal.see('Drillbook');
  const took = performance.now() - began;
  // What the home screen prepares in the background goes with it.
  process.kill(terminal.pid, 'SIGTERM');
  await terminal.exited();
  await terminal.close();
  return took;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}

const folder = await mkdtemp(join(tmpdir(), 'drillbook-bench-'));
// A target of one's own: the sandbox is not warmed up, so that only the start is measured.
await writeFile(
  join(folder, 'drillbook.yaml'),
  'targets:\n  nowhere:\n    environment: local\n    url: postgresql:///nowhere\n',
);
try {
  const measured: Record<string, number[]> = {
    'node -e 0': [],
    '--help': [],
    '--version': [],
    'first frame': [],
  };
  for (let round = 0; round <= rounds; round++) {
    const home = join(folder, `home-${round}`);
    await mkdir(home);
    const now = {
      'node -e 0': await whole(['-e', '0']),
      '--help': await whole([entry, '--help']),
      '--version': await whole([entry, '--version']),
      'first frame': await firstFrame(folder, home),
    };
    // The first round only fills the caches of the disk.
    if (round > 0) for (const [name, took] of Object.entries(now)) measured[name]!.push(took);
  }
  const base = median(measured['node -e 0']!);
  console.log(`median of ${rounds} rounds, Node ${process.versions.node}\n`);
  console.log('what              median   fastest   ratio to node -e 0');
  for (const [name, times] of Object.entries(measured)) {
    const middle = median(times);
    const columns = [
      `${middle.toFixed(0)} ms`.padStart(8),
      `${Math.min(...times).toFixed(0)} ms`.padStart(9),
    ];
    console.log(`${name.padEnd(16)}${columns.join(' ')}   ${(middle / base).toFixed(1)}`);
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

for (const line of ['', ...readingReport(await measureReading())]) console.log(line);
for (const line of ['', ...floodReport(await measureFlood(entry))]) console.log(line);
for (const line of ['', ...resumeReport(await measureResume(entry))]) console.log(line);
for (const line of ['', ...effectsReport(await measureEffects(join(root, '..', 'shared', 'corpus')))])
  console.log(line);
console.log(`\n${logReport(await measureLog(entry))}`);
// A gigabyte takes minutes and a few times its size below /tmp: `npm run bench -- --no-backup` leaves it out.
if (!process.argv.includes('--no-backup'))
  for (const line of ['', ...backupReport(await measureBackup(entry))]) console.log(line);
