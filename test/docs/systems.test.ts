import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type CommandNode, commandTree } from '../../src/cli/command-tree.ts';
import { findProcedure, readRunbook } from '../../src/cli/runbook-file.ts';
import { scenarios } from '../../src/drill/training/scenarios.ts';
import { loadSyntax } from '../support/syntax.ts';
import { pages, root, tablesOf } from './page.ts';

const page = await pages.read('docs/systems.md');
const rows = tablesOf(page).flatMap(({ rows }) => rows);
let commands: ReadonlyMap<string, CommandNode>;

beforeAll(async () => {
  await loadSyntax();
  const flat = (nodes: readonly CommandNode[]): readonly CommandNode[] =>
    nodes.flatMap((node) => [node, ...flat(node.commands)]);
  commands = new Map(flat(await commandTree()).map((node) => [node.words, node]));
});

test('five systems, none of them with an empty cell', () => {
  const tables = tablesOf(page);
  expect(tables.map(({ rows }) => rows.length > 10)).toEqual([true, true, true, true, true]);
  expect(rows.filter((cells) => cells.length !== 3 || cells.some((cell) => cell.trim() === ''))).toEqual([]);
});

test('what does nothing in Drillbook says why', () => {
  for (const [, ours] of rows.filter(([, ours]) => /^none/i.test(ours!)))
    expect(ours).toMatch(/^none: .{30,}/);
});

describe.each(rows.map((cells) => [cells[0]!, cells[1]!, cells[2]!] as const))('%s', (_, ours, tested) => {
  test('its runbooks, procedures, options, commands and trainings exist', async () => {
    const named = [...ours.matchAll(/`([^`]+)`/g)].map((match) => match[1]!);
    for (const name of named.filter((text) => /\.md(#|$)/.test(text) && text !== 'backup-log.md')) {
      const [file, procedure] = name.split('#');
      findProcedure(await readRunbook(join(root, 'runbooks', file!)), procedure);
    }
    const files = named.filter((text) => /^[\w-]+\.md/.test(text) && text !== 'backup-log.md');
    const texts = await Promise.all(
      files.map((text) => readFile(join(root, 'runbooks', text.split('#')[0]!), 'utf8')),
    );
    for (const [, some] of ours.matchAll(/options? ((?:"[^"]+"(?:, | and )?)+)/g))
      for (const [, title] of some!.matchAll(/"([^"]+)"/g))
        expect(
          texts.some((text) => new RegExp(`^#+ Option [A-Z]: ${title}`, 'm').test(text)),
          `an option ${title} in ${files}`,
        ).toBe(true);
    for (const line of named.filter((text) => text.startsWith('drillbook ')))
      expect(commands.has(line.slice('drillbook '.length)), line).toBe(true);
    for (const flag of named.filter((text) => text.startsWith('--')).map((text) => text.split(' ')[0]!)) {
      const options = named
        .filter((text) => text.startsWith('drillbook '))
        .flatMap((line) => commands.get(line.slice('drillbook '.length))?.options ?? []);
      expect(
        options.map(({ long }) => long),
        `${flag} of ${ours}`,
      ).toContain(flag);
    }
    for (const [, id] of ours.matchAll(/the training `([^`]+)`/g))
      expect(scenarios.map((scenario) => scenario.id)).toContain(id);
  });

  test('its tests exist', async () => {
    const named = [...tested.matchAll(/`(test\/[^`]+)`(?: \(([^)]*)\))?/g)];
    expect(named.length).toBeGreaterThan(0);
    for (const [, path, names] of named) {
      const text = await readFile(join(root, path!), 'utf8');
      for (const name of names?.split('; ') ?? []) expect(text, `${path} › ${name}`).toContain(name);
    }
  });
});
