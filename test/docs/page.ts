import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The folder that everything stands in; ends with a slash. */
export const root = new URL('../..', import.meta.url).pathname;

/** The pages that people read: README.md and what lies in docs/, by their paths from the root. */
export const pages = {
  read: (path: string): Promise<string> => readFile(join(root, path), 'utf8'),
  list: async (): Promise<readonly string[]> => [
    'README.md',
    ...(await readdir(join(root, 'docs')))
      .filter((name) => name.endsWith('.md'))
      .sort()
      .map((name) => `docs/${name}`),
  ],
};

export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** The tables of a page, their cells as they stand in the source. */
export function tablesOf(page: string): readonly Table[] {
  return page
    .split(/\n\s*\n/)
    .map((block) => block.split('\n').filter((line) => line.startsWith('|')))
    .filter((lines) => lines.length > 2)
    .map((lines) => lines.map(cellsOf))
    .map(([head = [], , ...rows]) => ({ head, rows }));
}

function cellsOf(line: string): readonly string[] {
  return line
    .replace(/^\||\|$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim());
}

export interface CommandLine {
  /** As it stands on the page. */
  readonly line: string;
  /** What stands behind `drillbook`, as a shell has it. */
  readonly words: readonly string[];
  /** `run`: it is to be run as it stands. */
  readonly check: string | undefined;
  /** Exit codes that are right. */
  readonly codes: readonly number[];
}

/** The lines of shell fences that call Drillbook. `{check=run codes=0,1}` behind a fence says how they are checked. */
export function commandLinesOf(page: string): readonly CommandLine[] {
  const fences = page.matchAll(/^(`{3,})(?:sh|bash)([^\n]*)\n([\s\S]*?)^\1$/gm);
  return [...fences].flatMap(([, , info = '', text = '']) =>
    text
      .replaceAll(/\\\n\s*/g, '')
      .split('\n')
      .filter((line) => line.startsWith('drillbook '))
      .map((line) => ({
        line,
        words: wordsOf(line.slice('drillbook '.length)),
        check: /check=(\w+)/.exec(info)?.[1],
        codes: (/codes=([\d,]+)/.exec(info)?.[1] ?? '0').split(',').map(Number),
      })),
  );
}

/** Words as a shell has them; enough for lines that hold quotes and a comment behind them. */
function wordsOf(line: string): readonly string[] {
  const words: string[] = [];
  for (const [, single, double, bare] of line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)) {
    if (bare?.startsWith('#')) break;
    words.push(single ?? double ?? bare ?? '');
  }
  return words;
}

/** What the pages link to within the project, without the part behind `#`. */
export function linksOf(page: string): readonly string[] {
  return [...page.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, to]) => to!.split('#')[0]!)
    .filter((to) => to !== '' && !/^[a-z]+:/.test(to));
}
