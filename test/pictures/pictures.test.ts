import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Bundle, bundle } from '../support/bundle.ts';
import { product } from '../support/product.ts';
import { openTerminal, type Terminal } from '../support/terminal.ts';
import { type Look, pictureOf, rowsOf } from './svg.ts';

/*
 * The pictures of the pages are screens of the running program. `npm run pictures` makes them; without it, this holds
 * that they still show what the program shows.
 */

const root = new URL('../..', import.meta.url).pathname;
const folder = join(root, 'docs/pictures');
const making = process.env.DRILLBOOK_PICTURES === 'write';
const [columns, rows] = [100, 24];

interface Scene {
  readonly name: string;
  /** Arguments of the product; without them, a scene of `scenes.ts`, named as the picture or by `plays`. */
  readonly args?: readonly string[];
  readonly plays?: string;
  readonly until: (terminal: Terminal) => Promise<unknown>;
}

/** What the list begins with, as far as the window goes. */
const first = [
  'A migration failed',
  'Back up a PostgreSQL database',
  'Back up and restore an SQLite database',
  'Backup health',
  'Bring deleted rows back',
  'Clean up old backups',
  'Connections are exhausted',
  'all keys',
];

const scenes: readonly Scene[] = [
  {
    name: 'home',
    args: [],
    // Runbooks appear as they are read: the picture is taken when the first ones are all there.
    until: (terminal) =>
      terminal.until('the first runbooks', (screen) => first.every((title) => screen.includes(title))),
  },
  {
    name: 'target',
    args: ['run', 'docs/runbooks/restore.md', '--mode', 'incident'],
    until: async (terminal) => {
      await terminal.see('members-production');
      await terminal.see('choose');
    },
  },
  {
    name: 'step',
    until: async (terminal) => {
      await toCommand(terminal);
      await terminal.see('destroys');
    },
  },
  {
    name: 'running',
    until: async (terminal) => {
      await toCommand(terminal);
      terminal.press('enter');
      await terminal.see(/running|Enter runs/);
      await terminal.see('41%');
    },
  },
  {
    name: 'phrase',
    until: async (terminal) => {
      await toCommand(terminal);
      terminal.press('enter');
      await terminal.see('This destroys.');
    },
  },
  {
    name: 'choice',
    until: (terminal) => terminal.see('Option B: Render'),
  },
  {
    name: 'finished',
    until: async (terminal) => {
      await terminal.see('Every step is done');
      terminal.press('enter');
      await terminal.see('Proposed: passed');
      terminal.press('enter');
      await terminal.see('What was the cause?');
      terminal.press('enter');
      await terminal.see('What is to be done next?');
      terminal.press('enter');
      await terminal.see('incidents/2026-11-20-restore.md');
    },
  },
  {
    name: 'output',
    until: async (terminal) => {
      await toCommand(terminal);
      terminal.press('enter');
      await terminal.see('r retry');
      terminal.press('enter');
      await terminal.see(/Output, try 1[\s\S]*compare: members_new differs/);
    },
  },
  {
    name: 'timeline',
    plays: 'output',
    until: async (terminal) => {
      await toCommand(terminal);
      terminal.press('enter');
      await terminal.see('r retry');
      terminal.type('t');
      await terminal.see('Timeline (UTC)');
    },
  },
  {
    name: 'training',
    until: async (terminal) => {
      await terminal.see('Answer');
      terminal.press('down', 'enter');
      await terminal.see('What do you do first?');
    },
  },
];

/** A run is taken up where it stands. */
async function toCommand(terminal: Terminal): Promise<void> {
  await terminal.see('⏎ run');
}

let entry: string;
let play: Bundle;
let project: string;

beforeAll(async () => {
  entry = await product();
  play = await bundle('test/pictures/play.ts');
  project = await mkdtemp(join(tmpdir(), 'drillbook-pictures-'));
  await mkdir(join(project, '.git'));
  await mkdir(join(project, 'docs/runbooks'), { recursive: true });
  await writeFile(
    join(project, 'docs/runbooks/restore.md'),
    '---\nseverity: P1\n---\n\n# Restore the shop\n\n## Restore (10–20 minutes)\n\n```bash\npsql -X "$DATABASE_URL" -c "SELECT 1"\n```\n',
  );
  await writeFile(
    join(project, 'drillbook.yaml'),
    'runbooks: [docs/runbooks]\ntargets:\n  members-production:\n    environment: production\n    url: env:MEMBERS_URL\n  members-staging:\n    environment: staging\n    url: env:STAGING_URL\n',
  );
});
afterAll(async () => {
  await rm(project, { recursive: true, force: true });
  await play.remove();
});

test.each(scenes)('$name is as the program shows it', async ({ args, plays, until, name }) => {
  const terminal = openTerminal({
    columns,
    rows,
    command: process.execPath,
    args: args ? [entry, ...args] : [play.file, plays ?? name],
    cwd: project,
    env: {
      HOME: project,
      DRILLBOOK_HOME: join(project, 'home'),
      DRILLBOOK_OPERATOR: 'ana',
      FORCE_COLOR: '1',
      PLAY_FOLDER: dirname(play.file),
      PLAY_RUNBOOK: join(root, 'runbooks/postgres-restore.md'),
    },
  });
  try {
    await until(terminal);
    for (const look of ['light', 'dark'] satisfies Look[]) {
      const picture = await pictureOf(terminal.raw(), columns, rows, look);
      const file = join(folder, `${name}-${look}.svg`);
      if (making) {
        await mkdir(folder, { recursive: true });
        await writeFile(file, picture);
      }
      const kept = rowsOf(await readFile(file, 'utf8'));
      expect(kept.map(lasting), 'npm run pictures makes them anew').toEqual(rowsOf(picture).map(lasting));
    }
  } finally {
    await terminal.close();
  }
});

/** A row without what is another tomorrow: versions, times, and how long something took or goes on. */
function lasting(row: string): string {
  return row
    .replace(/Drillbook \S+/, 'Drillbook')
    .replace(/updated [^·]*·/, 'updated ·')
    .replace(/\d\d:\d\d:\d\d/g, '00:00:00')
    .replace(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/g, '⠋')
    .replace(/ +(?:\d+m)?\d+(?:\.\d)?m?s\b/g, ' 0s');
}

test('a picture keeps colours, and text that would be markup', async () => {
  const svg = await pictureOf('\u001B[1;31m<b>\u001B[0m & so', 20, 2, 'dark');
  expect(svg).toContain('fill="#ff7b72" font-weight="bold">&lt;b&gt;</tspan>');
  expect(rowsOf(svg)).toEqual(['<b> & so', '']);
});
