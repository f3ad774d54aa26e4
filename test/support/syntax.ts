import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { loadShell } from '../../src/syntax/shell.ts';
import { loadSql } from '../../src/syntax/sql.ts';

const require = createRequire(import.meta.url);

/** Loads the grammars from the development packages; await it in `beforeAll`. */
export async function loadSyntax(): Promise<void> {
  const engine = join(dirname(require.resolve('web-tree-sitter')), 'web-tree-sitter.wasm');
  const grammar = join(dirname(require.resolve('tree-sitter-bash/package.json')), 'tree-sitter-bash.wasm');
  await loadShell(await readFile(engine), await readFile(grammar));
  await loadSql();
}
