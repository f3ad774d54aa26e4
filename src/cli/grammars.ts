import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadShell } from '../syntax/shell.ts';
import { loadSql } from '../syntax/sql.ts';

/** Makes the shell and SQL grammars ready, from the bundle's assets or, in a checkout, from the packages. */
export async function loadGrammars(): Promise<void> {
  await Promise.all([loadShellGrammar(), loadSql()]);
}

/** The shell grammar alone, for what reads no SQL. */
export async function loadShellGrammar(): Promise<void> {
  const [engine, grammar] = await Promise.all([
    readFile(asset('web-tree-sitter.wasm', 'web-tree-sitter')),
    readFile(asset('tree-sitter-bash.wasm', 'tree-sitter-bash/package.json')),
  ]);
  await loadShell(engine, grammar);
}

function asset(file: string, module: string): string {
  const here = dirname(fileURLToPath(import.meta.url));
  // In the bundle this file is a chunk beside `assets/`, or the entry's neighbour.
  const bundled = [join(here, 'assets', file), join(here, '..', 'assets', file)].find((path) =>
    existsSync(path),
  );
  return bundled ?? join(dirname(createRequire(import.meta.url).resolve(module)), file);
}
