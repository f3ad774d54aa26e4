import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lookAround } from '../../src/cli/init-look.ts';
import { proposalText } from '../../src/cli/init-proposal.ts';
import { productionSmells } from '../../src/settings/production-smell.ts';
import { parseProjectFile } from '../../src/settings/project-file.ts';
import { product } from '../support/product.ts';
import { openTerminal, type Terminal } from '../support/terminal.ts';

let folder: string;
let file: string;
let open: Terminal | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shop-'));
  file = join(folder, 'drillbook.yaml');
  await mkdir(join(folder, '.git'));
  await writeFile(join(folder, '.git', 'HEAD'), 'ref: refs/heads/main\n');
  await mkdir(join(folder, 'docs', 'runbooks'), { recursive: true });
  await writeFile(join(folder, 'docs', 'runbooks', 'restore.md'), '# Restore\n');
  await writeFile(
    join(folder, '.env'),
    '# local\nexport DATABASE_URL=postgres://me:hush@localhost/shop\nREDIS_URL=redis://hush\n',
  );
  await writeFile(join(folder, '.env.production'), 'PROD_DATABASE_URL=postgres://hush\n');
  await writeFile(
    join(folder, 'compose.yaml'),
    'services:\n  app:\n    environment:\n      - REPORTS_DB_URL=postgres://hush\n  db:\n    environment:\n      POSTGRES_PASSWORD: hush\n',
  );
  await writeFile(
    join(folder, 'render.yaml'),
    'services:\n  - envVars:\n      - key: AUDIT_POSTGRES_URL\n        value: hush\n',
  );
});
afterEach(async () => {
  await open?.close();
  open = undefined;
  await rm(folder, { recursive: true, force: true });
});

/** An environment of nobody in particular. */
function environment(): Record<string, string> {
  return { PATH: process.env.PATH ?? '', HOME: folder, DRILLBOOK_HOME: join(folder, '.home') };
}

async function init(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const entry = await product();
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [entry, 'init', ...args],
      { cwd: folder, env: environment() },
      (error, out, err) =>
        resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, out, err }),
    );
  });
}

async function atTerminal(env: Record<string, string> = {}): Promise<Terminal> {
  open = openTerminal({
    columns: 100,
    rows: 60,
    command: process.execPath,
    args: [await product(), 'init'],
    cwd: folder,
    env: { ...environment(), ...env },
  });
  return open;
}

test('finds names, never values, and smells production', async () => {
  const around = await lookAround(folder, { PATH: '', STAGING_DATABASE_URL: 'hush' });
  expect(JSON.stringify(around)).not.toContain('hush');
  expect(around).toMatchObject({
    root: folder,
    branch: 'main',
    existing: undefined,
    runbooks: ['docs/runbooks'],
    tags: ['docker', 'render'],
  });
  expect(around.others).toContain('REDIS_URL');
  const found = Object.fromEntries(around.databases.map((one) => [one.variable, one]));
  expect(Object.keys(found).sort()).toEqual([
    'AUDIT_POSTGRES_URL',
    'DATABASE_URL',
    'PROD_DATABASE_URL',
    'REPORTS_DB_URL',
    'STAGING_DATABASE_URL',
  ]);
  expect(found.DATABASE_URL).toMatchObject({ where: '.env', smells: [] });
  expect(found.PROD_DATABASE_URL!.smells.join()).toMatch(/\.env\.production.*PROD_DATABASE_URL/);
  expect(found.STAGING_DATABASE_URL!.smells.join()).toContain('branch main');
  expect(found.REPORTS_DB_URL!.name).toBe('reports');
});

test('a file that was proposed is one that can be used, and nobody is production by it', async () => {
  const around = await lookAround(folder, { PATH: '' });
  const none = around.databases.map((found) => ({ found, environment: undefined }));
  expect(parseProjectFile('x', proposalText(around, none))).toMatchObject({
    targets: {},
    runbooks: ['docs/runbooks'],
  });
  const all = around.databases.map((found) => ({ found, environment: 'staging' as const }));
  expect(Object.keys(parseProjectFile('x', proposalText(around, all)).targets)).toHaveLength(4);
  const nothing = { ...around, databases: [], tags: [] };
  expect(parseProjectFile('x', proposalText(nothing, [])).targets).toEqual({});
});

test('what is proposed as a comment can be used when the marks are taken away', async () => {
  const around = await lookAround(folder, { PATH: '' });
  const text = proposalText(
    around,
    around.databases.map((found) => ({ found, environment: undefined })),
  );
  const answered = text
    .replaceAll(/^ {2}# (?!Say)/gm, '  ')
    .replaceAll(/environment: \?/g, 'environment: local');
  expect(Object.keys(parseProjectFile('x', answered).targets)).toHaveLength(around.databases.length);
});

test('a name within a value of several lines is none, and a folder of loose files is one of runbooks', async () => {
  const odd = await mkdtemp(join(tmpdir(), 'drillbook-odd-'));
  try {
    await writeFile(
      join(odd, '.env'),
      `NOTE="first\nFAKE_DATABASE_URL=x\n" # why\nexport A_DATABASE_URL='y'\nQUOTE=it's\nB_DB_URL="z"\n`,
    );
    await writeFile(join(odd, 'restore.md'), '# Restore\n');
    await writeFile(join(odd, 'README.md'), '# Odd\n');
    const around = await lookAround(odd, { PATH: '' });
    expect(around.databases.map(({ variable }) => variable)).toEqual(['A_DATABASE_URL', 'B_DB_URL']);
    expect(around.runbooks).toEqual(['.']);
    await rm(join(odd, 'restore.md'));
    expect((await lookAround(odd, { PATH: '' })).runbooks).toEqual([]);
  } finally {
    await rm(odd, { recursive: true, force: true });
  }
});

test.each([
  [{ name: 'shop-prod' }, 'prod'],
  [{ url: 'env:PROD_URL' }, 'PROD'],
  [{ url: 'postgres://u@db.abc.eu-west-1.rds.amazonaws.com/x' }, 'rented'],
  [{ url: 'postgres://u@live-db.example.org/x' }, 'live'],
  [{ url: 'postgres://u@10.0.0.1/members_production' }, 'production'],
  [{ branch: 'release/2.0' }, 'release'],
])('%j smells', (scent, word) => {
  expect(productionSmells(scent).join()).toContain(word);
});

test.each([
  [{ name: 'products' }],
  [{ name: 'delivery' }],
  [{ url: 'postgres://u@localhost/shop' }],
  [{ branch: 'fix/live-view' }],
  [{}],
])('%j does not', (scent) => {
  expect(productionSmells(scent)).toEqual([]);
});

test('without a terminal it prints, or writes what was said and leaves the rest a comment', async () => {
  expect(await init()).toMatchObject({ code: 3, out: '' });
  const printed = await init('--print');
  expect(printed).toMatchObject({ code: 0, err: '' });
  expect(await readdir(folder)).not.toContain('drillbook.yaml');
  const written = await init('--yes', '--environment', 'DATABASE_URL=local');
  expect(written).toMatchObject({ code: 0, out: `${file}\n` });
  expect(written.err).toContain('3 found without an environment');
  const text = await readFile(file, 'utf8');
  expect(text).not.toContain('hush');
  const { targets } = parseProjectFile(file, text);
  expect(Object.values(targets)).toMatchObject([{ environment: 'local', url: 'env:DATABASE_URL' }]);
  expect((await readdir(folder)).filter((name) => name.includes('.new'))).toEqual([]);
  const again = await init('--yes', '--environment', 'DATABASE_URL=local');
  expect(again).toMatchObject({ code: 0, out: '' });
  const other = await init('--yes');
  expect(other).toMatchObject({ code: 3, out: '' });
  expect(await readFile(file, 'utf8')).toBe(text);
});

test('a word that is no environment, and a variable that is not there, are refused', async () => {
  expect(await init('--yes', '--environment', 'DATABASE_URL=sandbox')).toMatchObject({ code: 2 });
  expect(await init('--yes', '--environment', 'NOWHERE_URL=local')).toMatchObject({ code: 2 });
  expect(await readdir(folder)).not.toContain('drillbook.yaml');
});

test('a person is asked what each database is, has no default where it smells, and Enter writes', async () => {
  const terminal = await atTerminal();
  await terminal.see('Only names were read');
  await terminal.see(/\.env\n[\s\S]*production \/ staging \/ \[local\] \/ later:/);
  terminal.press('enter');
  await terminal.see(
    /PROD_DATABASE_URL, named in[\s\S]*is it production\?[\s\S]*production \/ staging \/ local \/ later: *$/,
  );
  terminal.press('enter');
  await terminal.see('One of production, staging, local');
  terminal.type('prod\r');
  await terminal.see('reports: REPORTS_DB_URL');
  terminal.type('later\r');
  await terminal.see('audit: AUDIT_POSTGRES_URL');
  terminal.type('s\r');
  await terminal.see('Enter writes it');
  terminal.press('enter');
  await terminal.see('Wrote drillbook.yaml');
  expect(await terminal.exited()).toMatchObject({ code: 0 });
  const { targets } = parseProjectFile(file, await readFile(file, 'utf8'));
  expect(
    Object.entries(targets)
      .map(([name, one]) => [name, one.environment])
      .slice(1),
  ).toEqual([
    ['prod', 'production'],
    ['audit', 'staging'],
  ]);
});

test('a file that is there is replaced by a typed word alone, after its difference was shown', async () => {
  const before = 'targets: {}\n# mine\n';
  for (const [answer, written] of [
    ['', false],
    ['yes', false],
    ['replace', true],
  ] as const) {
    await rm(join(folder, '.env'), { force: true });
    await rm(join(folder, '.env.production'), { force: true });
    await rm(join(folder, 'compose.yaml'), { force: true });
    await rm(join(folder, 'render.yaml'), { force: true });
    await writeFile(file, before);
    await chmod(file, 0o640);
    const terminal = await atTerminal();
    await terminal.see('Type replace to replace it');
    expect(terminal.scrollback()).toContain('-# mine');
    terminal.type(`${answer}\r`);
    await terminal.see(written ? 'Wrote' : 'Nothing was written');
    await terminal.exited();
    await terminal.close();
    expect((await readFile(file, 'utf8')) === before).toBe(!written);
  }
});

test('a job of a CI is no person, whatever terminal it gives', async () => {
  const terminal = await atTerminal({ CI: 'true' });
  await terminal.see('there is no terminal to ask at');
  expect(await terminal.exited()).toMatchObject({ code: 3 });
});

test('Ctrl+C and q leave without writing; e edits in $EDITOR, and what cannot be used is not written', async () => {
  for (const name of ['.env', '.env.production', 'compose.yaml', 'render.yaml']) await rm(join(folder, name));
  const editor = join(folder, 'editor');
  await writeFile(editor, '#!/bin/sh\nprintf "targets: 7\\n" > "$1"\n');
  await chmod(editor, 0o755);
  const terminal = await atTerminal({ EDITOR: editor });
  await terminal.see('Enter writes it');
  terminal.type('e\r');
  await terminal.see('That cannot be used');
  terminal.press('enter');
  await terminal.see('and is not written');
  terminal.type('q\r');
  await terminal.see('Nothing was written');
  await terminal.exited();
  await terminal.close();
  const second = await atTerminal();
  await second.see('Enter writes it');
  second.press('ctrl+c');
  expect(await second.exited()).toMatchObject({ code: 130 });
  expect(await readdir(folder)).not.toContain('drillbook.yaml');
});
