import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import { readEffects } from '../../src/effects/read.ts';
import { lint } from '../../src/lint/lint.ts';
import { compile } from '../../src/runbook/compile.ts';
import { labelled } from '../effects/labelled.ts';
import { loadSyntax } from '../support/syntax.ts';

export interface EffectFigures {
  readonly commands: number;
  /** Microseconds a command, grammars loaded: the middle one, and the slowest of a hundred. */
  readonly median: number;
  readonly p99: number;
  readonly documents: number;
  /** Milliseconds for all documents: Markdown parsed alone; read and compiled; linted as well. */
  readonly parsed: number;
  readonly compiled: number;
  readonly linted: number;
}

/** Reads the labelled commands one by one, then lints the corpus once, cold. Undefined figures where it is not there. */
export async function measureEffects(corpus: string): Promise<EffectFigures> {
  await loadSyntax();
  const commands = await labelled();
  for (const { text } of commands.slice(0, 50)) readEffects(text, 'shell');
  const times = commands.map(({ text }) => {
    const began = performance.now();
    readEffects(text, 'shell');
    return (performance.now() - began) * 1000;
  });
  times.sort((a, b) => a - b);
  const documents = await markdownBelow(corpus);
  const parsed = timed(() => {
    for (const source of documents)
      fromMarkdown(source, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
  });
  const runbooks: ReturnType<typeof compile>[] = [];
  const compiled = timed(() => {
    for (const source of documents) runbooks.push(compile(source));
  });
  const linted = timed(() => {
    for (const [index, source] of documents.entries())
      lint(runbooks[index]!, source, { today: '2026-11-20' });
  });
  return {
    commands: commands.length,
    median: times[Math.floor(times.length / 2)]!,
    p99: times[Math.floor(times.length * 0.99)]!,
    documents: documents.length,
    parsed,
    compiled,
    linted: compiled + linted,
  };
}

/** The figures as lines of text. */
export function effectsReport(figures: EffectFigures): readonly string[] {
  const { commands, median, p99, documents, parsed, compiled, linted } = figures;
  const ms = (value: number) => `${value.toFixed(0)} ms`;
  return [
    `effects: ${commands} commands, median ${median.toFixed(0)} µs, p99 ${p99.toFixed(0)} µs`,
    documents === 0
      ? 'lint: the corpus of real runbooks is not beside this checkout'
      : `lint: ${documents} documents, cold ${ms(linted)}; ${(linted / compiled).toFixed(2)} × reading and compiling (${ms(compiled)}), ${(linted / parsed).toFixed(2)} × Markdown parsing alone (${ms(parsed)})`,
  ];
}

async function markdownBelow(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  return Promise.all(
    names.filter((name) => name.endsWith('.md')).map((name) => readFile(join(folder, name), 'utf8')),
  );
}

function timed(task: () => void): number {
  const began = performance.now();
  task();
  return performance.now() - began;
}
