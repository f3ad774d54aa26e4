import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitPsql } from '../../src/syntax/psql.ts';

const texts = (script: string) =>
  splitPsql(script).map((piece) =>
    piece.kind === 'sql' ? piece.text : `\\${piece.name} ${piece.argument}`.trim(),
  );

test('statements end at semicolons that stand in nothing', () => {
  expect(texts('a; b \';\' ";" ; c /* ; /* ; */ ; */ -- ;\n; $$ ; $$; $x$ $$ ; $x$; (d; e)')).toEqual([
    'a',
    'b \';\' ";"',
    'c /* ; /* ; */ ; */ -- ;',
    '$$ ; $$',
    '$x$ $$ ; $x$',
    '(d; e)',
  ]);
  expect(texts("select 'it''s; one', E'it\\'s; one'; two")).toEqual([
    "select 'it''s; one', E'it\\'s; one'",
    'two',
  ]);
});

test('variables become words of the same length, casts and slices do not', () => {
  const script = 'select :a, :\'b\', :"c", d::text, e[1:2], f := 1';
  const [piece] = splitPsql(script);
  expect(piece).toMatchObject({ kind: 'sql', start: 0, end: script.length });
  expect(texts(script)).toEqual(["select _a, '_b', __c_, d::text, e[1:2], f := 1"]);
});

test('backslash commands end their line, and only those that send end the statement', () => {
  expect(texts("\\dt\nselect 1 \\g out.txt\n\\copy t from 'f'\nselect 2;")).toEqual([
    '\\dt',
    'select 1',
    '\\g out.txt',
    "\\copy t from 'f'",
    'select 2',
  ]);
  expect(texts('select 1\n\\timing\n+ 2;').filter((text) => !text.startsWith('\\'))).toEqual([
    expect.stringMatching(/^select 1\s+\+ 2$/),
  ]);
});

test('data behind COPY FROM stdin is not SQL', () => {
  expect(texts('COPY t FROM stdin;\n1\tdrop table x;\n\\.\nselect 1;')).toEqual([
    'COPY t FROM stdin',
    'select 1',
  ]);
  expect(texts('COPY t FROM stdin;\n1\tdrop table x;')).toEqual(['COPY t FROM stdin']);
});

test('spans give the text back where nothing was replaced', () => {
  const script = '  select 1 ;\n\n  select 2';
  expect(splitPsql(script).map(({ start, end }) => script.slice(start, end))).toEqual([
    'select 1',
    'select 2',
  ]);
});

test('any text is split without throwing, with spans in order', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      ';',
      "'",
      '"',
      '$$',
      '$a$',
      '--',
      '/*',
      '*/',
      '\n',
      '\\',
      '\\g',
      ':',
      ':x',
      '(',
      ')',
      'copy t from stdin;',
      'begin atomic',
      'end',
      'case',
    ),
    fc.string({ maxLength: 4 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      const text = pieces.join(' ');
      for (const { start, end } of splitPsql(text))
        expect(0 <= start && start <= end && end <= text.length).toBe(true);
    }),
    { numRuns: 2000 },
  );
});
