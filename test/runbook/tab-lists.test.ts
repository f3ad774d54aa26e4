import { beforeAll, expect, test } from 'vitest';
import { compile } from '../../src/runbook/compile.ts';
import { loadSyntax } from '../support/syntax.ts';

beforeAll(loadSyntax);

test.each([
  ['a fence in a quote', '> ```bash\n> !!! note\n> === "Tab"\n> ```\n', '!!! note\n=== "Tab"'],
  ['a fence in an item', '- a\n\n  ```text\n  ??? question\n  === "Tab"\n  ```\n', '??? question\n=== "Tab"'],
  ['an indented block', 'Text\n\n    !!! note\n    === "Tab"\n', '!!! note\n=== "Tab"'],
  ['a fence that looks closed', '````text\n```\n!!! note\n````\n', '```\n!!! note'],
  ['the line that a quoted fence leaves', '> ```text\n\n```text\n!!! note\n```\n', '!!! note'],
  [
    'a block indented by tabs, with odd blanks',
    'Text\n\n\t    ```\n\t=== "A"\n\t  \u000b```\n\t\u0000 x\n\t!!! note\n',
    '    ```\n=== "A"\n  \u000b```\n\ufffd x\n!!! note',
  ],
])('marks of tabs in the code of %s stay as they were written', (_, source, content) => {
  const blocks = compile(`# A\n\n${source}`).blocks.map((block) => block.content);
  expect(blocks).toContain(content);
});

test('a list in code that looks like a replaced mark stays', () => {
  const source = '=== "Tab"\n\n    Text\n\n# A\n\n> ```text\n> *   item\n> +   "Tab"\n> ```\n';
  expect(compile(source).blocks[0]!.content).toBe('*   item\n+   "Tab"');
});
