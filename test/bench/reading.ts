// What reading costs: documents a second beside the Markdown grammar alone, a library of 1,000 documents cold and
// cached, and whether time grows with size. Alone: node test/bench/reading.ts [ROUNDS]
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import { readLibrary } from '../../src/cli/library.ts';
import { readDocument } from '../../src/cli/library-document.ts';
import { compile } from '../../src/runbook/compile.ts';
import { searchCatalogue } from '../../src/runbook/fuzzy.ts';
import { loadSyntax } from '../support/syntax.ts';

const root = new URL('../..', import.meta.url).pathname;
const folders = ['../shared/corpus/seeds', '../shared/corpus/runbooks', 'runbooks', 'test/runbook/shapes'];
const librarySize = 1000;

/** Times in milliseconds. */
export interface ReadingFigures {
  readonly documents: number;
  readonly characters: number;
  readonly rounds: number;
  /** The processor's time for all documents of all rounds: compiled, and parsed by the Markdown grammar alone. */
  readonly compiled: number;
  readonly parsed: number;
  readonly library: {
    /** Each of its documents read, compiled and linted once, one after the other. */
    readonly once: number;
    readonly cold: number;
    readonly cached: number;
    /** The longest time for which the thread of the screen did not come to its turn, cold and cached. */
    readonly heldCold: number;
    readonly heldCached: number;
    /** A search of two words through all. */
    readonly search: number;
  };
  readonly growth: readonly {
    readonly what: string;
    readonly sizes: readonly number[];
    readonly times: readonly number[];
  }[];
}

/** Measures the reading of the documents beside this checkout, or of its own where those are missing. */
export async function measureReading(rounds = 100): Promise<ReadingFigures> {
  await loadSyntax();
  const documents = await realDocuments();
  let compiled = 0;
  let parsed = 0;
  // The first round warms both up and does not count.
  for (let round = 0; round <= rounds; round++)
    for (const source of documents) {
      const one = timed(() => compile(source));
      const other = timed(() =>
        fromMarkdown(source, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }),
      );
      if (round === 0) continue;
      compiled += one;
      parsed += other;
    }
  return {
    documents: documents.length,
    characters: documents.reduce((sum, source) => sum + source.length, 0),
    rounds,
    compiled,
    parsed,
    library: await measureLibrary(documents),
    growth: measureGrowth(),
  };
}

async function realDocuments(): Promise<readonly string[]> {
  const there = folders.map((folder) => join(root, folder)).filter((folder) => existsSync(folder));
  const wild = there.filter((folder) => folder.includes('corpus'));
  const texts: string[] = [];
  for (const folder of wild.length > 0 ? wild : there)
    for (const name of (await readdir(folder)).sort())
      if (name.endsWith('.md') && name !== 'INDEX.md') texts.push(await readFile(join(folder, name), 'utf8'));
  return texts;
}

async function measureLibrary(documents: readonly string[]): Promise<ReadingFigures['library']> {
  const folder = await mkdtemp(join(tmpdir(), 'drillbook-bench-library-'));
  const docs = join(folder, 'docs');
  await mkdir(docs);
  try {
    const paths: string[] = [];
    for (let at = 0; at < librarySize; at++) {
      const path = join(docs, `${String(at).padStart(4, '0')}.md`);
      // None is equal to another: each must be read by itself.
      await writeFile(path, `${documents[at % documents.length]}\n<!-- ${at} -->\n`);
      paths.push(path);
    }
    const began = performance.now();
    for (const path of paths) await readDocument(path);
    const once = performance.now() - began;
    const open = async () => {
      const catalogues: Parameters<typeof searchCatalogue>[1][] = [];
      const start = performance.now();
      const held = watchTurns();
      const reading = await readLibrary([docs], ({ catalogue }) => catalogues.push(catalogue), {
        cache: join(folder, 'cache'),
      });
      return { took: performance.now() - start, held: held(), catalogues, reading };
    };
    const cold = await open();
    const cached = await open();
    if (cached.reading.parsed > 0)
      throw new Error('the sources changed while the library was measured: run it again');
    const search = timed(() => {
      for (const catalogue of cached.catalogues) searchCatalogue('restor prod', catalogue);
    });
    return {
      once,
      cold: cold.took,
      cached: cached.took,
      heldCold: cold.held,
      heldCached: cached.held,
      search,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * How long the thread is kept from its next turn; the result is the longest time, in milliseconds. By a timer, which
 * leaves the processors to those who read.
 */
function watchTurns(): () => number {
  const every = 2;
  const delays = monitorEventLoopDelay({ resolution: every });
  delays.enable();
  return () => {
    delays.disable();
    return Math.max(0, delays.max / 1e6 - every);
  };
}

function measureGrowth(): ReadingFigures['growth'] {
  const section = `## Restore it\n\n${'Words that say why. '.repeat(60)}\n\n1. Run it:\n\n   \`\`\`bash\n   pg_restore -d app a.dump\n   \`\`\`\n\n`;
  const shapes: readonly (readonly [string, number, (size: number) => string])[] = [
    ['document of 10 MB', 10_000_000, (size) => section.repeat(Math.ceil(size / section.length))],
    [
      '10,000 blocks',
      10_000,
      (size) => `# A\n\n${'Do it:\n\n```bash\n# why\necho "$X"\n```\n\n'.repeat(size)}`,
    ],
    [
      'lists 1,000 deep',
      1000,
      (size) => Array.from({ length: size }, (_, depth) => `${'  '.repeat(depth)}- a`).join('\n'),
    ],
    ['quotes 1,000 deep', 1000, (size) => `${'> '.repeat(size)}a`],
    ['line of 1 MB', 1_000_000, (size) => `# A\n\n${'word '.repeat(size / 5)}\n`],
    ['command of 1 MB', 1_000_000, (size) => `# A\n\n\`\`\`bash\necho ${'word '.repeat(size / 5)}\n\`\`\`\n`],
  ];
  return shapes.map(([what, largest, make]) => {
    const sizes = [largest / 4, largest / 2, largest];
    return { what, sizes, times: sizes.map((size) => best(() => compile(make(size)))) };
  });
}

/** The better of two: other processes and the collection of garbage only ever add. */
function best(work: () => void): number {
  return Math.min(timed(work), timed(work));
}

/** The processor's time of this thread, in milliseconds: what other processes take does not count. */
function timed(work: () => void): number {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}

/** The figures as lines of text. */
export function readingReport(figures: ReadingFigures): readonly string[] {
  const { documents, characters, rounds, compiled, parsed, library, growth } = figures;
  const of = (time: number) => `${time.toFixed(0)} ms`;
  const perSecond = (time: number) => `${((documents * rounds * 1000) / time).toFixed(0)} documents a second`;
  return [
    `reading, ${documents} documents of ${Math.round(characters / documents / 1000)} kB on average, ${rounds} times`,
    `  compiled                ${perSecond(compiled)}`,
    `  Markdown grammar alone  ${perSecond(parsed)}; ratio ${(compiled / parsed).toFixed(2)}`,
    `library of ${librarySize} documents`,
    `  one after the other     ${of(library.once)}: read, compiled, linted`,
    `  opened cold             ${of(library.cold)}, ratio ${(library.cold / library.once).toFixed(2)}; keys waited at most ${of(library.heldCold)}`,
    `  opened from the cache   ${of(library.cached)}, ratio ${(library.cached / library.once).toFixed(3)}; keys waited at most ${of(library.heldCached)}`,
    `  searched                ${of(library.search)}`,
    'growth: a quarter, a half, the whole, and what each doubling costs (2.0 is linear)',
    ...growth.map(({ what, times }) => {
      const ratios = times
        .slice(1)
        .map((time, at) => (times[at]! < 5 ? 'too short to tell' : `×${(time / times[at]!).toFixed(1)}`));
      return `  ${what.padEnd(22)}  ${times.map(of).join(', ')}  ${ratios.join(' ')}`;
    }),
  ];
}

if (import.meta.main) {
  const rounds = Number(process.argv[2] ?? 100);
  for (const line of readingReport(await measureReading(rounds))) console.log(line);
}
