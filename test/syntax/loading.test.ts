import { expect, test } from 'vitest';
import { parseShell } from '../../src/syntax/shell.ts';
import { parseSql } from '../../src/syntax/sql.ts';
import { loadSyntax } from '../support/syntax.ts';

// A file of its own: what is loaded once stays loaded for the whole file.
test('two that load at the same moment share one engine', async () => {
  await Promise.all([loadSyntax(), loadSyntax(), loadSyntax()]);
  const tree = parseShell('pg_dump --version');
  expect(tree.rootNode.hasError).toBe(false);
  tree.delete();
  expect(parseSql('select 1').stmts).toHaveLength(1);
});
