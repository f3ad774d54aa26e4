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

test.each([
  ['A=1 B=2\nls', ['A=1 B=2', 'ls']],
  [
    'A="${A:-1}" B="${B:-true}"\n\nE=$(mktemp -d)\n\nls "$E"',
    ['A="${A:-1}" B="${B:-true}"', 'E=$(mktemp -d)', 'ls "$E"'],
  ],
  ['A=1 B=2 # why\nrm -rf x', ['A=1 B=2', 'rm -rf x']],
  ['A=1 B=2\n\n# why\nE=$(mktemp -d)\n\n# c\nls', ['A=1 B=2', 'E=$(mktemp -d)', 'ls']],
  ['A=1 B=2\nC=3 D=4\nls', ['A=1 B=2', 'C=3 D=4', 'ls']],
  ['A=1 B=2 \\\n  ls', ['A=1 B=2 \\\n  ls']],
  ['A=1 B="x\ny" ls', ['A=1 B="x\ny" ls']],
])('several assignments end with their line: %j', (text, expected) => {
  const tree = parseShell(text);
  const found = tree.rootNode.namedChildren.filter((node) => node && node.type !== 'comment');
  expect(found.map((node) => text.slice(node!.startIndex, node!.endIndex))).toEqual(expected);
  tree.delete();
});
