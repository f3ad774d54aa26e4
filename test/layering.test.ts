import { readdir, readFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { dirname, join, normalize, relative } from 'node:path';
import { expect, test } from 'vitest';

const src = new URL('../src', import.meta.url).pathname;

const pure = ['syntax', 'runbook', 'effects', 'run'];
const edge = ['execution', 'journal', 'incident', 'backup', 'drill', 'sandbox', 'settings', 'terminal'];

/** Room → the rooms that it may know. */
const mayKnow: Record<string, readonly string[]> = {
  syntax: [],
  runbook: ['syntax'],
  effects: ['syntax'],
  run: ['syntax', 'runbook', 'effects'],
  lint: ['syntax', 'runbook', 'effects', 'run'],
  ...Object.fromEntries(edge.map((room) => [room, [...pure, 'lint', ...edge]])),
  tui: [...pure, 'lint', 'terminal', 'incident'],
  plain: [...pure, 'lint', 'terminal', 'incident'],
  cli: [...pure, 'lint', ...edge, 'tui', 'plain'],
};

interface Import {
  readonly file: string;
  readonly room: string;
  readonly from: string;
}

async function imports(): Promise<readonly Import[]> {
  const files = (await readdir(src, { recursive: true })).filter((file) => /\.tsx?$/.test(file));
  const found = await Promise.all(
    files.map(async (file) => {
      const text = await readFile(join(src, file), 'utf8');
      const room = file.includes('/') ? file.split('/')[0]! : 'main';
      const code = text.replace(/\/\*[\s\S]*?\*\//g, '');
      const specifiers = [
        ...code.matchAll(/^\s*(?:import|export)\b[^;]*?\bfrom\s*'([^']+)'/gm),
        ...code.matchAll(/^\s*import\s*'([^']+)'/gm),
        ...code.matchAll(/\bimport\(\s*'([^']+)'/g),
      ];
      return specifiers.map((match) => ({ file, room, from: match[1]! }));
    }),
  );
  return found.flat();
}

function roomOf(use: Import): string | undefined {
  if (!use.from.startsWith('.')) return undefined;
  const path = normalize(join(dirname(use.file), use.from));
  return path.includes('/') ? path.split('/')[0] : 'main';
}

test('every room knows only the rooms that it may know', async () => {
  const wrong = (await imports()).flatMap((use) => {
    const room = roomOf(use);
    if (room === undefined || room === use.room || use.room === 'main') return [];
    return mayKnow[use.room]?.includes(room) ? [] : [`${use.file} imports ${use.from}`];
  });
  expect(wrong).toEqual([]);
});

test('the entry knows only the command line', async () => {
  const wrong = (await imports()).filter((use) => use.room === 'main' && roomOf(use) !== 'cli');
  expect(wrong).toEqual([]);
});

test('the pure rooms use no Node API and no React', async () => {
  const node = new Set(builtinModules);
  const wrong = (await imports()).filter(
    ({ room, from }) =>
      [...pure, 'lint'].includes(room) &&
      (from.startsWith('node:') || node.has(from) || /^(react|ink)\b/.test(from)),
  );
  expect(wrong).toEqual([]);
});

test('the screens and the plain front end neither spawn nor write', async () => {
  const doing =
    /^(node:child_process|node:fs|node:fs\/promises|node:net|node:http|execa|pg|@lydell\/node-pty)$/;
  const wrong = (await imports()).filter(
    ({ room, from }) => ['tui', 'plain'].includes(room) && doing.test(from),
  );
  expect(wrong).toEqual([]);
});

test('every import inside the house names its file with its ending, and the file is there', async () => {
  const files = new Set((await readdir(src, { recursive: true })).map((file) => file));
  const wrong = (await imports()).filter(
    (use) => use.from.startsWith('.') && !files.has(relative('.', join(dirname(use.file), use.from))),
  );
  expect(wrong).toEqual([]);
});
