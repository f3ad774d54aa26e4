import { beforeAll, expect, test } from 'vitest';
import { compile } from '../../src/runbook/compile.ts';
import { loadSyntax } from '../support/syntax.ts';

beforeAll(loadSyntax);

test.each([
  ['on lines of their own', `[\n${'\\q\n'.repeat(9500)}`],
  ['behind a bracket that only code closes', `[\`]\` ${'word '.repeat(10_000)}`],
  ['behind a bracket that is closed by an escaped one', `[ \\] ${'word '.repeat(10_000)}`],
])('thousands of words behind an open bracket, %s: read line by line, and told', (_, source) => {
  expect(
    compile(source)
      .doubts.map((doubt) => doubt.what)
      .join(),
  ).toMatch(/open bracket.*read line by line/);
});

test('a long paragraph whose brackets are closed is read in full', () => {
  const source = `# A\n\n${'See [this](a.md) for a lot more of what is to be said here, in many short words.\n'.repeat(240)}`;
  const runbook = compile(source);
  expect(runbook.doubts).toEqual([]);
  expect(runbook.links).toHaveLength(240);
});

test('a link by name leads where the name is defined, wherever that stands', () => {
  const source =
    '# A\n\n[first]: one.md\n[First]: never.md\n\nSee [this][first], [second] and [that](two.md#x), not [nothing][].\n\n[second]: three.md "T"\n';
  const { links } = compile(source);
  expect(links.map(({ text, url }) => [text, url])).toEqual([
    ['this', 'one.md'],
    ['second', 'three.md'],
    ['that', 'two.md#x'],
  ]);
  expect(links.map(({ range }) => source.slice(range.start, range.end))).toEqual([
    '[this][first]',
    '[second]',
    '[that](two.md#x)',
  ]);
});

test('quotes without a blank line between them keep their fences', () => {
  const source = '> ```bash\n> ls -l\n> ```\nThen\n'.repeat(6000);
  const runbook = compile(source);
  expect(runbook.blocks).toHaveLength(6000);
  expect(new Set(runbook.blocks.map((block) => block.content))).toEqual(new Set(['ls -l']));
  expect(runbook.doubts).toEqual([]);
});

test.each([
  ['comments that never close, on short lines', '    <!--\n$ool/bin\n'.repeat(7000), /thousands of brackets/],
  ['an item whose paragraph never ends', `- a\n${'done\n'.repeat(18_000)}`, /thousands of lines in an item/],
])('%s: read line by line, and told', (_, source, told) => {
  const runbook = compile(`words\n${source}`);
  expect(runbook.doubts.map((doubt) => doubt.what).join()).toMatch(told);
});

test('thousands of quotes are read as quotes', () => {
  const source = `# A\n\n${'> > ```bash\n> > ls -l\n> > ```\n\n'.repeat(3000)}`;
  const runbook = compile(source);
  expect(runbook.blocks).toHaveLength(3000);
  expect(runbook.doubts).toEqual([]);
});

test('thousands of steps that say nothing are no procedures in one another', () => {
  const source = `# A\n\n${'## Step 1: Go\n'.repeat(6000)}\n\`\`\`bash\nls -l\n\`\`\`\n`;
  const runbook = compile(source);
  expect(runbook.procedures).toHaveLength(1);
  expect(runbook.blocks.map((block) => block.content)).toEqual(['ls -l']);
});
