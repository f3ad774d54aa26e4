import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { loadShell } from '../syntax/shell.ts';
import { loadSql } from '../syntax/sql.ts';

/*
 * The grammars are large WebAssembly functions that run for milliseconds. V8's optimising compiler takes seconds and
 * more than half a gigabyte over them; the code of its baseline compiler is there at once and fast enough. The last flag
 * implies the others on a command line, but not here.
 */
for (const flag of ['--no-wasm-tier-up', '--no-wasm-dynamic-tiering', '--liftoff-only'])
  setFlagsFromString(flag);

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
