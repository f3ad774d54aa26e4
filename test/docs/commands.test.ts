import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commandOf } from '../../src/cli/arguments.ts';
import { commands } from '../../src/cli/commands.ts';
import { product } from '../support/product.ts';
import { commandLinesOf, pages, root } from './page.ts';

/*
 * Every command line of the pages is parsed by the very commands and run by the product, in a project as the pages
 * describe it, with a run behind it. Those in a fence with {check=run} do what the page says; the others need a server, a
 * terminal or a store that is not there, and must say so like a command that was understood. What would go to another
 * network is only parsed.
 */

const lines = (
  await Promise.all(
    (
      await pages.list()
    ).map(async (page) => commandLinesOf(await pages.read(page)).map((one) => ({ page, ...one }))),
  )
).flat();

let entry: string;
let project: string;

beforeAll(async () => {
  entry = await product();
  project = await mkdtemp(join(tmpdir(), 'drillbook-docs-'));
  await mkdir(join(project, '.git'));
  await mkdir(join(project, 'docs/runbooks'), { recursive: true });
  await cp(join(root, 'runbooks/postgres-restore.md'), join(project, 'docs/runbooks/restore.md'));
  await writeFile(
    join(project, 'drillbook.yaml'),
    `shared: ./shared
targets:
  members-production:
    environment: production
    url: env:MEMBERS_DATABASE_URL
    store: ./backups
    drill:
      scratch: env:STAGING_URL
  members:
    environment: staging
    url: env:STAGING_URL
    store: ./backups
    drill:
      schedule: first Monday
`,
  );
});
afterAll(() => rm(project, { recursive: true, force: true }));

interface Ended {
  readonly code: number;
  readonly output: string;
}

function drillbook(args: readonly string[], timeout = 0): Promise<Ended> {
  const env = {
    PATH: process.env.PATH,
    HOME: project,
    DRILLBOOK_HOME: join(project, 'home'),
    MEMBERS_DATABASE_URL: 'postgresql://members@127.0.0.1:1/members',
    STAGING_URL: 'postgresql://members@127.0.0.1:1/members',
    BACKUP_DIR: join(project, 'backups'),
    LANG: 'C.UTF-8',
  };
  return new Promise((resolve) => {
    execFile(process.execPath, [entry, ...args], { cwd: project, env, timeout }, (error, out, err) =>
      resolve({
        code: typeof error?.code === 'number' ? error.code : error ? -1 : 0,
        output: `${out}${err}`,
      }),
    ).stdin?.end();
  });
}

test('there are command lines on the pages', () => {
  expect(lines.length).toBeGreaterThan(50);
  expect(lines.filter(({ check }) => check === 'run').length).toBeGreaterThan(15);
});

test('every command line of the pages parses', async () => {
  const wrong: string[] = [];
  for (const { page, words } of lines) {
    const named = commands.find(({ name }) => name === words[0]);
    // A file alone is a run of it.
    const { name, load } = named ?? commands.find((one) => one.name === 'run')!;
    const command = await commandOf(await load());
    parsesOnly(command);
    const args = named ? words.slice(1) : words;
    await command.parseAsync([...args], { from: 'user' }).catch((error: Error) => {
      wrong.push(`${page}: drillbook ${words.join(' ')} (${name}): ${error.message}`);
    });
  }
  expect(wrong).toEqual([]);
});

function parsesOnly(command: Command): void {
  command.action(() => undefined);
  command.exitOverride();
  command.configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
  for (const one of command.commands) parsesOnly(one);
}

test('the product has each of their commands', async () => {
  const { code, output } = await drillbook(['--help']);
  expect(code, output).toBe(0);
  for (const { words } of lines)
    if (commands.some(({ name }) => name === words[0]))
      expect(output).toMatch(new RegExp(`^ +${words[0]}\\b`, 'm'));
});

describe('run as they stand', () => {
  test.each(lines.filter(({ check }) => check === 'run').map((one) => [one.page, one.line, one] as const))(
    '%s: %s',
    async (_, line, { words, codes }) => {
      const { code, output } = await drillbook(words);
      expect(codes, `${line} ended with ${code}\n${output}`).toContain(code);
      expect(output).not.toMatch(/^\s+at .*\.js:\d+/m);
    },
  );
});

describe('understood by the product', () => {
  let finished: string;
  let stopped: string;
  /** Runs a runbook of one block, and gives the name of its run. */
  const runOf = async (name: string, more: string): Promise<string> => {
    const before = new Set(await readdir(join(project, 'home/state/runs')).catch(() => []));
    await writeFile(
      join(project, `${name}.md`),
      `# ${name}\n\n## Look\n\n\`\`\`bash\necho look\n\`\`\`\n${more}`,
    );
    await drillbook(['run', `${name}.md`, '--plain', '--mode', 'incident', '--yes']);
    return (await readdir(join(project, 'home/state/runs'))).find((run) => !before.has(run))!;
  };
  beforeAll(async () => {
    await cp(join(project, 'docs/runbooks/restore.md'), join(project, 'restore.md'));
    finished = await runOf('whole', '');
    stopped = await runOf('half', '\n- [ ] Somebody has looked\n');
  });
  // Another network; a drill that other tests hold on a real server; what goes on until somebody leaves; a terminal.
  const elsewhere = /s3:|--target sandbox|--speed|^drillbook (?:watch|docs\/)/;
  test.each(
    lines
      .filter(({ check, line }) => check !== 'run' && !elsewhere.test(line))
      .map((one) => [one.page, one.line, one] as const),
  )('%s: %s', async (_, line, { words }) => {
    const run = /^(?:resume|handover|watch)$/.test(words[0]!) ? stopped : finished;
    const given = words.map((word) => (word === 'k3f9' ? run : word));
    const { code, output } = await drillbook(given, 60_000);
    expect([0, 1, 3], `${line} ended with ${code}\n${output}`).toContain(code);
    expect(output).not.toMatch(/^\s+at .*\.js:\d+/m);
  });
});

test('README names every command', async () => {
  const readme = await pages.read('README.md');
  const table = readme.slice(readme.indexOf('## Commands'));
  const missing = commands.filter(({ name }) => !new RegExp(`[\`[ ]${name}[\`\\] ]`).test(table));
  expect(missing.map(({ name }) => name)).toEqual([]);
});
