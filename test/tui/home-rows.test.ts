import { describe, expect, test } from 'vitest';
import { type HomeRow, homeRows, windowOf } from '../../src/tui/home-rows.ts';
import type { HomeContent } from '../../src/tui/house.ts';
import { plain, widthOf } from '../../src/tui/line.ts';

const restore: HomeContent['runbooks'][number] = {
  path: '/runbooks/restore.md',
  title: 'Restore the members database',
  severity: 'P1',
  estimate: '20–60 min',
  procedures: 2,
  owner: 'Platform and Databases',
  age: 426,
  findings: 3,
  lastRun: '2026-11-01T02:00:00.000Z',
  lastOutcome: 'passed',
  catalogue: {
    title: 'Restore the members database',
    procedures: [
      { id: 'restore', title: 'Restore' },
      { id: 'give-up', title: 'Give up the replica' },
    ],
    headings: ['Close the live database'],
    commands: ['dump first: pg_restore --jobs 4 members.dump'],
  },
};
const cache: HomeContent['runbooks'][number] = { path: '/runbooks/cache.md', title: 'Cache', procedures: 1 };
const content: HomeContent = {
  loading: false,
  sandbox: 'ready',
  unfinished: [],
  runbooks: [restore, cache],
  entries: [{ path: 'e', title: 'Old', at: '2026-11-01T02:00:00.000Z', outcome: 'passed', mode: 'drill' }],
};

function shown(rows: readonly HomeRow[], width: number): readonly string[] {
  return rows.flatMap((row) =>
    row.kind === 'heading' ? [plain(row.line)] : row.lines(width, false).map((line) => plain(line).trimEnd()),
  );
}

test('who has run nothing begins with the drill, also before the first runbook was read', () => {
  const nothing: HomeContent = {
    ...content,
    loading: true,
    runbooks: [],
    entries: [],
    starter: '/shipped.md',
  };
  const [heading, drill] = homeRows(nothing, '');
  expect(heading?.kind).toBe('heading');
  expect(drill).toMatchObject({ kind: 'opening', opening: { kind: 'drill', path: '/shipped.md' } });
});

test('files that lie here and are in no list are counted above the runbooks, not in a search', () => {
  const rows = shown(homeRows({ ...content, loose: 300 }, ''), 60);
  expect(rows.slice(0, 3)).toEqual([
    ' 300 Markdown files here are in no folder of runbooks',
    '   drillbook list . shows them; drillbook init takes them in',
    ' Runbooks',
  ]);
  expect(shown(homeRows({ ...content, loose: 300 }, 'cache'), 60).join()).not.toContain('300');
});

describe('a runbook on the home screen', () => {
  test('says how bad, how long, whose, how old, how sound and when it was run, in full where there is room', () => {
    expect(shown(homeRows(content, ''), 100).slice(0, 5)).toEqual([
      ' Runbooks',
      `   Restore the members database${' '.repeat(100 - 31 - 15)}P1 · 20–60 min`,
      '     Platform and Databases · updated 14 months ago · 3 findings · run 2026-11-01, passed',
      '   Cache',
      '     never run',
    ]);
  });

  test('says all of it in 60 columns too', () => {
    const rows = shown(homeRows(content, ''), 60);
    expect(rows[1]).toMatch(/^ {3}Restore the members database +P1 · 20–60 min$/);
    expect(rows[2]).toBe('     Platform an… · 14mo old · 3 findings · run 2026-11-01 ✓');
  });

  test.each([20, 60, 61, 80, 100, 200])('never wider than the window: %i', (width) => {
    for (const search of ['', 'members', 'pgrest'])
      for (const row of homeRows(content, search)) {
        if (row.kind === 'heading') continue;
        const lines = row.lines(width, true);
        expect(lines).toHaveLength(row.height);
        for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(width);
      }
  });
});

describe('the search', () => {
  const titles = (search: string) =>
    shown(homeRows(content, search), 100).filter((row) => /^ {3}\S/.test(row));

  test('goes through titles, procedures, headings and commands, best first', () => {
    expect(titles('cache')).toEqual(['   Cache']);
    expect(titles('live')).toHaveLength(1);
    expect(titles('pgrest')).toHaveLength(1);
    expect(titles('jobs members')).toHaveLength(1);
    expect(titles('xyzzy')).toEqual([]);
  });

  test('says where it was found, and opens the procedure that was found', () => {
    const [, row] = homeRows(content, 'give replica');
    expect(row).toMatchObject({ opening: { kind: 'runbook', path: restore.path, procedure: 'give-up' } });
    expect(shown(homeRows(content, 'give replica'), 60)[2]).toBe('     procedure: Give up the replica');
    expect(shown(homeRows(content, 'jobs'), 60)[2]).toMatch(/^ {5}command: dump first: pg_restore --jobs 4/);
  });

  test('lights up what was typed', () => {
    const [, row] = homeRows(content, 'jobs');
    const bold = row?.kind === 'opening' ? row.lines(100, false)[1]!.filter((part) => part.bold) : [];
    expect(bold.map(({ text }) => text)).toEqual(['jobs']);
  });
});

test('the marked row is seen whole, wherever it is, and nothing is higher than the window', () => {
  const many = Array.from({ length: 50 }, (_, at) => ({
    ...cache,
    path: `/${at}.md`,
    title: `Runbook ${at}`,
  }));
  const rows = homeRows({ ...content, runbooks: many }, '');
  const openings = rows.flatMap((row) => (row.kind === 'opening' ? [row.opening] : []));
  for (const height of [1, 2, 3, 13, 200])
    for (const marked of openings) {
      const lines = windowOf(rows, marked, height, 60);
      expect(lines.length).toBeLessThanOrEqual(height);
      expect(lines.filter((line) => plain(line).startsWith(' ▸ '))).toHaveLength(1);
    }
  expect(windowOf([], undefined, 10, 60)).toEqual([]);
});

describe('what is still open', () => {
  const open: HomeContent = {
    ...content,
    followUps: [1, 2, 3, 4, 5, 6, 7].map((n) => ({
      id: `abc12${n}`,
      text: `Renew certificate ${n}`,
      at: '2026-11-20T03:30:00.000Z',
      ...(n === 2 ? {} : { entry: `/runs/${n}/entry.md` }),
    })),
    untold: ['slack: [INCIDENT] Restore: passed (3 tries, slack: nobody answers there)'],
  };

  test('stands on home until it is closed, and opens the entry that says so', () => {
    const rows = homeRows(open, '');
    const text = shown(rows, 100).join('\n');
    expect(text).toContain(' Still to be done: 7  (drillbook log follow-up close ID)');
    expect(text).toContain('   Renew certificate 1');
    expect(text).toContain('   and 2 more: drillbook log follow-up list');
    expect(text).not.toContain('Renew certificate 6');
    expect(rows.filter((row) => row.kind === 'opening' && row.opening.kind === 'entry')).toHaveLength(5);
    expect(text).toContain(' Not told yet: 1  (drillbook log outbox --retry)\n   slack: [INCIDENT]');
  });

  test('gives way to a search', () => {
    expect(shown(homeRows(open, 'members'), 100).join('\n')).not.toMatch(/Not told|to be done/);
  });
});
