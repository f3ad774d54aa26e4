// What starting costs: the screens to their first frame, beside the smallest program that Ink can be made into; help,
// completion and lint, beside a Node that does nothing. All in one passage, one after the other, so that a busy moment
// meets each of them. Cold is a first start, warm one that finds the compiled code that the first has kept: each is
// compared with the smallest Ink in the same position.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { openTerminal } from '../support/terminal.ts';

const rounds = 9;
const root = new URL('../..', import.meta.url).pathname;

interface Row {
  readonly what: string;
  readonly times: readonly number[];
  /** The row that it is compared with, and what it may cost at most as a ratio to that. */
  readonly beside: string;
  readonly goal?: number;
}

/** Median and fastest of each, in milliseconds, with ratios. */
export async function measureStart(entry: string): Promise<readonly Row[]> {
  const cache = join(root, 'node_modules', '.cache');
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(tmpdir(), 'drillbook-start-'));
  const bundled = await mkdtemp(join(cache, 'drillbook-start-'));
  try {
    // A target of one's own: the sandbox is not warmed up, so that only the start is measured.
    await writeFile(
      join(folder, 'drillbook.yaml'),
      'targets:\n  nowhere:\n    environment: local\n    url: postgresql:///nowhere\n',
    );
    await writeFile(join(folder, 'one.md'), '# One\n\n## Look\n\n```bash\nls\n```\n');
    const ink = await smallestInk(bundled);
    const times: Record<string, number[]> = {};
    for (let round = 0; round <= rounds; round++) {
      const home = join(folder, `home-${round}`);
      await mkdir(home);
      const env = { DRILLBOOK_HOME: home };
      const now = {
        'node -e 0': await whole(['-e', '0'], folder, env),
        'smallest Ink, cold': await firstFrame([ink], folder, home),
        'smallest Ink, warm': await firstFrame([ink], folder, home),
        'first frame, cold': await firstFrame([entry], folder, home),
        'first frame, warm': await firstFrame([entry], folder, home),
        '--version': await whole([entry, '--version'], folder, env),
        '--help': await whole([entry, '--help'], folder, env),
        'backup --help': await whole([entry, 'backup', '--help'], folder, env),
        'completion of a command': await whole([entry, '__complete', 'backup', 'cr'], folder, env),
        'completion of a target': await whole([entry, '__complete', 'run', '--target', ''], folder, env),
        'lint of one runbook': await whole([entry, 'lint', 'one.md'], folder, env),
      };
      // The first round only fills the caches of the disk.
      if (round > 0)
        for (const [name, took] of Object.entries(now)) times[name] = [...(times[name] ?? []), took];
    }
    const goals: Record<string, readonly [beside: string, goal?: number]> = {
      'first frame, cold': ['smallest Ink, cold', 1.15],
      'first frame, warm': ['smallest Ink, warm', 1.15],
      '--help': ['node -e 0', 2],
      'completion of a command': ['node -e 0', 2.5],
      'completion of a target': ['node -e 0', 2.5],
    };
    return Object.entries(times).map(([what, taken]) => {
      const [beside, goal] = goals[what] ?? ['node -e 0'];
      return { what, times: taken, beside, ...(goal === undefined ? {} : { goal }) };
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
    await rm(bundled, { recursive: true, force: true });
  }
}

/** The rows as lines of a table. */
export function startReport(rows: readonly Row[]): readonly string[] {
  const middles = new Map(rows.map(({ what, times }) => [what, median(times)]));
  return [
    `median of ${rounds} rounds, Node ${process.versions.node}`,
    '',
    'what                        median   fastest   ratio',
    ...rows.map(({ what, times, beside, goal }) => {
      const middle = middles.get(what)!;
      const ratio = `${(middle / middles.get(beside)!).toFixed(2)} × ${beside}${goal === undefined ? '' : ` (goal ${goal})`}`;
      return `${what.padEnd(25)}${ms(middle)}  ${ms(Math.min(...times))}   ${ratio}`;
    }),
  ];
}

function ms(value: number): string {
  return `${value.toFixed(0)} ms`.padStart(9);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

/** Milliseconds that a program takes from its start to its end. */
async function whole(args: readonly string[], cwd: string, env: Record<string, string>): Promise<number> {
  const began = performance.now();
  const child = spawn(process.execPath, [...args], {
    stdio: 'ignore',
    cwd,
    env: { ...process.env, ...env },
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: is dist/ built? npm run build`);
  return performance.now() - began;
}

/** Milliseconds until the first frame of a program is there. */
async function firstFrame(args: readonly string[], cwd: string, home: string): Promise<number> {
  const began = performance.now();
  const terminal = openTerminal({
    columns: 100,
    rows: 30,
    command: process.execPath,
    args,
    cwd,
    env: { HOME: cwd, DRILLBOOK_HOME: home },
  });
  await terminal.see('Drillbook');
  const took = performance.now() - began;
  // What the home screen prepares in the background goes with it.
  process.kill(terminal.pid, 'SIGTERM');
  await terminal.exited();
  await terminal.close();
  return took;
}

/**
 * One word by Ink, kept open: React for production, one minified file, the compiled code kept beside the product's own,
 * and everything of Ink as it comes. It ends at SIGTERM as the product does, so that what it has compiled is kept.
 */
async function smallestInk(folder: string): Promise<string> {
  const outfile = join(folder, 'ink.mjs');
  const entry = join(folder, 'smallest.mjs');
  await writeFile(
    entry,
    `import module from 'node:module';
module.enableCompileCache(process.env.DRILLBOOK_HOME + '/cache/smallest');
process.on('SIGTERM', () => process.exit());
await import('./ink.mjs');
`,
  );
  await build({
    stdin: {
      contents: `import { createElement } from 'react';
import { render, Text } from 'ink';
render(createElement(Text, null, 'Drillbook'), { exitOnCtrlC: false });
setInterval(() => {}, 60_000);`,
      resolveDir: root,
    },
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    minify: true,
    keepNames: true,
    define: { 'process.env.NODE_ENV': '"production"' },
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url); const __dirname = import.meta.dirname, __filename = import.meta.filename;",
    },
    plugins: [withoutDevtools],
  });
  if ((await readFile(outfile)).length < 100_000) throw new Error('that is no bundle of Ink');
  return entry;
}

const withoutDevtools: Plugin = {
  name: 'without-devtools',
  setup(plugin) {
    plugin.onResolve({ filter: /^react-devtools-core$/ }, () => ({ path: 'none', namespace: 'empty' }));
    plugin.onLoad({ filter: /.*/, namespace: 'empty' }, () => ({
      contents: 'export default { initialize() {}, connectToDevTools() {} };',
    }));
  },
};
