import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { entryOf } from '../../src/incident/entry.ts';
import { htmlOf, replayOf } from '../../src/incident/html.ts';
import { framesOf } from '../../src/incident/html-frames.ts';
import { htmlOfMarkdown } from '../../src/incident/html-text.ts';
import { markdownOf } from '../../src/incident/markdown.ts';
import { failedVerification, Story, success } from './restore-run.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drillbook-html-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const hostile = '</script><script>alert(1)</script><img src="http://evil.example/x" onerror=alert(2)>';
const header = { version: 3, term: { cols: 60, rows: 6 } };

async function cast(...events: readonly (readonly [number, string, string])[]): Promise<string> {
  const path = join(folder, 'run.cast');
  await writeFile(path, [header, ...events].map((line) => `${JSON.stringify(line)}\n`).join(''));
  return path;
}

/** The tags of a page that could load or run something. */
function active(page: string): readonly string[] {
  return (page.match(/<(?:script|img|iframe|link|object|embed|base|form|video|audio|source)\b[^>]*>/gi) ?? [])
    .map((tag) => tag.toLowerCase())
    .sort();
}

describe('the page of an incident', () => {
  it('refers to nothing outside of itself and runs nothing but its own player', async () => {
    await cast([0.1, 'm', '1 Pre-checks'], [0.2, 'o', 'hello\r\n']);
    const page = htmlOf({
      entry: entryOf(success().events, new Date()),
      replay: await replayOf(folder),
    });
    expect(active(page)).toEqual(['<script type="application/json" id="recording">', '<script>']);
    expect(page).not.toMatch(/(?:src|href)\s*=\s*["']?(?!https?:|mailto:)\S/i);
    expect(page).not.toMatch(/@import|url\(|\son\w+\s*=\s*["']|style="/i);
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)![1]!;
    expect(policy).toContain("default-src 'none'");
    for (const tag of ['style', 'script']) {
      const text = new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(page)![1]!;
      expect(policy).toContain(`'sha256-${createHash('sha256').update(text).digest('base64')}'`);
    }
  });

  it('has the entry, its steps on a time axis, and its proof', () => {
    const entry = entryOf(failedVerification().events, new Date());
    const page = htmlOf({ entry });
    expect(page).toContain('<h1>Drill: Restore to production – failed</h1>');
    expect(page.match(/<rect class="bar /g)).toHaveLength(
      entry.steps.filter((step) => step.enteredAt !== undefined).length,
    );
    expect(page).toMatch(/class="bar failed"[\s\S]*?, failed/);
    expect(page).toContain(entry.chain.hash);
    expect(page).not.toContain('id="recording"');
    expect(page).toContain("script-src 'none'");
  });

  it('keeps hostile text text, wherever it stands', async () => {
    await cast([0, 'm', hostile], [0.2, 'o', `${hostile}\r\n`]);
    const story = new Story().upToTerminate();
    story.say({ type: 'note-added', text: hostile });
    const made = entryOf(story.events, new Date());
    const entry = { ...made, title: hostile, run: `x"><script>${made.run}`, version: hostile };
    for (const markdown of [
      undefined,
      `${markdownOf(entry)}\n\n${hostile}\n\n[x](javascript:alert(3))\n\n![y](http://evil.example/z)\n`,
    ]) {
      const page = htmlOf({ entry, markdown, replay: await replayOf(folder) });
      expect(active(page)).toEqual(['<script type="application/json" id="recording">', '<script>']);
      expect(page).not.toMatch(/href="javascript/i);
      expect(page).toContain('&lt;img src=');
      const data = /id="recording">([\s\S]*?)<\/script>/.exec(page)![1]!;
      expect(data).not.toContain('<');
      expect(JSON.stringify(JSON.parse(data))).toContain('alert(1)');
    }
  });

  it('names what the recording marks by the titles and captions of the run', async () => {
    await cast([0, 'm', 'look'], [0.2, 'o', 'accepting connections\r\n']);
    const page = htmlOf({ entry: entryOf(success().events, new Date()), replay: await replayOf(folder) });
    const { frames } = JSON.parse(/id="recording">([\s\S]*?)<\/script>/.exec(page)![1]!);
    expect(frames[0].mark).toBe('Pre-checks: The server answers');
  });

  it('masks what looks like a secret, in the entry as in the recording', async () => {
    await cast([0.2, 'o', 'postgres://ana:hunter2hunter@db/members PGPASSWORD=opensesame1\r\n']);
    const entry = entryOf(success().events, new Date());
    const markdown = `${markdownOf(entry)}\nAdded: postgres://ana:hunter2hunter@db/members PGPASSWORD=opensesame1\n`;
    const page = htmlOf({ entry, markdown, replay: await replayOf(folder) });
    expect(page).not.toMatch(/hunter2hunter|opensesame1/);
    expect(page).toContain('Added: postgres');
  });
});

describe('the recording as screens', () => {
  const plainly = (text: string) => text;

  it('is what a terminal shows: rewritten lines, colours, steps, and only the rows that changed', async () => {
    const path = await cast(
      [0.5, 'm', '1 Pre-checks'],
      [0.5, 'o', 'first\r\n10%'],
      [1, 'o', '\r\u001B[31m100%\u001B[0m done\r\n'],
      [1, 'o', '\u001B]0;title\u0007\u001B[2J\u001B[Hlast'],
    );
    const { columns, rows, frames, cut } = await framesOf(path, plainly);
    expect({ columns, rows, cut }).toEqual({ columns: 60, rows: 6, cut: false });
    expect(frames.map(({ at }) => at)).toEqual([1, 2, 3]);
    expect(frames[0]).toMatchObject({
      mark: '1 Pre-checks',
      rows: [
        [0, [['first', '']]],
        [1, [['10%', '']]],
      ],
    });
    expect(frames[1]!.rows).toEqual([
      [
        1,
        [
          ['100%', 'c1'],
          [' done', ''],
        ],
      ],
    ]);
    expect(frames[2]!.rows).toEqual([
      [0, [['last', '']]],
      [1, []],
    ]);
  });

  it('puts what comes in a burst into one look', async () => {
    const path = await cast(...Array.from({ length: 200 }, (_, at) => [0.001, 'o', `${at}\r\n`] as const));
    const { frames } = await framesOf(path, plainly);
    expect(frames.length).toBeLessThan(5);
    expect(JSON.stringify(frames.at(-1))).toContain('199');
  });

  it('ends where the page would become too large, and says so', async () => {
    const path = await cast(
      ...Array.from({ length: 100 }, (_, at) => [0.2, 'o', `\u001B[H${at} ${'x'.repeat(40)}`] as const),
    );
    for (const limits of [
      { characters: 1_000, output: 1_000_000 },
      { characters: 1_000_000, output: 1_000 },
    ]) {
      const { frames, cut } = await framesOf(path, plainly, limits);
      expect(cut).toBe(true);
      expect(JSON.stringify(frames).length).toBeLessThan(4_000);
      expect(
        htmlOf({
          entry: entryOf(success().events, new Date()),
          replay: { columns: 60, rows: 6, frames, cut },
        }),
      ).toContain('its end is left out here');
    }
    expect((await framesOf(path, plainly)).cut).toBe(false);
  });

  it('a run without a recording, or with something else in its place, has none', async () => {
    expect(await replayOf(folder)).toBeUndefined();
    await writeFile(join(folder, 'run.cast'), 'no recording');
    expect(await replayOf(folder)).toBeUndefined();
  });
});

it('Markdown that anybody wrote becomes HTML that does nothing', () => {
  const html = htmlOfMarkdown(
    '# A\n\n- [x] done\n- <b>no</b>\n\n| a | b |\n|---|---|\n| `1` | **2** |\n\n```\n<i>\n```\n\n[web](https://example.org/?a=1&b=2) [no](data:text/html,x)\n',
  );
  expect(html).toContain('<h1>A</h1>');
  expect(html).toContain('<li>☑ done</li>');
  expect(html).toContain('&lt;b&gt;no&lt;/b&gt;');
  expect(html).toContain('<td><code>1</code></td><td><strong>2</strong></td>');
  expect(html).toContain('<pre><code>&lt;i&gt;</code></pre>');
  expect(html).toContain('<a href="https://example.org/?a=1&amp;b=2"');
  expect(html).not.toContain('data:text');
});
