import fc from 'fast-check';
import { expect, test } from 'vitest';
import { liftHeredocs } from '../../src/syntax/heredoc.ts';

const bodies = (text: string) => liftHeredocs(text).heredocs.map((each) => each.body);

test('a body is lifted, and every other offset stays', () => {
  const text = 'cat <<EOF > out\nline $X\nEOF\nls';
  const { text: lifted, heredocs } = liftHeredocs(text);
  expect(lifted).toHaveLength(text.length);
  expect(lifted.indexOf('ls')).toBe(text.indexOf('ls'));
  expect(heredocs).toMatchObject([{ body: 'line $X\n', quoted: false, closed: true }]);
  expect(text.slice(heredocs[0]!.start, heredocs[0]!.end)).toBe('line $X\n');
  expect(lifted).not.toContain('line');
});

test('several on one line, quoted delimiters, tabs, and one inside a substitution', () => {
  expect(bodies('cat <<A <<B\na\nA\nb\nB\n')).toEqual(['a\n', 'b\n']);
  expect(liftHeredocs("cat <<'E F'\n$x\nE F\n").heredocs[0]).toMatchObject({ quoted: true, body: '$x\n' });
  expect(liftHeredocs('cat <<\\EOF\n$x\nEOF\n').heredocs[0]).toMatchObject({ quoted: true });
  expect(bodies('cat <<-EOF\n\t\ta\n\tEOF\n')).toEqual(['a\n']);
  expect(bodies('x="$(cat <<EOF\nbody\nEOF\n)"')).toEqual(['body\n']);
});

test('what only looks like one is left alone', () => {
  for (const text of [
    'cat <<< word',
    'echo "<<EOF"',
    "echo '<<EOF'",
    '# <<EOF',
    'echo $((1<<2))',
    '(( a = 1 << 2 ))',
    'echo \\<<EOF',
  ])
    expect(liftHeredocs(text).heredocs, text).toEqual([]);
});

test('one without its end takes the rest and says so', () => {
  expect(liftHeredocs('cat <<EOF\nrest').heredocs).toMatchObject([{ body: 'rest', closed: false }]);
  expect(liftHeredocs('cat <<EOF').heredocs).toMatchObject([{ body: '', closed: false }]);
});

test('any text keeps its length', () => {
  const piece = fc.oneof(
    fc.constantFrom('<<', 'EOF', '\n', '"', "'", '$(', ')', '`', '$((', '))', '\\', '#', '<<-', ' '),
    fc.string({ maxLength: 4 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      const text = pieces.join('');
      expect(liftHeredocs(text).text).toHaveLength(text.length);
    }),
    { numRuns: 2000 },
  );
});
