import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { linksOf, openLinked } from '../../src/cli/linked-runbook.ts';
import { readRunbook } from '../../src/cli/runbook-file.ts';
import type { StepLink } from '../../src/tui/house.ts';

let folder: string;
let links: readonly StepLink[];

const block = (command: string) => `\`\`\`bash\n${command}\n\`\`\`\n`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drillbook-linked-'));
  await mkdir(join(folder, 'docs/deep'), { recursive: true });
  await mkdir(join(folder, '.git'));
  await writeFile(
    join(folder, 'docs/other.md'),
    `# Other\n\nWords.\n\n## Fail over\n\n${block('echo over')}\n### After it\n\n${block('echo after')}\n## Fail back\n\n${block('echo back')}`,
  );
  await writeFile(join(folder, 'outside.md'), `# Outside\n\n## Do it\n\n${block('echo outside')}`);
  await symlink(join(folder, 'outside.md'), join(folder, 'docs/deep/way-out.md'));
  await writeFile(
    join(folder, 'docs/main.md'),
    [
      '# Main\n\n## Restore\n',
      '[all](other.md) [part](<other.md#after-it>) [no heading](other.md#nothing) [gone](gone%20it.md)',
      '[out](../outside.md) [hidden](deep/way-out.md) [root](/docs/other.md) [here](#restore) [not here](#no)',
      '[web](https://example.org/a.md) [mail](mailto:a@b.md) [picture](a.png) [back](other.md#fail-back)\n',
      block('echo main'),
    ].join('\n'),
  );
  const path = join(folder, 'docs/main.md');
  links = await linksOf(await readRunbook(path), path);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const named = (text: string) => links.find((link) => link.text === text)!;

test('links to Markdown and into the document itself are there, others are not', () => {
  expect(links.map(({ text }) => text)).toEqual([
    'all',
    'part',
    'no heading',
    'gone',
    'out',
    'hidden',
    'root',
    'here',
    'not here',
    'back',
  ]);
});

test('a missing file and a missing heading are said, with what is missing', () => {
  expect(named('gone')).toMatchObject({
    problem: expect.stringMatching(/There is no file .*gone it\.md: the link at line 5/),
  });
  expect(named('gone').path).toBeUndefined();
  expect(named('no heading').problem).toBe('other.md has no heading #nothing.');
  expect(named('not here').problem).toBe('This runbook has no heading #no.');
  for (const text of ['all', 'part', 'out', 'root', 'here', 'back'])
    expect(named(text).problem).toBeUndefined();
});

test('what lies outside the folder is said, also where only a link on the disk leads there', () => {
  expect(links.filter(({ outside }) => outside).map(({ text }) => text)).toEqual(['out', 'hidden']);
});

test('a whole runbook is opened as it would be run and as it is written', async () => {
  const opened = await openLinked(named('all'));
  expect(opened).toMatchObject({ title: 'Other', runnable: true });
  expect(opened.procedure).toBeUndefined();
  expect(opened.outline.join('\n')).toContain('echo back');
  expect(opened.text).toMatch(/^# Other/);
});

test('of a heading, its procedure and its section alone', async () => {
  const opened = await openLinked(named('back'));
  expect(opened.procedure).toBe('fail-back');
  expect(opened.outline.join('\n')).toContain('echo back');
  expect(opened.outline.join('\n')).not.toContain('echo over');
  expect(opened.text).toMatch(/^## Fail back/);
  const inner = await openLinked(named('part'));
  expect(inner.procedure).toBe('after-it');
  expect(inner.text).toMatch(/^### After it[\s\S]*echo after/);
  expect(inner.text).not.toContain('echo back');
});

test('what cannot be opened is refused in a sentence', async () => {
  await expect(openLinked(named('gone'))).rejects.toThrow('leads to no file');
  await rm(join(folder, 'outside.md'));
  await expect(openLinked(named('out'))).rejects.toThrow(/there is no file/);
});
