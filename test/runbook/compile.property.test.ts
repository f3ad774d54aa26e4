import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { compile } from '../../src/runbook/compile.ts';
import { loadSyntax } from '../support/syntax.ts';
import { expectSound } from './invariants.ts';

const folder = new URL('./shapes/', import.meta.url);
const shapes = readdirSync(folder)
  .filter((name) => name.endsWith('.md'))
  .map((name) => readFileSync(new URL(name, folder), 'utf8'));

beforeAll(loadSyntax);

/** Lines that Markdown or a shell reads in a special way, and some that neither does. */
const line = fc.oneof(
  fc.constantFrom(
    ...[
      '# A',
      '## Step 1: Go',
      '## Option A',
      '### 2. Look (1–2 minutes)',
      'Title',
      '=====',
      '-----',
      '',
      '',
      '---',
    ],
    ...[
      '- [ ] check',
      '- do it',
      '1. Open the page',
      '2. Run it',
      '   indented',
      '\tTab',
      '> quoted',
      '=== "Tab"',
      '!!! note',
    ],
    ...[
      '```bash',
      '```',
      '~~~',
      '````sql',
      '```console',
      '  ```sh {phase=restore}',
      '<details>',
      '</details>',
      '<!--',
      '-->',
    ],
    ...[
      '$ ls -l',
      '# rm -rf /x',
      'db=# SELECT 1;',
      '> flushall',
      'psql $URL',
      '\\q',
      'SELECT 1',
      'cat <<EOF',
      'EOF',
      'echo "open',
    ],
    ...[
      '**Label**:',
      '**Key**: value',
      '# Or this',
      '# Method 2',
      '| a | b |',
      '|---|---|',
      'or',
      'echo <host> ${X:-1} $Y',
      'a \\',
    ],
    ...[
      '[a](b.md)',
      '`kubectl get pods`',
      '\u0000',
      '‚Äì',
      'for i in 1; do',
      'done',
      '\ud83d',
      'x'.repeat(300),
    ],
  ),
  fc.string({ maxLength: 40 }),
);
const document = fc
  .tuple(fc.array(line, { maxLength: 40 }), fc.constantFrom('\n', '\r\n', '\r'))
  .map(([lines, end]) => lines.join(end));

describe('whatever the document', () => {
  test('lines in any order give a sound runbook', () => {
    fc.assert(
      fc.property(document, (source) => expectSound(compile(source), source)),
      { numRuns: 200 },
    );
  });

  test('a document with a stretch cut out, doubled or overwritten gives a sound runbook', () => {
    const mutation = fc.tuple(
      fc.constantFrom(...shapes),
      fc.nat(2000),
      fc.nat(200),
      fc.constantFrom('cut', 'double', 'overwrite'),
      line,
    );
    fc.assert(
      fc.property(mutation, ([shape, from, length, how, other]) => {
        const at = from % shape.length;
        const piece = shape.slice(at, at + length);
        const middle = how === 'cut' ? '' : how === 'double' ? piece + piece : other;
        const source = shape.slice(0, at) + middle + shape.slice(at + piece.length);
        expectSound(compile(source), source);
      }),
      { numRuns: 200 },
    );
  });

  test('no fence at the left edge is lost', () => {
    const word = fc.constantFrom(
      '',
      'Text',
      '## Heading',
      '- item',
      '1. item',
      '> quote',
      '| a |',
      '**Option 1**',
    );
    const tag = fc.constantFrom('', 'bash', 'sql', 'json', 'console', 'text');
    fc.assert(
      fc.property(fc.array(fc.tuple(word, tag), { maxLength: 20 }), (pieces) => {
        const source = pieces
          .map(([before, name], index) => `${before}\n\n\`\`\`${name}\necho ${index}\n\`\`\`\n`)
          .join('\n');
        const runbook = compile(source);
        expect(runbook.blocks.map((block) => block.content)).toEqual(
          pieces.map((_, index) => `echo ${index}`),
        );
      }),
      { numRuns: 80 },
    );
  });
});
