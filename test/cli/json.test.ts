import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CommandNode, commandTree } from '../../src/cli/command-tree.ts';
import { jsonForms } from '../../src/cli/json-forms.ts';
import { product } from '../support/product.ts';

let folder: string;
let entry: string;

beforeAll(async () => {
  entry = await product();
  folder = await mkdtemp(join(tmpdir(), 'drillbook-json-'));
  await mkdir(join(folder, 'backups'));
  await mkdir(join(folder, 'shared'));
  await writeFile(join(folder, 'book.md'), '# Book\n\n## Look\n\n```bash\nls\n```\n');
  await writeFile(
    join(folder, 'drillbook.yaml'),
    'runbooks: [.]\nshared: ./shared\ntargets:\n  mine:\n    environment: local\n    url: env:NOWHERE\n    store: ./backups\n',
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function drillbook(...args: string[]): Promise<{ out: string; err: string }> {
  return new Promise((resolve) => {
    const { DATABASE_URL: _, ...own } = process.env;
    const env = { ...own, DRILLBOOK_HOME: join(folder, 'home'), BACKUP_DIR: join(folder, 'backups') };
    execFile(process.execPath, [entry, ...args], { cwd: folder, env }, (_error, out, err) =>
      resolve({ out, err }),
    );
  });
}

/** What a listing wants to be told besides. */
const wanted: Readonly<Record<string, readonly string[]>> = {
  'log search': ['nothing'],
  show: ['book.md'],
  explain: ['ls'],
  schedule: ['mine', '--cron'],
  'drill history': ['mine'],
};

test.each(jsonForms)(
  'the JSON of $command has its number and its fields',
  async ({ command, schema, fields }) => {
    const { out, err } = await drillbook(...command.split(' '), ...(wanted[command] ?? []), '--json');
    expect(out, err).not.toBe('');
    const read = JSON.parse(out) as Record<string, unknown>;
    expect(read.schema).toBe(schema);
    expect(Object.keys(read)).toEqual(expect.arrayContaining(Object.keys(fields)));
  },
);

test('every command that lists has its JSON documented', async () => {
  const all = (nodes: readonly CommandNode[]): readonly CommandNode[] =>
    nodes.flatMap((node) => [node, ...all(node.commands)]);
  const listing = all(await commandTree()).filter(
    ({ name, options }) =>
      /^(list|due|history|outbox|search|stats|export|status)$/.test(name) &&
      options.some(({ long }) => long === '--json'),
  );
  expect(listing.length).toBeGreaterThan(6);
  const documented = jsonForms.map(({ command }) => command);
  expect(listing.map(({ words }) => words).filter((words) => !documented.includes(words))).toEqual([]);
});
