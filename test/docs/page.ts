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
