import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commandOf } from '../../src/cli/arguments.ts';
import { type CommandNode, commandTree } from '../../src/cli/command-tree.ts';
import { commands } from '../../src/cli/commands.ts';
import { examples } from '../../src/cli/examples.ts';
import { manualPage } from '../../src/cli/manual.ts';
import { product } from '../support/product.ts';

let folder: string;
let entry: string;
let tree: readonly CommandNode[];

beforeAll(async () => {
  entry = await product();
  folder = await mkdtemp(join(tmpdir(), 'drillbook-help-'));
  tree = await commandTree();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function drillbook(args: readonly string[], env: Record<string, string> = {}) {
  return new Promise<{ code: number; out: string; err: string }>((resolve) => {
    execFile(
      process.execPath,
      [entry, ...args],
      { cwd: folder, env: { ...process.env, DRILLBOOK_HOME: join(folder, 'home'), ...env } },
      (error, out, err) =>
        resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, out, err }),
    );
  });
}

function all(nodes: readonly CommandNode[]): readonly CommandNode[] {
  return nodes.flatMap((node) => [node, ...all(node.commands)]);
}

/** Words as a shell has them; enough for examples, which hold quotes and nothing else. */
function wordsOf(line: string): readonly string[] {
  return [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c ?? '');
}

test('every command has examples, and no example is of a command that is not there', () => {
  const known = all(tree).map(({ words }) => words);
  expect(all(tree).flatMap(({ words, examples: own }) => (own.length === 0 ? [words] : []))).toEqual([]);
  expect(Object.keys(examples).filter((words) => !known.includes(words))).toEqual([]);
});

test('every example parses, and is of the command that it stands at', async () => {
  const wrong: string[] = [];
  for (const { name, load } of commands) {
    const lines = Object.entries(examples).filter(([words]) => words.split(' ')[0] === name);
    for (const [words, own] of lines)
      for (const [line] of own) {
        const [, given = ''] = /drillbook ([^|)]*)/.exec(line) ?? [];
        const args = wordsOf(given);
        if (!given.startsWith(words) && !words.startsWith(args[0]!)) wrong.push(`${words}: ${line}`);
        const command = await commandOf(await load());
        parsesOnly(command);
        await command.parseAsync(args.slice(1), { from: 'user' }).catch((error: Error) => {
          wrong.push(`${line}: ${error.message}`);
        });
      }
  }
  expect(wrong).toEqual([]);
});

function parsesOnly(command: Command): void {
  command.action(() => undefined);
  command.exitOverride();
  for (const one of command.commands) parsesOnly(one);
}

test('an example with a flag that is not there would be seen', async () => {
  const { load } = commands.find(({ name }) => name === 'list')!;
  const command = await commandOf(await load());
  parsesOnly(command);
  await expect(command.parseAsync(['--serach', 'x'], { from: 'user' })).rejects.toThrow('--serach');
});

test('--help and help say the same, with examples, wherever the settings stand', async () => {
  const [by, of, inner] = await Promise.all([
    drillbook(['backup', 'restore', '--help']),
    drillbook(['help', 'backup', 'restore']),
    drillbook(['target', '--help'], { DRILLBOOK_HOME: '/dev/null/nowhere' }),
  ]);
  expect(by.code).toBe(0);
  expect(by.out).toContain('Examples:\n  drillbook backup restore latest --plan');
  expect(of).toEqual(by);
  expect(inner).toMatchObject({ code: 0, err: '' });
});

test('the help of the program names every command, every exit code and the environment', async () => {
  const { out } = await drillbook(['--help']);
  for (const { name, summary } of commands)
    expect(out).toMatch(new RegExp(`^ {2}${name} +${summary.slice(0, 20)}`, 'm'));
  for (const code of [0, 1, 2, 3, 130]) expect(out).toMatch(new RegExp(`^ {2}${code} +\\w`, 'm'));
  for (const name of ['NO_COLOR', 'PAGER', 'EDITOR', 'CI', 'DRILLBOOK_HOME']) expect(out).toContain(name);
  expect((await drillbook(['help'])).out).toBe(out);
  expect(await drillbook(['help', 'nonsense'])).toMatchObject({ code: 2, out: '' });
});

test('the manual page has every command and flag, and the package ships it', async () => {
  const page = await readFile(join(dirname(entry), 'man', 'drillbook.1'), 'utf8');
  expect(page).toBe((await drillbook(['help', '--man'])).out);
  const { man, files } = JSON.parse(
    await readFile(join(import.meta.dirname, '..', '..', 'package.json'), 'utf8'),
  );
  expect(man).toBe('./dist/man/drillbook.1');
  expect(files).toContain('dist');
  for (const { words, options } of all(tree)) {
    expect(page).toContain(`.SS drillbook ${words.replaceAll('-', '\\-')}`);
    for (const { flags } of options) expect(page).toContain(flags.replaceAll('-', '\\-'));
  }
});

test('roff reads nothing into the words of the manual page', () => {
  const page = manualPage(
    [
      {
        words: 'x',
        name: 'x',
        summary: ".dots 'and' \\n back",
        arguments: [],
        options: [],
        examples: [],
        commands: [],
      },
    ],
    '1.0',
  );
  expect(page).toContain('\\&.dots \\(aqand\\(aq \\en back.');
});

test('groff formats it without a complaint', async ({ skip }) => {
  const groff = await new Promise<string | undefined>((resolve) => {
    execFile(
      'groff',
      ['-man', '-Tutf8', '-ww', join(dirname(entry), 'man', 'drillbook.1')],
      { maxBuffer: 16 * 1024 * 1024 },
      (error, _, err) => resolve(error ? undefined : err),
    );
  });
  if (groff === undefined) skip('groff is not installed');
  expect(groff).toBe('');
});

test('a version for bug reports names tools and targets, and no value', async () => {
  const { code, out } = await drillbook(['--version', '--verbose'], {
    DATABASE_URL: 'postgres://x:hush@h/d',
  });
  expect(code).toBe(0);
  for (const name of ['drillbook', 'node', 'platform', 'terminal', 'tools', 'targets'])
    expect(out).toMatch(new RegExp(`^${name} +\\S`, 'm'));
  expect(out).not.toContain('hush');
});
