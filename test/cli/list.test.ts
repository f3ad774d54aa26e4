import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { product } from '../support/product.ts';

let folder: string;
let entry: string;

beforeAll(async () => {
  entry = await product();
  folder = await mkdtemp(join(tmpdir(), 'drillbook-list-'));
  await mkdir(join(folder, 'docs'));
  const block = (command: string) => `\`\`\`bash\n${command}\n\`\`\`\n`;
  await writeFile(
    join(folder, 'docs/restore.md'),
    `# Restore the shop\n\n**Severity**: P1\n**Owner**: Platform\n\n## Restore\n\n${block('pg_restore -d app app.dump')}`,
  );
  await writeFile(
    join(folder, 'docs/cache.md'),
    `# Cache \u001b]0;title\u0007is full\n\n## Clear it\n\n${block('redis-cli flushall')}`,
  );
  await writeFile(join(folder, 'docs/binary.md'), Buffer.from([0, 1, 2]));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function list(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    const env = { ...process.env, DRILLBOOK_HOME: join(folder, 'home') };
    execFile(process.execPath, [entry, 'list', ...args], { cwd: folder, env }, (error, out, err) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, out, err }),
    );
  });
}

test('lists what is in a folder, with what is known, and tells what is left out', async () => {
  const { code, out, err } = await list('docs');
  expect(code).toBe(0);
  expect(out).toMatch(/^Cache is full +1 procedure · /);
  expect(out).toMatch(
    /^Restore the shop +P1 · 1 procedure · .*Platform · never run\n {2}docs\/restore\.md$/m,
  );
  expect(out).not.toContain('\u001b');
  expect(err).toMatch(/left out docs\/binary\.md: .*binary/);
});

test('searches titles, headings and commands, the same from the cache', async () => {
  for (const _ of [1, 2]) {
    const { code, out } = await list('docs', '--search', 'flushal');
    expect(code).toBe(0);
    expect(out).toContain('command: redis-cli [flushal]l');
    expect(out).not.toContain('Restore the shop');
  }
});

test('a search without a result fails and says so', async () => {
  const { code, out, err } = await list('docs', '--search', 'kubernetes');
  expect(code).toBe(1);
  expect(out).toBe('');
  expect(err).toContain('No runbook has kubernetes');
});

test('gives JSON', async () => {
  const { out } = await list('docs', '--json', '--search', 'restore');
  expect(JSON.parse(out)).toMatchObject({
    schema: 1,
    runbooks: [
      {
        path: join(folder, 'docs/restore.md'),
        title: 'Restore the shop',
        severity: 'P1',
        procedures: [{ id: 'restore' }],
        match: { where: 'title' },
      },
    ],
    skipped: [{ path: join(folder, 'docs/binary.md') }],
  });
});

test('without a folder, the runbooks that ship are there', async () => {
  const { code, out } = await list();
  expect(code).toBe(0);
  expect(out).toContain('postgres-restore.md');
});

test('a folder that is not there is a fault of usage', async () => {
  const { code, err } = await list('missing');
  expect(code).toBe(2);
  expect(err).toContain('there is no folder missing');
});

test('files that lie about in no folder of runbooks are hinted at, those about the project are not', async () => {
  await writeFile(join(folder, 'README.md'), '# Shop\n');
  await writeFile(join(folder, 'CODE_OF_CONDUCT.md'), '# Be kind\n');
  expect((await list()).err).not.toContain('in no folder of runbooks');
  for (const name of ['one.md', 'two.md'])
    await writeFile(join(folder, name), '# Look\n\n```bash\nls\n```\n');
  const { out, err } = await list();
  expect(err).toContain(
    '2 Markdown files lie here, in no folder of runbooks. drillbook list . shows what they hold; drillbook init takes them in.',
  );
  expect(out).not.toContain('one.md');
  expect((await list('.')).err).not.toContain('in no folder of runbooks');
  await writeFile(join(folder, 'drillbook.yaml'), 'runbooks:\n  - .\n');
  const taken = await list();
  expect(taken.out).toContain('one.md');
  expect(taken.err).not.toContain('in no folder of runbooks');
});
