import { beforeAll, describe, expect, test } from 'vitest';
import { compile } from '../../src/runbook/compile.ts';
import type { Procedure } from '../../src/runbook/procedure.ts';
import { rereadBlock } from '../../src/runbook/rereading.ts';
import type { Runbook } from '../../src/runbook/runbook.ts';
import { loadSyntax } from '../support/syntax.ts';
import { partsOf, stepsOf } from './flow.ts';
import { expectSound } from './invariants.ts';

beforeAll(loadSyntax);

/** Two untagged blocks: the first is read as commands, the second as what they print. */
const document = `# Restore

## Restore it

1. Fetch the dump:

   \`\`\`
   BACKUP=<bucket>
   aws s3 cp s3://$BACKUP/app.dump .
   \`\`\`

2. Look at the queue:

   \`\`\`
   kqueue drain --all $BACKUP
   kqueue state
   \`\`\`

3. Restore it:

   \`\`\`bash
   pg_restore -d app app.dump
   echo "$BACKUP"
   \`\`\`
`;

const only = (runbook: Runbook): Procedure => runbook.procedures[0]!;
const steps = (procedure: Procedure) =>
  stepsOf(procedure.items).map((step) =>
    partsOf(step.parts)
      .filter((part) => part.kind !== 'prose')
      .map((part) => [part.kind, 'id' in part ? part.id : part.block]),
  );

describe('a guessed block that is read the other way', () => {
  test('is listed with its procedure, with both readings', () => {
    expect(
      only(compile(document)).guesses?.map((one) => [one.block, one.role, one.other.role, one.range.line]),
    ).toEqual([
      ['block-1', 'commands', 'sample', 7],
      ['block-2', 'sample', 'commands', 14],
    ]);
  });

  test('gives commands where output was read, and moves no other id', () => {
    const runbook = compile(document);
    const before = only(runbook);
    const after = rereadBlock(before, 'block-2', 'commands')!;
    expect(steps(after)[0]).toEqual(steps(before)[0]);
    expect(steps(after)[2]).toEqual(steps(before)[2]);
    expect(steps(before)[1]).toEqual([
      ['sample', 'block-2'],
      ['manual', 'look-at-the-queue/manual'],
    ]);
    expect(steps(after)[1]).toEqual([
      ['command', 'look-at-the-queue/block-2/1'],
      ['command', 'look-at-the-queue/block-2/2'],
    ]);
    expectSound({ ...runbook, procedures: [after] }, document);
  });

  test('gives output where commands were read, and asks for what they no longer set', () => {
    const runbook = compile(document);
    const before = only(runbook);
    const after = rereadBlock(before, 'block-1', 'sample')!;
    expect(steps(after)[0]).toEqual([
      ['sample', 'block-1'],
      ['manual', 'fetch-the-dump/manual'],
    ]);
    expect(before.placeholders.map((one) => one.text)).toEqual(['<bucket>']);
    expect(before.variables).toEqual([]);
    expect(after.placeholders).toEqual([]);
    expect(after.variables.map((one) => [one.name, one.uses.map((use) => use.range.line)])).toEqual([
      ['BACKUP', [23]],
    ]);
    expectSound({ ...runbook, procedures: [after] }, document);
  });

  test('is as it was when it is read the first way again', () => {
    const before = only(compile(document));
    for (const [block, there, back] of [
      ['block-1', 'sample', 'commands'],
      ['block-2', 'commands', 'sample'],
    ] as const) {
      const again = rereadBlock(rereadBlock(before, block, there)!, block, back)!;
      expect(again).toEqual(before);
    }
  });

  test('stays as it is where it is read so already, and no other block can be switched', () => {
    const before = only(compile(document));
    expect(rereadBlock(before, 'block-1', 'commands')).toBe(before);
    expect(rereadBlock(before, 'block-1', 'file')).toBeUndefined();
    expect(rereadBlock(before, 'block-3', 'sample')).toBeUndefined();
    expect(rereadBlock(before, 'no-block', 'sample')).toBeUndefined();
  });

  test('stays within its own way of a choice', () => {
    const source = `# Look\n\n## Look at it\n\n### Option A: by hand\n\n\`\`\`\nkqueue state\n\`\`\`\n\n\`\`\`bash\nls\n\`\`\`\n\n### Option B: by script\n\n\`\`\`bash\n./look.sh\n\`\`\`\n`;
    const runbook = compile(source);
    const before = only(runbook);
    const after = rereadBlock(before, 'block-1', 'commands')!;
    const [choice] = after.items;
    expect(
      choice?.kind === 'choice' &&
        choice.options.map((option) =>
          stepsOf(option.items).flatMap((step) =>
            step.parts.flatMap((part) => (part.kind === 'command' ? [part.text] : [])),
          ),
        ),
    ).toEqual([['kqueue state', 'ls'], ['./look.sh']]);
    expectSound({ ...runbook, procedures: [after] }, source);
  });

  test('that makes several steps is taken out of each and put back into each', () => {
    const source =
      '# Do\n\n## Do it\n\n```text\n# 1. Look\nls -l\n\n# 2. Fetch\ncurl -sO http://a/b\n```\n\n```bash\nls\n```\n';
    const before = only(compile(source));
    expect(stepsOf(before.items).map((step) => step.title)).toEqual(['Look', 'Fetch', 'Do it']);
    const after = rereadBlock(before, 'block-1', 'sample')!;
    expect(steps(after)).toEqual([
      [
        ['sample', 'block-1'],
        ['manual', 'look/manual'],
      ],
      [['manual', 'fetch/manual']],
      [['command', 'do-it-2/1']],
    ]);
    expect(rereadBlock(after, 'block-1', 'commands')).toEqual(before);
  });

  test.each([
    ['role=commands', 'commands'],
    ['role=output', 'sample'],
    ['commands', 'commands'],
    ['output', 'sample'],
  ])('is no guess where the author settles it with {%s}', (hint, role) => {
    const runbook = compile(
      `# A\n\n## Do\n\n\`\`\`bash\nls\n\`\`\`\n\n\`\`\`{${hint}}\nkqueue drain\n\`\`\`\n`,
    );
    expect(runbook.blocks[1]).toMatchObject({ role });
    expect(runbook.blocks[1]!.guess).toBeUndefined();
    expect(only(runbook).guesses).toBeUndefined();
    expect(runbook.doubts).toEqual([]);
  });
});
