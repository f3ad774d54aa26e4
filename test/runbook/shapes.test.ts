import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { compile } from '../../src/runbook/compile.ts';
import { outline } from '../../src/runbook/outline.ts';
import { loadSyntax } from '../support/syntax.ts';

const folder = new URL('./shapes/', import.meta.url);
const shapes = readdirSync(folder)
  .filter((name) => name.endsWith('.md'))
  .map((name) => name.slice(0, -3));

beforeAll(loadSyntax);

/** Each shape of document in `shapes/` and, beside it, the outline that it must give. */
describe('a document of this shape is read as its outline says', () => {
  test.each(shapes)('%s', async (shape) => {
    const source = await readFile(new URL(`${shape}.md`, folder), 'utf8');
    const lines = outline(compile(source)).map((line) => line.trimEnd());
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(`./shapes/${shape}.txt`);
  });

  test.each(shapes)('%s, with CRLF and a byte order mark', async (shape) => {
    const source = await readFile(new URL(`${shape}.md`, folder), 'utf8');
    const wanted = outline(compile(source));
    expect(outline(compile(`\ufeff${source.replaceAll('\n', '\r\n')}`))).toEqual(wanted);
  });
});
