import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { finished } from 'node:stream/promises';
import { promisify } from 'node:util';
import { openTerminal, type Terminal } from '../support/terminal.ts';

const run = promisify(execFile);
const root = new URL('../..', import.meta.url).pathname;

/** About 109 MB. */
const lines = 1_000_000;
const rounds = 3;
/** The command whose flood is long enough to press keys in pours the file so many times. */
const longTurns = 5;

/** What a flood costs; times in milliseconds. */
export interface FloodFigures {
  readonly bytes: number;
  /** Medians of the rounds. */
  readonly product: number;
  readonly script: number;
  readonly pipe: number;
  /** Peak of the resident set of the product after all rounds, bytes; undefined where the system does not tell. */
  readonly peak: number | undefined;
  /** From a key to what it shows, while a flood comes in. */
  readonly keys: { readonly count: number; readonly p50: number; readonly p99: number };
}

/**
 * Pours a million lines through the product as it ships, at a pseudo-terminal with a window of 100 × 30, and in the
 * same turns through `script -qec` (its output thrown away) and through `| cat > file`. `entry` is the bundled program.
 */
export async function measureFlood(entry: string): Promise<FloodFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'drillbook-flood-'));
  const terminals: Terminal[] = [];
  try {
    const file = join(folder, 'flood.txt');
    await pour(file);
    const { size: bytes } = await stat(file);
    await writeFile(join(folder, 'flood.md'), runbook(file));
    const at = openTerminal({
      columns: 100,
      rows: 30,
      command: process.execPath,
      args: [entry, 'run', join(folder, 'flood.md'), '--mode', 'incident'],
      cwd: folder,
      env: { HOME: folder, DRILLBOOK_HOME: join(folder, 'home'), DRILLBOOK_OPERATOR: 'bench' },
      patience: 120_000,
    });
    terminals.push(at);
    await begin(at);
    const times: { product: number; script: number; pipe: number }[] = [];
    for (let round = 1; round <= rounds; round++) {
      // The disk is nobody's advantage: each begins when what the one before wrote is gone.
      await rm(join(folder, 'copy'), { force: true });
      const product = await timed(async () => {
        at.press('enter');
        await at.see('This step is done');
      });
      at.press('enter');
      await at.see(new RegExp(`${round + 1}  Pour`));
      const script = await timed(() =>
        run('sh', ['-c', `script -qec 'cat ${file}' ${join(folder, 'typescript')} > /dev/null`]),
      );
      const pipe = await timed(() => run('sh', ['-c', `cat ${file} | cat > ${join(folder, 'copy')}`]));
      times.push({ product, script, pipe });
    }
    const peak = await peakOf(at.pid);
    const keys = await pressKeys(at);
    return {
      bytes,
      product: median(times.map((time) => time.product)),
      script: median(times.map((time) => time.script)),
      pipe: median(times.map((time) => time.pipe)),
      peak,
      keys,
    };
  } finally {
    for (const terminal of terminals) await terminal.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The figures beside their goals, one line each. */
export function floodReport({ bytes, product, script, pipe, peak, keys }: FloodFigures): readonly string[] {
  const ratio = (time: number) => `${(product / time).toFixed(2)} ×`;
  return [
    `flood: ${lines.toLocaleString('en')} lines, ${(bytes / 1e6).toFixed(0)} MB, in ${product.toFixed(0)} ms`,
    `  against script -qec    ${ratio(script)} (${script.toFixed(0)} ms)   goal ≤ 1.30 ×`,
    `  against | cat > file   ${ratio(pipe)} (${pipe.toFixed(0)} ms)`,
    `  peak resident set      ${peak === undefined ? 'not told here' : `${(peak / 1e6).toFixed(0)} MB`}   goal ≤ 200 MB`,
    `  key to screen          p50 ${keys.p50.toFixed(0)} ms, p99 ${keys.p99.toFixed(0)} ms of ${keys.count}   goal p99 ≤ 100 ms`,
  ];
}

async function pour(file: string): Promise<void> {
  const out = createWriteStream(file);
  for (let line = 0; line < lines; line += 10_000) {
    let text = '';
    for (let at = line; at < line + 10_000; at++)
      text += `2026-11-20 03:12:45 pg_restore: processing data for table "public.members" row ${String(at).padStart(8, '0')} of many, all good ..\n`;
    if (!out.write(text)) await once(out, 'drain');
  }
  out.end();
  await finished(out);
}

function runbook(file: string): string {
  const steps = Array.from(
    { length: rounds },
    (_, at) => `### Step ${at + 1}: Pour ${at + 1}\n\n\`\`\`bash\ncat ${file}\n\`\`\`\n`,
  );
  const turns = Array.from({ length: longTurns }, () => file).join(' ');
  return `# Flood\n\n## Pour\n\n${steps.join('\n')}\n### Step ${rounds + 1}: Pour long\n\n\`\`\`bash\ncat ${turns}\n\`\`\`\n`;
}

async function begin(at: Terminal): Promise<void> {
  await at.see('Against which target?');
  at.press('down');
  await at.see('▸ no target');
  at.press('enter');
  await at.see('▸ Begin the run');
  at.press('enter');
  await at.see('⏎ run');
}

/** Opens and closes the list of keys for as long as the long command pours. */
async function pressKeys(at: Terminal): Promise<FloodFigures['keys']> {
  const waits: number[] = [];
  at.press('enter');
  await at.see(/running .* [1-9]\d* lines/);
  const done = /This step is done|Every step is done/;
  const pours = /running .* lines/;
  while (pours.test(await at.until('running or done', (screen) => pours.test(screen) || done.test(screen)))) {
    waits.push(
      await timed(async () => {
        at.type('?');
        await at.see('All keys');
      }),
    );
    waits.push(
      await timed(async () => {
        at.press('esc');
        await at.seeNot('All keys');
      }),
    );
  }
  await at.see(done);
  // What the command's end itself held up is not a key in a flood.
  const sorted = waits.slice(0, -2).sort((a, b) => a - b);
  return { count: sorted.length, p50: quantile(sorted, 0.5), p99: quantile(sorted, 0.99) };
}

async function peakOf(pid: number): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(status)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}

async function timed(task: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await task();
  return performance.now() - start;
}

function median(values: readonly number[]): number {
  return quantile(
    [...values].sort((a, b) => a - b),
    0.5,
  );
}

/** Of ascending values, by the nearest rank. */
function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

if (import.meta.main) {
  const entry = resolve(process.argv[2] ?? join(root, 'dist', 'main.js'));
  for (const line of floodReport(await measureFlood(entry))) process.stdout.write(`${line}\n`);
}
