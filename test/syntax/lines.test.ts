import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { parseShell } from '../../src/syntax/shell.ts';
import { loadSyntax } from '../support/syntax.ts';

beforeAll(loadSyntax);

/** The commands of a text, each with the words that stand with it. */
function commandsOf(text: string): readonly string[] {
  const tree = parseShell(text);
  const found = tree.rootNode.descendantsOfType('command').map((node) =>
    node!.namedChildren
      .filter((child) => !child!.type.includes('redirect'))
      .map((child) => child!.text)
      .join(' '),
  );
  tree.delete();
  return found;
}

function isWhole(text: string): boolean {
  const tree = parseShell(text);
  const whole = !tree.rootNode.hasError;
  tree.delete();
  return whole;
}

test.each([
  ['cat a | sort | wc -l\nrm -rf /data > log', ['cat a', 'sort', 'wc -l', 'rm -rf /data']],
  ['cat a | sort > f\nrm -rf /data || ls', ['cat a', 'sort', 'rm -rf /data', 'ls']],
  ['cat <<< "x" | wc >> f\ndropdb live && ls # why', ['cat', 'wc', 'dropdb live', 'ls']],
  ['let i++ && { ls; }\nA=1 B=2 # why\ndropdb live # why', ['let i++', 'ls', 'dropdb live']],
  ['a | b | c \\\n  d > f', ['a', 'b', 'c d']],
  ['cat <<EOF > f\na\nEOF\nls | wc | b\nc > d', ['cat', 'ls', 'wc', 'b', 'c']],
])('a line ends its statement: %j', (text, commands) => {
  expect(commandsOf(text)).toEqual(commands);
});

const simple = fc.constantFrom(
  ...['ls', 'wc -l', 'dropdb live', 'grep -q x f', 'psql -c "DROP TABLE x"', 'cat <f', 'echo $(date)'],
  ...['[ -f x ]', '[[ -n $x ]]', 'rm -rf /data', 'cd /x', '"$BIN/x" a', 'time ls', '( ls )', '{ ls; }'],
  ...['A=1 ls', "echo 'a b'", '((i++))', 'if true; then ls; fi', 'for i in a b; do ls; done', 'cat <<< "x"'],
);
const alone = fc.constantFrom(
  'A=1 B=2',
  'export X=1',
  'declare -x Y=2',
  'unset Z',
  'read -r q',
  'echo a; echo b',
);
const statement = fc.oneof(
  { weight: 1, arbitrary: alone },
  {
    weight: 6,
    arbitrary: fc
      .tuple(
        fc.array(simple, { minLength: 1, maxLength: 4 }),
        fc.constantFrom(' | ', ' && ', ' || ', '|', ' |& '),
        fc.constantFrom('', ' > f', ' >> f', ' 2>&1', ' 2>/dev/null', ' < in', ' # why', ' > f 2>&1', ';'),
      )
      .map(([parts, join, end]) => parts.join(join) + end),
  },
);

test('statements on lines of their own are the same statements', () => {
  fc.assert(
    fc.property(fc.array(statement, { minLength: 2, maxLength: 3 }), (statements) => {
      fc.pre(statements.every(isWhole));
      expect(commandsOf(statements.join('\n'))).toEqual(statements.flatMap(commandsOf));
    }),
    { numRuns: 1500 },
  );
});

test.each([
  '! { rm x; }',
  'time { rm x; }',
  'time -p { rm x; }',
  '! time { rm x; }',
  'if ! { rm x; }; then ls; fi',
])('a group behind ! or time is a group, where it stands: %s', (text) => {
  const tree = parseShell(text);
  const [group] = tree.rootNode.descendantsOfType('compound_statement');
  expect(group?.text).toBe('{ rm x; }');
  expect(group?.startIndex).toBe(text.indexOf('{'));
  tree.delete();
});
