import { execFile } from 'node:child_process';
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type LibraryEntry, type LibraryOptions, readLibrary } from '../../src/cli/library.ts';
import type { Skipped } from '../../src/cli/library-walk.ts';
import type { RunSummary } from '../../src/journal/glance.ts';

let folder: string;
const runbook = (title: string) =>
  `# ${title}\n\n## Do it\n\n1. Look:\n\n   \`\`\`bash\n   ls -l\n   \`\`\`\n`;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drillbook-library-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function put(path: string, content: string | Uint8Array): Promise<string> {
  const full = join(folder, path);
  await mkdir(dirname(full), { recursive: true });
  await writeFile(full, content);
  return full;
}

async function read(options: LibraryOptions = {}, places = [join(folder, 'docs')]) {
  const entries: LibraryEntry[] = [];
  const skipped: Skipped[] = [];
  const reading = await readLibrary(places, (entry) => entries.push(entry), {
    cache: join(folder, 'cache'),
    reading: 'this program',
    onSkip: (one) => skipped.push(one),
    ...options,
  });
  return { ...reading, entries, skipped, titles: entries.map((entry) => entry.title).sort() };
}

const cacheFile = () => join(folder, 'cache', 'library.ndjson');

describe('a library', () => {
  test('has the runbooks of several folders and files, each once', async () => {
    await put('docs/a.md', runbook('A'));
    await put('docs/deep/er/b.markdown', runbook('B'));
    await put('docs/prose.md', '# Only words\n\nNothing to do.\n');
    await put('docs/notes.txt', runbook('Not Markdown'));
    const single = await put('other/c.md', runbook('C'));
    const places = [join(folder, 'docs'), join(folder, 'docs/deep'), single, join(folder, 'missing')];
    const { titles, skipped } = await read({}, places);
    expect(titles).toEqual(['A', 'B', 'C']);
    expect(skipped).toEqual([]);
  });

  test('leaves out packages, hidden folders and what git keeps, but not an installed Drillbook', async () => {
    for (const name of ['node_modules/x', 'vendor/x', '.git', '.github', 'sub/node_modules'])
      await put(`docs/${name}/a.md`, runbook(name));
    await put('node_modules/drillbook/runbooks/a.md', runbook('Shipped'));
    const places = [join(folder, 'docs'), join(folder, 'node_modules/drillbook/runbooks')];
    expect((await read({}, places)).titles).toEqual(['Shipped']);
  });

  test('follows links without going in circles, and tells those that lead nowhere', async () => {
    await put('docs/a.md', runbook('A'));
    await put('elsewhere/b.md', runbook('B'));
    await symlink('..', join(folder, 'docs/up'));
    await symlink('.', join(folder, 'docs/self'));
    await symlink('../elsewhere', join(folder, 'docs/there'));
    await symlink('a.md', join(folder, 'docs/again.md'));
    await symlink('nowhere.md', join(folder, 'docs/broken.md'));
    await symlink('circle.md', join(folder, 'docs/circle.md'));
    const { titles, skipped } = await read();
    expect(titles).toEqual(['A', 'B']);
    expect(skipped.map(({ path }) => path).sort()).toEqual([
      join(folder, 'docs/broken.md'),
      join(folder, 'docs/circle.md'),
    ]);
  });

  test('tells what it cannot read, and reads the rest', async () => {
    await put('docs/good.md', runbook('Good'));
    await put('docs/binary.md', Buffer.from([0x7f, 0x45, 0, 1, 2]));
    await put('docs/empty.md', '\n');
    await promisify(execFile)('mkfifo', [join(folder, 'docs/pipe.md')]);
    const { titles, skipped } = await read();
    expect(titles).toEqual(['Good']);
    expect(skipped.map(({ path, why }) => `${path.slice(folder.length)} ${why}`).sort()).toEqual([
      expect.stringMatching(/binary\.md .*binary/),
      expect.stringMatching(/empty\.md .*empty/),
    ]);
  });

  test.skipIf(process.getuid?.() === 0)('tells a file that it may not read', async () => {
    const locked = await put('docs/locked.md', runbook('Locked'));
    await chmod(locked, 0);
    expect((await read()).skipped).toEqual([{ path: locked, why: 'this user may not read it' }]);
  });

  test('reads text that is not UTF-8', async () => {
    await put('docs/latin.md', Buffer.from(runbook('Wiederherstellung für alle'), 'latin1'));
    expect((await read()).titles).toEqual(['Wiederherstellung f\ufffdr alle']);
  });

  test('knows age, findings, owner and last run', async () => {
    const path = await put(
      'docs/a.md',
      '# A\n\n**Owner**: Platform\n**Last Updated**: 2026-01-10\n\n## Load\n\n```bash\npsql app < dump.sql\n```\n',
    );
    const run = (startedAt: string, extra: Partial<RunSummary>) =>
      ({
        id: startedAt,
        folder,
        runbook: path,
        startedAt,
        status: 'finished',
        ...extra,
      }) satisfies RunSummary;
    const runs = [
      run('2026-01-18T00:00:00.000Z', { mode: 'preview', outcome: 'passed' }),
      run('2026-01-12T00:00:00.000Z', { mode: 'drill', outcome: 'failed' }),
      run('2026-01-11T00:00:00.000Z', { mode: 'drill', outcome: 'passed' }),
    ];
    const { entries } = await read({ runs, now: new Date('2026-01-20T12:00:00Z') });
    expect(entries).toMatchObject([
      {
        path,
        owner: 'Platform',
        updated: '2026-01-10',
        age: 10,
        lastRun: '2026-01-12T00:00:00.000Z',
        lastOutcome: 'failed',
      },
    ]);
    expect(entries[0]!.findings).toBeGreaterThan(0);
  });

  test('stops where it is told to', async () => {
    for (let at = 0; at < 40; at++) await put(`docs/${at}.md`, runbook(`R${at}`));
    const stop = new AbortController();
    const seen: string[] = [];
    await readLibrary(
      [join(folder, 'docs')],
      (entry) => {
        seen.push(entry.title);
        stop.abort();
      },
      { cache: join(folder, 'cache'), reading: 'this program', signal: stop.signal },
    );
    expect(seen).toHaveLength(1);
    // What was read until then need not be read again.
    expect((await read()).known).toBeGreaterThanOrEqual(1);
  });

  test('lets other work go on while a document is parsed', async () => {
    await put('docs/large.md', runbook('Large').repeat(3000));
    let turns = 0;
    let reading = true;
    const turn = () => {
      turns++;
      if (reading) setImmediate(turn);
    };
    setImmediate(turn);
    await read();
    reading = false;
    // A parse on this thread would leave a turn or two a document.
    expect(turns).toBeGreaterThan(200);
  });
});

describe('the cache of a library', () => {
  test('knows documents by their content, wherever they lie and whatever their time', async () => {
    const path = await put('docs/a.md', runbook('A'));
    expect(await read()).toMatchObject({ parsed: 1, known: 0 });
    await utimes(path, 0, 0);
    await put('docs/copy.md', runbook('A'));
    const again = await read();
    expect(again).toMatchObject({ parsed: 0, known: 2 });
    expect(again.entries[0]).toMatchObject({ path, title: 'A', procedures: 1 });
  });

  test('a change of the same length at the same time is read', async () => {
    const path = await put('docs/a.md', runbook('A'));
    const { atime, mtime } = await stat(path);
    await read();
    await put('docs/a.md', runbook('B'));
    await utimes(path, atime, mtime);
    expect((await read()).titles).toEqual(['B']);
  });

  test('gives the same entries as reading does', async () => {
    await put('docs/a.md', `${runbook('A')}\n\n## Troubleshooting\n\n### It fails\n\nRun \`ls\`.\n`);
    const now = new Date();
    expect((await read({ now })).entries).toEqual((await read({ now })).entries);
  });

  test.each([
    ['is cut off', (text: string) => text.slice(0, text.length - 40)],
    ['is not ours', () => 'something else\n'],
    ['is of another program', (text: string) => text.replace('"reading":"', '"reading":"older ')],
    ['is empty', () => ''],
    ['has lines of another shape', (text: string) => text.replaceAll('"headings"', '"heads"')],
    ['is bytes', () => '\0\u0001\ufffd'.repeat(1000)],
  ])('that %s is ignored and made again', async (_, damage) => {
    await put('docs/a.md', runbook('A'));
    await read();
    await writeFile(cacheFile(), damage(await readFile(cacheFile(), 'utf8')));
    const again = await read();
    expect(again).toMatchObject({ parsed: 1, known: 0, titles: ['A'] });
    expect(await read()).toMatchObject({ parsed: 0, known: 1 });
  });

  test('that cannot be written is done without', async () => {
    await put('docs/a.md', runbook('A'));
    await put('cache', 'a file where the folder would be');
    expect((await read()).titles).toEqual(['A']);
    expect((await read()).titles).toEqual(['A']);
  });

  test('of several processes has what each of them read, and no leftovers', async () => {
    const names = ['a', 'b', 'c', 'd'];
    for (const name of names) await put(`docs/${name}/x.md`, runbook(name));
    await read({}, []);
    await Promise.all(names.map((name) => read({}, [join(folder, 'docs', name)])));
    expect(await readdir(join(folder, 'cache'))).toEqual(['library.ndjson']);
    const [header, ...lines] = (await readFile(cacheFile(), 'utf8')).trimEnd().split('\n');
    expect(JSON.parse(header!)).toMatchObject({ drillbook: 'library' });
    for (const line of lines) expect(JSON.parse(line)).toMatchObject({ catalogue: { procedures: [{}] } });
    // Two that write at the same moment may miss one another's; the next reading has all again.
    expect((await read()).titles).toEqual(names);
    expect(await read()).toMatchObject({ parsed: 0, known: names.length });
  });

  test('may be read by its owner alone', async () => {
    await put('docs/a.md', runbook('A'));
    await read();
    expect((await stat(cacheFile())).mode & 0o777).toBe(0o600);
    expect((await stat(dirname(cacheFile()))).mode & 0o777).toBe(0o700);
  });
});
