import { describe, expect, test } from 'vitest';
import { compile } from '../../src/runbook/compile.ts';
import { stretchesOf } from '../../src/tui/code-look.ts';
import { commandLines } from '../../src/tui/command-lines.ts';
import { plain, widthOf } from '../../src/tui/line.ts';
import { foundItems } from '../../src/tui/palette.ts';
import { proseLines } from '../../src/tui/prose.ts';
import { likeliest, remedyLines } from '../../src/tui/remedies.ts';
import { themeFor } from '../../src/tui/theme.ts';
import { loadSyntax } from '../support/syntax.ts';

await loadSyntax();

const rows = (markdown: string, width: number) => proseLines(markdown, width).map(plain);

/** What a stretch of a look holds. */
function looks(text: string, language: 'shell' | 'sql') {
  return stretchesOf(text, language).map(({ start, end, look }) => [
    text.slice(start, end),
    look.dim ? 'comment' : look.bold ? 'name' : look.tone,
  ]);
}

describe('a table', () => {
  const table = '| Role | Reach |\n|:--|--:|\n| DBA | `a | b` |\n| Lead | a \\| c |';

  test('has its columns under one another, with a rule below the head', () => {
    expect(rows(table, 40)).toEqual(['Role  Reach', '───────────', 'DBA   a | b', 'Lead  a | c']);
  });

  test('never gets wider than the window, and loses no word', () => {
    const long = '| Where | What |\n|---|---|\n| the store of backups | a long sentence about what is kept |';
    for (const width of [60, 40, 30, 20, 12]) {
      const shown = proseLines(long, width);
      for (const row of shown) expect(widthOf(row)).toBeLessThanOrEqual(width);
      const words = shown.map(plain).join(' ');
      for (const word of ['store', 'backups', 'long', 'kept']) expect(words).toContain(word);
    }
  });

  test('is told row by row where no column could be read', () => {
    expect(
      rows('| A long head | Another head |\n|---|---|\n| some words | other words |', 14).join(' '),
    ).toMatch(/Another\s+head:/);
  });
});

describe('an admonition', () => {
  test('says in a word and a sign how loud it is', () => {
    expect(rows('> [!WARNING]\n> Mind it.', 40)).toEqual(['│ ! WARNING', '│ Mind it.']);
    expect(rows('> [!NOTE]\n> By the way.', 40)[0]).toBe('│ i NOTE');
  });
});

describe('a link', () => {
  const links = (markdown: string) => [
    ...new Set(
      proseLines(markdown, 80)
        .flat()
        .flatMap(({ link }) => link ?? []),
    ),
  ];

  test('can be opened where it goes to the web, and nothing can hide in it', () => {
    expect(links('See [the page](https://example.org/a?b=c).')).toEqual(['https://example.org/a?b=c']);
    expect(links('See [it](javascript:alert(1)) and [this](file:///etc/passwd).')).toEqual([]);
    expect(links('See [it](https://a.b/\u001B]8;;x).')).toEqual([]);
  });

  test('is one only in a terminal that knows links', () => {
    expect(themeFor({ TERM_PROGRAM: 'WezTerm' }).links).toBe(true);
    expect(themeFor({ TERM_PROGRAM: 'WezTerm', TMUX: '/tmp/x' }).links).toBe(false);
    expect(themeFor({ VTE_VERSION: '7003' }).links).toBe(true);
    expect(themeFor({ TERM: 'xterm-256color' }).links).toBe(false);
  });
});

describe('code', () => {
  test('in shell is told apart by its syntax tree', () => {
    expect(looks(`psql "$URL" -c 'SELECT 1' # look`, 'shell')).toEqual([
      ['psql', 'name'],
      ['"', 'good'],
      ['$URL', 'accent'],
      ['"', 'good'],
      [`'SELECT 1'`, 'good'],
      ['# look', 'comment'],
    ]);
  });

  test('in SQL is told apart by its tokens', () => {
    expect(looks("SELECT name FROM t WHERE id = :id AND x = 'it''s' -- why", 'sql')).toEqual([
      ['SELECT', 'name'],
      ['FROM', 'name'],
      ['WHERE', 'name'],
      [':id', 'accent'],
      ['AND', 'name'],
      ["'it''s'", 'good'],
      ['-- why', 'comment'],
    ]);
  });

  test('keeps every character, marks what destroys, and never shows a secret by its name', () => {
    const text = 'dropdb "a b" -p "${DRILLBOOK_SECRET_PW}" # gone';
    const reading = {
      class: 'destroys' as const,
      effects: [{ class: 'destroys' as const, reason: 'drops', start: 0, end: 12 }],
      connections: [],
      interactive: false,
      background: false,
      longRunning: false,
    };
    const [row = []] = commandLines(text, reading, 100);
    expect(plain(row)).toBe('  dropdb "a b" -p •••••• # gone');
    expect(row.filter((part) => part.underline).map(({ text }) => text)).toEqual(['dropdb "a b"']);
  });
});

describe('what helps', () => {
  const { symptoms } = compile(
    '# A\n\n## A\n\n```bash\nls\n```\n\n## Troubleshooting\n\n### The disk is full\n\n```bash\ndf -h\n```\n\n### The role does not exist\n\nMake it:\n\n```bash\ncreateuser x\n```\n',
  );

  test('stands first where its words are in the output', () => {
    expect(likeliest(symptoms, 'FATAL: role "x" does not exist')[0]?.title).toContain('role');
    expect(likeliest(symptoms, 'no space left on disk')[0]?.title).toContain('disk');
    expect(likeliest(symptoms, '').map(({ title }) => title)).toEqual(symptoms.map(({ title }) => title));
  });

  test('is shown as it is written', () => {
    const shown = remedyLines(likeliest(symptoms, 'role')[0]!, 40).map(plain).join('\n');
    expect(shown).toContain('Make it:');
    expect(shown).toContain('createuser x');
  });
});

describe('what is searched by its name', () => {
  const item = (label: string, detail = '') => ({ key: label, kind: 'do', label, detail, act: () => {} });

  test('is found by some of its letters; a name counts for more than what is said about it', () => {
    const items = [item('skip', 'leaves a note'), item('note', 'adds one'), item('timeline')];
    expect(foundItems(items, 'note').map(({ label }) => label)).toEqual(['note', 'skip']);
    expect(foundItems(items, 'tmln').map(({ label }) => label)).toEqual(['timeline']);
    expect(foundItems(items, '')).toEqual(items);
    expect(foundItems(items, 'zzz')).toEqual([]);
  });
});

describe('reduced motion', () => {
  test('has a spinner that stands still', () => {
    expect(themeFor({ DRILLBOOK_REDUCED_MOTION: '1' }).spinner).toHaveLength(1);
    expect(themeFor({}, { reducedMotion: true }).spinner).toHaveLength(1);
    expect(
      themeFor({ DRILLBOOK_REDUCED_MOTION: '0' }, { reducedMotion: true }).spinner.length,
    ).toBeGreaterThan(1);
  });
});
