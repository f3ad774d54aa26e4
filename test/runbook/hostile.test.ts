import { beforeAll, describe, expect, test } from 'vitest';
import { compile } from '../../src/runbook/compile.ts';
import { loadSyntax } from '../support/syntax.ts';
import { expectSound } from './invariants.ts';

beforeAll(loadSyntax);

const many = (text: string, count: number) => text.repeat(count);
const nested = Array.from({ length: 1000 }, (_, depth) => `${' '.repeat(2 * depth)}- a`).join('\n');

/** Documents that make simple readers hang, crash or eat all memory; the test runner's own limit ends a hang. */
describe('hostile documents', () => {
  test.each([
    ['lists nested 1,000 deep', nested],
    ['quotes nested 1,000 deep', `${'> '.repeat(1000)}a`],
    ['brackets that wait for one another', many('[', 300_000)],
    ['brackets that close nothing', many('a]', 300_000)],
    ['emphasis that never ends', many('*a_ ', 100_000)],
    ['backticks of changing length', many('` `` ', 100_000)],
    ['tags that never end', many('<a ', 100_000)],
    ['a table of a hundred thousand rows', `|a|b|\n|-|-|\n${many('|`x`|y|\n', 100_000)}`],
  ])('%s: read line by line, and told', (_, source) => {
    const runbook = compile(source);
    expect(runbook.doubts.map((doubt) => doubt.what).join()).toMatch(/read line by line/);
  });

  test('what stands beside a tangled stretch is still read', () => {
    const runbook = compile(`${nested}\n\n# Restore\n\n\`\`\`bash\nls -l\n\`\`\`\n`);
    expect(runbook.blocks.map((block) => block.content)).toEqual(['ls -l']);
    expect(runbook.procedures.map((procedure) => procedure.title)).toEqual(['Restore']);
  });

  test('a line of a million characters', () => {
    const source = `# A\n\n${many('a', 1_000_000)}\n\n\`\`\`bash\necho ${many('b', 1_000_000)}\n\`\`\`\n`;
    expectSound(compile(source), source);
  });

  test('ten thousand blocks, each with its own commands', () => {
    const source = `# Many\n\n${many('Do it:\n\n```bash\n# why\necho "$X"\n```\n\n', 10_000)}`;
    const runbook = compile(source);
    expect(runbook.blocks).toHaveLength(10_000);
    expect(runbook.procedures[0]!.items).toHaveLength(10_000);
    expect(runbook.procedures[0]!.variables[0]!.uses).toHaveLength(10_000);
  });

  test('three thousand numbered steps keep their order and their numbers', () => {
    const source = Array.from(
      { length: 3000 },
      (_, at) => `${at + 1}. Run it\n\n   \`\`\`bash\n   ls ${at}\n   \`\`\`\n`,
    ).join('\n');
    const [procedure] = compile(source).procedures;
    expect(procedure!.items).toHaveLength(3000);
    expect(procedure!.items.map((item) => item.kind === 'step' && item.number)).toEqual(
      Array.from({ length: 3000 }, (_, at) => String(at + 1)),
    );
  });

  test('ten megabytes keep every block', () => {
    const section = `## Restore it\n\n${many('Words that say why. ', 60)}\n\n1. Run it:\n\n   \`\`\`bash\n   pg_restore -d app a.dump\n   \`\`\`\n\n`;
    const count = Math.ceil(10_000_000 / section.length);
    const runbook = compile(many(section, count));
    expect(runbook.blocks).toHaveLength(count);
    expect(runbook.procedures).toHaveLength(count);
  }, 240_000);

  test('a fence that is never closed', () => {
    const source = '# A\n\n```bash\nls\n\n## Not a heading\n';
    const runbook = compile(source);
    expect(runbook.blocks).toMatchObject([{ closed: false, content: 'ls\n\n## Not a heading' }]);
    expect(runbook.doubts.map((doubt) => doubt.what).join()).toMatch(/never closed/);
  });

  test('NUL bytes, lone surrogates and a byte order mark', () => {
    const source = '\ufeff# A\u0000B\n\n```bash\necho \u0000 \ud83d\n```\n';
    const runbook = compile(source);
    expect(runbook.blocks).toHaveLength(1);
    expectSound(runbook, source);
  });

  test('front matter that refers to itself', () => {
    const runbook = compile(`---\na: &a [x]\nb: [${many('*a, ', 500)}]\n---\n\n# T\n`);
    expect(runbook.title).toBe('T');
    expect(runbook.doubts.map((doubt) => doubt.what).join()).toMatch(/front matter/);
  });

  test.each([
    ['brackets nested in shell', many('(', 50_000)],
    ['substitutions nested in shell', many('$(', 50_000)],
    ['here-documents that never end', many('cat <<EOF\n', 5000)],
    ['quotes that never end', many('echo "a\n', 50_000)],
    ['prompts with quotes that never end', many('$ ls "\n', 20_000)],
    ['angle brackets', many('<a', 100_000)],
    ['names that are handed on', `A=1\nB=2\nexport ${many('A', 2000)}=1\nexport ${many('A ', 20_000)}=1`],
  ])('%s', (_, shell) => {
    const source = `\`\`\`bash\n${shell}\n\`\`\`\n`;
    expect(compile(source).blocks).toHaveLength(1);
  });
});
