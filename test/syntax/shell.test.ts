import { beforeAll, expect, test } from 'vitest';
import { parseShell } from '../../src/syntax/shell.ts';
import { parseSql } from '../../src/syntax/sql.ts';
import { loadSyntax } from '../support/syntax.ts';

beforeAll(loadSyntax);

test('a pipeline over two lines is one statement with exact offsets', () => {
  const text = 'é=1\npg_dump "$A" |\n  gzip > x\n';
  const tree = parseShell(text);
  const statements = tree.rootNode.namedChildren.map((n) => text.slice(n!.startIndex, n!.endIndex));
  expect(statements).toEqual(['é=1', 'pg_dump "$A" |\n  gzip > x']);
  tree.delete();
});

test("PostgreSQL's own parser reads a batch", () => {
  expect(parseSql('select 1; drop table t').stmts).toHaveLength(2);
  expect(() => parseSql('drop tabel t')).toThrow(/syntax error/);
});
